using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A transport over a stream of anybody's, which tells on whatever thread it likes.</summary>
internal sealed class StreamTransport(Stream stream, IHub hub) : ITransport
{
    private const int Small = 4 * 1024;
    private const int Large = 64 * 1024;

    private ITransportHandler _handler = null!;
    private ReadOnlyMemory<byte> _read;
    private Exception? _readError;
    private Exception? _writeError;
    private int _readSize = Small;
    private int _writing;
    private bool _isBusy;
    private bool _refused;
    private bool _ends;
    private bool _closes;
    private bool _closed;

    public EndPoint LocalEndPoint { get; } = (stream as NetworkStream)?.Socket.LocalEndPoint ?? new StreamEndPoint(stream);

    public EndPoint RemoteEndPoint { get; } = (stream as NetworkStream)?.Socket.RemoteEndPoint ?? new StreamEndPoint(stream);

    public long UntakenBytes => _closed ? 0 : _writing;

    public override string ToString() => $"connection over {stream}";

    public T? Feature<T>()
        where T : class => stream as T;

    public void Start(ITransportHandler handler) => _handler = handler;

    public void Receive()
    {
        if (!_closed)
        {
            _ = Read();
        }
    }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        var taken = _closed || _isBusy ? 0 : Math.Min(bytes.Length, Large);
        _refused = taken < bytes.Length;
        if (taken > 0)
        {
            (_isBusy, _writing) = (true, taken);
            var copy = ArrayPool<byte>.Shared.Rent(taken);
            bytes[..taken].CopyTo(copy);
            _ = Write(copy, taken);
        }

        return taken;
    }

    public void ShutdownSend()
    {
        _ends = true;
        if (!_isBusy && !_closed)
        {
            EndSoon();
        }
    }

    public void Close()
    {
        if (_closed)
        {
            return;
        }

        (_closed, _closes) = (true, _isBusy);
        if (!_closes)
        {
            _ = LetGo();
        }
    }

    public void Abort()
    {
        _closed = true;
        _ = LetGo();
    }

    // A stream that waits holds no memory, where it knows how to wait with none.
    private async Task Read()
    {
        try
        {
            await stream.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
            var memory = GC.AllocateUninitializedArray<byte>(_readSize);
            var count = await stream.ReadAsync(memory).ConfigureAwait(false);
            _readSize = count == memory.Length ? Large : Small;
            _read = memory.AsMemory(0, count);
        }
        catch (Exception error)
        {
            _readError = error;
        }

        Tell(static transport => ((StreamTransport)transport!).OnRead());
    }

    private async Task Write(byte[] bytes, int count)
    {
        try
        {
            await stream.WriteAsync(bytes.AsMemory(0, count)).ConfigureAwait(false);
            await stream.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            _writeError = error;
        }

        ArrayPool<byte>.Shared.Return(bytes);
        Tell(static transport => ((StreamTransport)transport!).OnWritten());
    }

    private void Tell(Action<object?> callback)
    {
        if (!hub.Post(callback, this))
        {
            _ = LetGo();
        }
    }

    private void OnRead()
    {
        if (_closed)
        {
            return;
        }

        if (_readError is { } error)
        {
            Fail(error);
            return;
        }

        var read = _read;
        _read = default;
        _handler.OnReceived(read);
    }

    private void OnWritten()
    {
        (_isBusy, _writing) = (false, 0);
        if (_closed && !_closes)
        {
            return;
        }

        if (_ends && !_refused && _writeError is null)
        {
            EndSoon();
        }
        else if (_closes)
        {
            _ = LetGo();
        }
        else if (_writeError is { } error)
        {
            Fail(error);
        }
        else if (_refused)
        {
            _refused = false;
            _handler.OnWritable(0);
        }
    }

    private void EndSoon()
    {
        (_isBusy, _ends) = (true, false);
        _ = EndOutput();
    }

    private async Task EndOutput()
    {
        try
        {
            if (stream is ITwoWayStream twoWay)
            {
                twoWay.EndOutput();
            }
            else if (stream is SslStream tls)
            {
                await tls.ShutdownAsync().ConfigureAwait(false);
            }
            else if (stream is NetworkStream network)
            {
                network.Socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception)
        {
            // The connection has failed in this very moment; who reads is told.
        }

        Tell(static transport => ((StreamTransport)transport!).OnWritten());
    }

    private async Task LetGo()
    {
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            hub.Report(error, ToString());
        }
    }

    private void Fail(Exception error)
    {
        Abort();
        _handler.OnFailed(error as ConnectionException ?? new ConnectionException(
            $"The {this} failed: {Label.MessageOf(error)}", RemoteEndPoint, error.InnerException as SocketException ?? error));
    }

    private sealed class StreamEndPoint(Stream stream) : EndPoint
    {
        public override string ToString() => Label.Of(stream);
    }
}
