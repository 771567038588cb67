using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>A scripted connection as a transport: one thing is told per turn, as by a socket.</summary>
internal sealed class DuplexTransport : ITransport
{
    private readonly DuplexEnd _end;
    private readonly IHub _hub;
    private ITransportHandler? _handler;
    private bool _wanted;
    private bool _refused;
    private bool _endIsKnown;
    private bool _ended;
    private bool _finSent;
    private bool _closed;
    private bool _awake;

    public DuplexTransport(DuplexEnd end, IHub hub)
    {
        (_end, _hub) = (end, hub);
        end.Changed += Wake;
    }

    public EndPoint LocalEndPoint => _end.LocalEndPoint;

    public EndPoint RemoteEndPoint => _end.RemoteEndPoint;

    // What is sent is there: a script has no network between.
    public long UntakenBytes => 0;

    public override string ToString() => $"connection {LocalEndPoint} to {RemoteEndPoint}";

    public void Start(ITransportHandler handler)
    {
        TransportRuleException.ThrowIfOver(_closed, this);
        _handler = handler;
        Wake();
    }

    public void Receive()
    {
        TransportRuleException.ThrowIfOver(_closed, this);
        if (_wanted)
        {
            throw TransportRuleException.AskedAgain(this);
        }

        if (_ended)
        {
            throw TransportRuleException.AskedAfterTheEnd(this);
        }

        _wanted = true;
        Wake();
    }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        TransportRuleException.ThrowIfOver(_closed, this);
        if (_finSent)
        {
            throw TransportRuleException.SentAfterItsEnd(this);
        }

        if (_refused)
        {
            throw TransportRuleException.SentWhileFull(this);
        }

        if (!_end.IsOpen && !_end.IsReset && !bytes.IsEmpty)
        {
            _refused = true;
            return 0;
        }

        _end.Send(bytes);
        return bytes.Length;
    }

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments) => Send(Segments.Joined(segments));

    public void ShutdownSend()
    {
        TransportRuleException.ThrowIfOver(_closed, this);
        _finSent = true;
        _end.SendFin();
    }

    public void Close()
    {
        if (!_closed)
        {
            _closed = true;
            _end.Close();
        }
    }

    public void Abort()
    {
        if (!_closed)
        {
            _closed = true;
            _end.Reset();
        }
    }

    private void Wake()
    {
        if (!_awake && !_closed)
        {
            _awake = true;
            _hub.Schedule(Tell);
        }
    }

    private void Tell()
    {
        _awake = false;
        if (_closed || _handler is null)
        {
            return;
        }

        if (_end.HasFin && !_endIsKnown && !_end.IsReset)
        {
            _endIsKnown = true;
            _handler.OnPeerEnded();
        }

        if (_closed)
        {
            return;
        }

        if (_end.IsReset)
        {
            TellReset(_handler);
        }
        else if (_refused && _end.IsOpen)
        {
            _refused = false;
            Wake();
            _handler.OnWritable(0);
        }
        else if (_wanted && _end.HasUnread)
        {
            _wanted = false;
            Wake();
            _handler.OnReceived(_end.Take());
        }
        else if (_end.HasFin && !_end.HasUnread && !_ended)
        {
            (_wanted, _ended) = (false, true);
            _handler.OnReceived(default);
        }
    }

    // What came before it is told first, asked for or not.
    private void TellReset(ITransportHandler handler)
    {
        while (_end.HasUnread && !_closed)
        {
            _wanted = false;
            handler.OnReceived(_end.Take());
        }

        if (!_closed)
        {
            _closed = true;
            handler.OnFailed(_end.Lost);
        }
    }
}
