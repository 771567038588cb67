using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A datagram socket in an epoll loop: reads a bounded number of datagrams per turn, and sends those of a turn at its end, many at a call of the
/// system both ways.</summary>
internal sealed unsafe class EpollDatagrams : IDatagramTransport, IPollTarget
{
    private const int CallsPerTurn = 2;

    private readonly EpollNetwork _network;
    private readonly BoundSocket _bound;
    private readonly Socket _socket;
    private readonly EndPoint? _remote;
    private readonly SystemMulticast? _multicast;
    private Action<Datagram> _received = null!;
    private Action<Exception> _failed = null!;
    private EpollPorts? _ports;
    private long? _ticket;
    private bool _closed;

    public EpollDatagrams(EpollNetwork network, BoundSocket bound, EndPoint? remote)
    {
        (_network, _bound, _socket, _remote) = (network, bound, bound.Socket, remote);
        (LocalEndPoint, Family) = (bound.EndPoint, _socket.AddressFamily);
        if (!IsUnix)
        {
            SendsRuns = true;
            _multicast = new SystemMulticast(_socket);
            DatagramInbox.AskForRuns(Descriptor);
        }
    }

    public EndPoint LocalEndPoint { get; }

    public AddressFamily Family { get; }

    /// <summary>Whether it has one peer, whom the system knows.</summary>
    public bool IsConnected => _remote is not null;

    /// <summary>Whether the system, and the way out, can take runs of datagrams apart.</summary>
    public bool SendsRuns { get; set; }

    /// <summary>Whether what is told of one datagram is no matter of the others, and of none before it.</summary>
    public bool IsUnix => Family == AddressFamily.Unix;

    public bool IsClosed => _closed;

    public int Descriptor => (int)_socket.SafeHandle.DangerousGetHandle();

    public bool IsOwn(EndPoint endPoint) => OwnAddresses.IsOwn(LocalEndPoint, endPoint);

    public T? Feature<T>()
        where T : class => this as T ?? (_closed ? null : typeof(T) == typeof(IRenewsPort) ? Ports() as T : _multicast as T);

    public void Start(Action<Datagram> received, Action<Exception> failed)
    {
        if (_closed)
        {
            return;
        }

        (_received, _failed) = (received, failed);
        _ticket = _network.Poller.Add(Descriptor, _ports is null ? Libc.Readable : Libc.Readable | Libc.EdgeTriggered, this);
    }

    public void Send(Datagram datagram)
    {
        if (_closed)
        {
            return;
        }

        if (IsUnix && UnixDatagrams.WhyNot(datagram, _remote) is { } why)
        {
            Fail(why);
            return;
        }

        if (_network.Outbox.TryAdd(this, datagram))
        {
            return;
        }

        List<Exception>? errors = null;
        SendNow(datagram, ref errors);
        errors?.ForEach(Fail);
    }

    /// <summary>Sends one by itself.</summary>
    public void SendNow(Datagram datagram, ref List<Exception>? errors)
    {
        var error = TrySend(datagram);
        if (error != SocketError.Success && Refused(error, datagram, ref errors) && TrySend(datagram) is var again and not SocketError.Success)
        {
            Refused(again, datagram, ref errors);
        }
    }

    /// <summary>One was not sent.</summary>
    /// <returns>Whether to try again: the system told what became of an earlier one instead.</returns>
    public bool Refused(SocketError error, Datagram datagram, ref List<Exception>? errors)
    {
        if (SocketErrors.IsRefusal(error) && !IsUnix)
        {
            (errors ??= []).Add(SocketErrors.NotReceived(LocalEndPoint, error));
            return true;
        }

        if (IsUnix || !SocketErrors.WouldBlock(error))
        {
            (errors ??= []).Add(SocketErrors.NotSent(datagram, error));
        }

        return false;
    }

    public void Fail(Exception error)
    {
        if (!_closed)
        {
            _failed(error);
        }
    }

    public void Close()
    {
        if (_closed)
        {
            return;
        }

        _network.Outbox.Flush(this);
        _closed = true;
        if (_ticket is { } ticket)
        {
            _network.Poller.Remove(ticket);
            _ticket = null;
        }

        _bound.Dispose();
    }

    /// <summary>One came.</summary>
    public void Deliver(Datagram datagram) => _received(datagram);

    // Level-triggered: what this turn leaves is told again.
    public void OnReady(uint events)
    {
        if (_ports is { } ports)
        {
            ports.Read();
            return;
        }

        for (var i = 0; i < CallsPerTurn && _ticket is not null && Read(); i++)
        {
        }
    }

    // A port that was asked for is kept, and the edges of one that is watched already would be missed.
    private EpollPorts? Ports() => _ports ??= _remote is IPEndPoint remote && _ticket is null ? new EpollPorts(this, _network, remote).Begin() : null;

    /// <returns>Whether there may be more.</returns>
    private bool Read()
    {
        var inbox = _network.Inbox;
        var count = inbox.Receive(Descriptor);
        for (var i = 0; i < count && _ticket is not null; i++)
        {
            Deliver(inbox, i);
        }

        if (count >= 0)
        {
            return count == DatagramInbox.Most;
        }

        var error = Descriptors.ErrorOf(Libc.LastError);
        if (SocketErrors.WouldBlock(error))
        {
            return false;
        }

        _failed(SocketErrors.NotReceived(LocalEndPoint, error));
        return true;
    }

    private void Deliver(DatagramInbox inbox, int index)
    {
        var sender = _remote ?? _network.EndPoints.EndPointOf(inbox.AddressAt(index));
        if (inbox.IsCutAt(index))
        {
            _failed(SocketErrors.CutOff(LocalEndPoint, sender));
            return;
        }

        var payload = inbox.PayloadAt(index);
        var each = inbox.SegmentLengthAt(index);
        do
        {
            var one = each > 0 && each < payload.Length ? payload[..each] : payload;
            payload = payload[one.Length..];
            _received(new Datagram(one.ToArray(), sender));
        }
        while (!payload.IsEmpty && _ticket is not null);
    }

    private SocketError TrySend(Datagram datagram)
    {
        var address = _remote is null ? _network.EndPoints.AddressOf(datagram.RemoteEndPoint, Family) : default;
        fixed (byte* payload = datagram.Payload.Span, to = address)
        {
            var sent = Libc.SendTo(Descriptor, payload, datagram.Payload.Length, Libc.NoSignal, to, address.Length);
            return sent >= 0 ? SocketError.Success : Descriptors.ErrorOf(Libc.LastError);
        }
    }
}
