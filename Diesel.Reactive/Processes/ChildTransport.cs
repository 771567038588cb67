using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>A child's standard input and output, two streams of one way each, as one of two ways.</summary>
/// <remarks>What a child does not read (it has closed its input, or ended) is lost, as in a shell's pipe: it is no failure of what it says.</remarks>
internal sealed class ChildTransport(ITransport output, ITransport input, EndPoint self, EndPoint child) : ITransport
{
    private ITransportHandler _handler = null!;
    private bool _isRefused;
    private bool _isLost;
    private bool _isOver;

    public EndPoint LocalEndPoint => self;

    public EndPoint RemoteEndPoint => child;

    public long UntakenBytes => _isLost || _isOver ? 0 : input.UntakenBytes;

    public override string ToString() => $"connection to {child}";

    public void Start(ITransportHandler handler)
    {
        var isFirst = _handler is null;
        _handler = handler;
        if (isFirst)
        {
            output.Start(new OutputHandler(this));
            input.Start(new InputHandler(this));
        }
    }

    public void Receive() => output.Receive();

    public void Receive(Memory<byte> room) => output.Receive(room);

    public void Discard() => output.Discard();

    public int Send(ReadOnlySpan<byte> bytes)
    {
        var taken = _isLost ? bytes.Length : input.Send(bytes);
        _isRefused = taken < bytes.Length;
        return taken;
    }

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
    {
        var all = 0;
        foreach (var segment in segments)
        {
            all += segment.Length;
        }

        var taken = _isLost ? all : input.Send(segments);
        _isRefused = taken < all;
        return taken;
    }

    public bool TrySendFile(SafeFileHandle file, long offset, long count, out long taken)
    {
        taken = count;
        if (_isLost)
        {
            return true;
        }

        var isPossible = input.TrySendFile(file, offset, count, out taken);
        _isRefused = isPossible && taken < count;
        return isPossible;
    }

    public void ShutdownSend() => input.ShutdownSend();

    public void Close()
    {
        _isOver = true;
        output.Close();
        input.Close();
    }

    public void Abort()
    {
        _isOver = true;
        output.Abort();
        input.Abort();
    }

    private void CloseInput() => input.Close();

    private void LoseInput()
    {
        if (_isLost || _isOver)
        {
            return;
        }

        _isLost = true;
        if (_isRefused)
        {
            _isRefused = false;
            _handler.OnWritable(0);
        }
    }

    /// <summary>What the child says.</summary>
    private sealed class OutputHandler(ChildTransport transport) : ITransportHandler
    {
        public void OnReceived(ReadOnlyMemory<byte> chunk) => transport._handler.OnReceived(chunk);

        public void OnPeerEnded() => transport._handler.OnPeerEnded();

        public void OnWritable(int sent)
        {
        }

        public void OnFailed(ConnectionException error)
        {
            transport._isOver = true;
            transport.CloseInput();
            transport._handler.OnFailed(error);
        }
    }

    /// <summary>What the child hears: it says nothing on it, but may end it.</summary>
    private sealed class InputHandler(ChildTransport transport) : ITransportHandler
    {
        public void OnReceived(ReadOnlyMemory<byte> chunk) => transport.LoseInput();

        public void OnPeerEnded() => transport.LoseInput();

        public void OnWritable(int sent)
        {
            transport._isRefused = false;
            transport._handler.OnWritable(sent);
        }

        public void OnFailed(ConnectionException error) => transport.LoseInput();
    }
}
