using System.Net;

namespace Diesel.Reactive.Testing;

/// <summary>A transport that is overheard.</summary>
internal sealed class TappedTransport(ITransport inner, ITape tape) : ITransport, ITransportHandler
{
    private ITransportHandler _handler = null!;
    private byte[] _refused = [];
    private bool _isOver;
    private bool _finSent;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public long UntakenBytes => inner.UntakenBytes;

    public override string? ToString() => inner.ToString();

    public void Start(ITransportHandler handler)
    {
        _handler = handler;
        inner.Start(this);
    }

    public void Receive() => inner.Receive();

    public void Receive(Memory<byte> room) => inner.Receive(room);

    public T? Feature<T>()
        where T : class => inner.Feature<T>();

    public int Send(ReadOnlySpan<byte> bytes) => Heard(inner.Send(bytes), bytes);

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments) => Heard(inner.Send(segments), Segments.Joined(segments));

    public void ShutdownSend()
    {
        inner.ShutdownSend();
        if (!_finSent && !_isOver)
        {
            _finSent = true;
            tape.Ends(MarbleKind.Completed);
        }
    }

    public void Close()
    {
        inner.Close();
        End(_finSent ? null : MarbleKind.Unsubscribed);
    }

    public void Abort()
    {
        inner.Abort();
        End(MarbleKind.Failed);
    }

    public void OnReceived(ReadOnlyMemory<byte> chunk)
    {
        if (chunk.IsEmpty)
        {
            tape.PeerEnds(MarbleKind.Completed);
        }
        else
        {
            tape.Received(chunk);
        }

        _handler.OnReceived(chunk);
    }

    public void OnPeerEnded() => _handler.OnPeerEnded();

    public void OnWritable(int sent)
    {
        var kept = Math.Min(sent, _refused.Length);
        tape.Sent(_refused.AsSpan(0, kept));
        tape.Drop(sent - kept);
        _refused = [];
        _handler.OnWritable(sent);
    }

    public void OnFailed(ConnectionException error)
    {
        _isOver = true;
        tape.PeerEnds(MarbleKind.Failed);
        _handler.OnFailed(error);
    }

    private int Heard(int taken, ReadOnlySpan<byte> bytes)
    {
        if (!_isOver)
        {
            tape.Sent(bytes[..taken]);
            _refused = taken < bytes.Length ? tape.Copy(bytes[taken..]) : [];
        }

        return taken;
    }

    private void End(MarbleKind? how)
    {
        if (!_isOver && how is { } end)
        {
            tape.Ends(end);
        }

        _isOver = true;
    }
}
