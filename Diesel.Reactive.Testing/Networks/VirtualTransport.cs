using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Testing;

/// <summary>One end of a connection on a <see cref="VirtualNetwork"/>, which behaves as a socket does.</summary>
internal sealed class VirtualTransport : ITransport, IHostSocket
{
    private readonly VirtualNetwork _network;
    private readonly VirtualHost _host;
    private readonly PortBinding? _port;
    private readonly ByteQueue _unread = new();
    private readonly NextTurn _telling;
    private ITransportHandler? _handler;
    private SocketError? _failure;
    private bool _fin;
    private bool _endIsKnown;
    private bool _hasEnded;
    private bool _wanted;
    private bool _finSent;
    private bool _endsFirst;
    private bool _isOver;
    private bool _vanished;

    private VirtualTransport(VirtualNetwork network, VirtualHost host, PortBinding? port, EndPoint local, EndPoint remote, IHub hub, int connection)
    {
        (_network, _host, _port, LocalEndPoint, RemoteEndPoint, Hub, Connection) = (network, host, port, local, remote, hub, connection);
        _telling = new NextTurn(hub, Tell);
        host.Add(this);
    }

    public EndPoint LocalEndPoint { get; }

    public EndPoint RemoteEndPoint { get; }

    public IHub Hub { get; }

    /// <summary>The connection's number, for the trace.</summary>
    public int Connection { get; }

    /// <summary>Whether this end was let go of.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether its host takes nothing for it any more: let go of, failed, or crashed.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Bytes that wait for the reader.</summary>
    public int Unread => _unread.Length;

    public Pipe Incoming { get; private set; } = null!;

    public Pipe Outgoing { get; private set; } = null!;

    private bool EndIsDue => _fin && !_hasEnded && _unread.Length == 0;

    /// <summary>Two ends, wired to each other.</summary>
    public static (VirtualTransport Client, VirtualTransport Server) Pair(
        VirtualNetwork network, VirtualDial dial, PortBinding port, EndPoint local, VirtualListener listener)
    {
        var client = new VirtualTransport(network, dial.From, port, local, dial.Remote, dial.Hub, dial.Connection);
        var server = new VirtualTransport(network, dial.To, null, dial.Remote, local, listener.Hub, dial.Connection);
        var (there, back) = (network.LinkOf(dial.From, dial.To), network.LinkOf(dial.To, dial.From));
        client.Outgoing = server.Incoming = new Pipe(network, there, back, client, server);
        server.Outgoing = client.Incoming = new Pipe(network, back, there, server, client);
        return (client, server);
    }

    public T? Feature<T>()
        where T : class => this as T ?? (RemoteEndPoint is UnixDomainSocketEndPoint ? _host.Credentials as T : null);

    public long UntakenBytes => IsGone ? 0 : Outgoing.BytesUnderWay;

    public override string ToString() => $"connection {LocalEndPoint} to {RemoteEndPoint}";

    public void Start(ITransportHandler handler)
    {
        TransportRuleException.ThrowIfOver(_isOver, this);
        _handler = handler;
        Wake();
    }

    public void Receive()
    {
        TransportRuleException.ThrowIfOver(_isOver, this);
        _wanted = _wanted ? throw TransportRuleException.AskedAgain(this)
            : _hasEnded ? throw TransportRuleException.AskedAfterTheEnd(this) : true;
        if (_unread.Length > 0)
        {
            Wake();
        }
    }

    /// <summary>Takes <see cref="Receive"/> back, which no socket can: a scripted peer stops reading at once.</summary>
    public void TakeReceiveBack() => _wanted = false;

