using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A connected socket. The system tells the thread pool that it is ready; reading and writing happen on the hub.</summary>
/// <remarks>
/// A receive of zero bytes waits for readiness without a buffer, so an idle connection holds none, and the hub's thread
/// then reads straight into the hub's slab.
/// </remarks>
internal sealed class SocketTransport : ITransport
{
    // What a full kernel refused is sent in the background from a copy of at most this size.
    private const int BackgroundSend = 16 * 1024;

    private const int MostReadAtTheEnd = 16 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly Hub _hub;
    private readonly SocketAsyncEventArgs _readiness = new(true);
    private SocketAsyncEventArgs? _sending;
    private ITransportHandler _handler = null!;
    private bool _waiting;
    private bool _wanted;
    private bool _readable;
    private bool _closed;
    private SocketError? _lost;

    public SocketTransport(Socket socket, Hub hub)
    {
        (_socket, _hub) = (socket, hub);
        LocalEndPoint = socket.LocalEndPoint!;
        RemoteEndPoint = socket.RemoteEndPoint!;
        socket.Blocking = false;
        _readiness.SetBuffer(Memory<byte>.Empty);
        _readiness.UserToken = this;
        _readiness.Completed += static (_, e) => ((SocketTransport)e.UserToken!).PostReady();
    }

    public EndPoint LocalEndPoint { get; }

    public EndPoint RemoteEndPoint { get; }

    public override string ToString() => $"connection {LocalEndPoint} to {RemoteEndPoint}";

    public void Start(ITransportHandler handler)
    {
        _handler = handler;
        AwaitReadiness();
    }

    public void Receive()
    {
        _wanted = true;
        if (_readable)
        {
            _readable = false;
            _waiting = true;
            PostReady();
        }
    }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        var taken = _socket.Send(bytes, SocketFlags.None, out var error);
        if (error == SocketError.Success && taken == bytes.Length)
        {
            return taken;
        }

        if (error != SocketError.Success && !SocketErrors.WouldBlock(error))
        {
            _lost ??= error;
            _hub.Post(static t => ((SocketTransport)t!).ReadRest(), this);
            return 0;
        }

        taken = error == SocketError.Success ? taken : 0;
        SendInBackground(bytes[taken..]);
        return taken;
    }

    public void ShutdownSend()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The connection failed in this very moment; the receiving side tells.
        }
    }

    public void Close()
    {
        _closed = true;
        _socket.Dispose();
        if (!_waiting)
        {
            _readiness.Dispose();
        }
    }

    public void Abort()
    {
        if (!_closed)
        {
            try
            {
                _socket.LingerState = new LingerOption(true, 0);
            }
            catch (SocketException)
            {
                // Gone already; closing is all that is left to do.
            }

            Close();
        }
    }

    private void AwaitReadiness()
    {
        _waiting = true;
        try
        {
            if (!_socket.ReceiveAsync(_readiness))
            {
                PostReady();
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed by the hub meanwhile.
        }
    }

    private void PostReady() => _hub.Post(static t => ((SocketTransport)t!).OnReady(), this);

    private void OnReady()
    {
        _waiting = false;
        if (_closed)
        {
            _readiness.Dispose();
            return;
        }

        // The system tells an error once, to whoever asks first: to the next reader the rest would look like a FIN.
        if (_readiness.SocketError is var error and not SocketError.Success)
        {
            _lost ??= error;
        }

        if (_wanted)
        {
            Read();
        }
        else
        {
            Peek();
        }
    }

    private void Read()
    {
        var free = _hub.Slab.Free();
        var count = _socket.Receive(free.Span, SocketFlags.None, out var error);
        if (error == SocketError.Success && count == 0 && _lost is { } lost)
        {
            Fail(lost);
        }
        else if (error == SocketError.Success)
        {
            _wanted = false;
            if (count > 0)
            {
                AwaitReadinessAfter(_hub.Slab.Take(count));
            }
            else
            {
                _handler.OnReceived(default);
            }
        }
        else if (SocketErrors.WouldBlock(error))
        {
            AwaitReadiness();
        }
        else
        {
            Fail(error);
        }
    }

    // The handler usually wants more at once; armed after it ran, so that one receive is under way at most.
    private void AwaitReadinessAfter(ReadOnlyMemory<byte> chunk)
    {
        _handler.OnReceived(chunk);
        if (!_closed)
        {
            AwaitReadiness();
        }
    }

    // Nobody reads: leave the bytes to the kernel, but tell a reset and the peer's end.
    private void Peek()
    {
        Span<byte> one = stackalloc byte[1];
        var count = _socket.Receive(one, SocketFlags.Peek, out var error);
        if (error == SocketError.Success && count == 0 && _lost is { } lost)
        {
            Fail(lost);
        }
        else if (error == SocketError.Success && count == 0)
        {
            _handler.OnReceived(default);
        }
        else if (error == SocketError.Success)
        {
            _readable = true;
        }
        else if (SocketErrors.WouldBlock(error))
        {
            AwaitReadiness();
        }
        else
        {
            Fail(error);
        }
    }

    private void SendInBackground(ReadOnlySpan<byte> rest)
    {
        if (_sending is null)
        {
            _sending = new SocketAsyncEventArgs(true) { UserToken = this };
            _sending.Completed += static (_, e) => ((SocketTransport)e.UserToken!).PostSent();
        }

        var length = Math.Min(rest.Length, BackgroundSend);
        var copy = ArrayPool<byte>.Shared.Rent(length);
        rest[..length].CopyTo(copy);
        _sending.SetBuffer(copy, 0, length);
        if (!_socket.SendAsync(_sending))
        {
            PostSent();
        }
    }

    private void PostSent() => _hub.Post(static t => ((SocketTransport)t!).OnSent(), this);

    private void OnSent()
    {
        ArrayPool<byte>.Shared.Return(_sending!.Buffer!);
        _sending.SetBuffer(null, 0, 0);
        if (_closed)
        {
            _sending.Dispose();
            return;
        }

        if (_sending.SocketError == SocketError.Success)
        {
            _handler.OnWritable(_sending.BytesTransferred);
        }
        else
        {
            _lost ??= _sending.SocketError;
            ReadRest();
        }
    }

    // The connection is broken: what arrived before is still there, and comes before the error.
    private void ReadRest()
    {
        for (var received = 0; received < MostReadAtTheEnd && !_closed;)
        {
            var count = _socket.Receive(_hub.Slab.Free().Span, SocketFlags.None, out var error);
            if (error != SocketError.Success || count == 0)
            {
                break;
            }

            received += count;
            _handler.OnReceived(_hub.Slab.Take(count));
        }

        if (!_closed)
        {
            Fail(_lost!.Value);
        }
    }

    private void Fail(SocketError error)
    {
        Close();
        _handler.OnFailed(SocketErrors.Lost(LocalEndPoint, RemoteEndPoint, error));
    }
}