    public int Send(ReadOnlySpan<byte> bytes)
    {
        TransportRuleException.ThrowIfOver(_isOver, this);
        if (_finSent)
        {
            throw TransportRuleException.SentAfterItsEnd(this);
        }

        if (IsGone)
        {
            // A crash is told to nobody; a failure is about to be.
            return _failure is null ? bytes.Length : 0;
        }

        return Outgoing.IsBlocked ? throw TransportRuleException.SentWhileFull(this) : Outgoing.Send(bytes);
    }

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments) => Send(Segments.Joined(segments));

    public void ShutdownSend()
    {
        TransportRuleException.ThrowIfOver(_isOver, this);
        SendFin();
    }

    public void Close()
    {
        if (IsGone || _unread.Length > 0)
        {
            Abort();
            return;
        }

        SendFin();
        (IsClosed, _isOver) = (true, true);
        Leave();
        if (_endsFirst && _port is { } port && RemoteEndPoint is IPEndPoint remote)
        {
            _host.TcpPorts.Hold(port.Port, remote, _network.Now);
        }
    }

    public void Abort()
    {
        (IsClosed, _isOver) = (true, true);
        if (!IsGone)
        {
            // A Unix socket has a reset only where bytes are lost, and then always. Another finds no connection any more behind both FINs.
            var isUnix = RemoteEndPoint is UnixDomainSocketEndPoint;
            _vanished = !isUnix || _unread.Length > 0;
            if (!_vanished)
            {
                SendFin();
            }
            else if (isUnix || !_finSent || !_fin)
            {
                Outgoing.SendReset();
            }

            Leave();
        }
    }

    public void Vanish()
    {
        (IsClosed, _vanished) = (true, true);
        Leave();
    }

    /// <summary>Bytes came for an end that is gone: their sender hears that nobody is there. A FIN is news to nobody where
    /// the end was closed in good order.</summary>
    public void Refuse(bool fin)
    {
        if (!fin || _vanished)
        {
            _vanished = true;
            Outgoing.SendReset();
        }
    }

    /// <summary>Nothing of what is under way arrives, here or there.</summary>
    public void DropAll()
    {
        Incoming.Drop();
        Outgoing.Drop();
    }

    public void Arrived(ReadOnlyMemory<byte> bytes) => _unread.Append(bytes);

    public void FinArrived() => _fin = true;

    /// <summary>The connection is over; told in a turn.</summary>
    public void Break(SocketError error)
    {
        if (IsGone)
        {
            return;
        }

        _vanished = true;
        _failure = error;
        Leave();
        Wake();
    }

    /// <summary>Tells what is to be told: one thing per turn, as a socket does. In a turn only.</summary>
    public void Tell()
    {
        if (IsClosed || _handler is null)
        {
            return;
        }

        if (_failure is null && _fin && !_endIsKnown)
        {
            _endIsKnown = true;
            _handler.OnPeerEnded();
        }

        if (IsClosed)
        {
            return;
        }

        if (_failure is { } error)
        {
            TellFailure(error);
        }
        else if (_wanted && _unread.Length > 0)
        {
            TellChunk();
        }
        else if (EndIsDue)
        {
            TellEnd();
        }
    }

    public void TellWritable(int sent) => _handler!.OnWritable(sent);

    private void TellChunk()
    {
        var link = Incoming.Link;
        var chunk = _unread.Take(link.Conditions.Cut.Take(_unread.Length, Draw));
        _wanted = false;
        Incoming.Read(chunk.Length);
        if (EndIsDue)
        {
            Wake();
        }

        _network.Trace.Add(TraceKind.Received, link.Name, Connection, chunk);
        _handler!.OnReceived(chunk);
    }

    private long Draw(long most) => _network.Chance.Draw(FaultKind.Cut, Incoming.Link.Name, 1, most, _unread.Length);

    private void TellEnd()
    {
        _wanted = false;
        _hasEnded = true;
        _network.Trace.Add(TraceKind.FinReceived, Incoming.Link.Name, Connection);
        _handler!.OnReceived(default);
    }

    // What came before the failure is told first, asked for or not.
    private void TellFailure(SocketError error)
    {
        while (_unread.Length > 0 && !IsClosed)
        {
            TellChunk();
        }

        if (EndIsDue && !IsClosed)
        {
            TellEnd();
        }

        if (!IsClosed)
        {
            (IsClosed, _isOver) = (true, true);
            _network.Trace.Add(TraceKind.Failed, Incoming.Link.Name, Connection, note: error.ToString());
            _handler!.OnFailed(ConnectionException.Lost(LocalEndPoint, RemoteEndPoint, error));
        }
    }

    private void SendFin()
    {
        if (!IsGone && !_finSent)
        {
            (_finSent, _endsFirst) = (true, !_fin);
            Outgoing.SendFin();
        }
    }

    private void Leave()
    {
        IsGone = true;
        _host.Remove(this, _port);
        Incoming.ReceiverIsGone();
    }

    private void Wake() => _telling.Ask();
}
