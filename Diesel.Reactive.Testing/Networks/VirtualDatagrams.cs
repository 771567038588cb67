using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>A datagram socket on a <see cref="VirtualNetwork"/>. One that is connected hears, by ICMP, that nobody listens where
/// it sends to.</summary>
internal sealed class VirtualDatagrams(VirtualNetwork network, VirtualHost host, IHub hub, EndPoint? remote, bool mayBroadcast = false) : IDatagramTransport, IHostSocket
{
    private const int MostEarlyBytes = 208 * 1024;
    private const int Header = 256;
    private const int Overhead = 384;
    private const int LeastBlock = 576;
    private const int Largest = 65_507;

    private readonly Queue<Datagram> _early = new();
    private Action<Datagram>? _received;
    private Action<Exception>? _failed;
    private PortBinding _port = null!;
    private int _earlyBytes;
    private bool _closed;
    private bool _isOver;

    public EndPoint LocalEndPoint { get; private set; } = null!;

    public IHub Hub => hub;

    public VirtualDatagrams At(EndPoint local, PortBinding port)
    {
        (LocalEndPoint, _port) = (local, port);
        host.Add(this);
        return this;
    }

    public override string ToString() => $"datagram socket {LocalEndPoint}";

    public void Start(Action<Datagram> received, Action<Exception> failed)
    {
        TransportRuleException.ThrowIfOver(_isOver, this);
        (_received, _failed) = (received, failed);
        hub.Schedule(ReceiveEarly);
    }

    public void Send(Datagram datagram)
    {
        TransportRuleException.ThrowIfOver(_isOver, this);
        if (_closed)
        {
            return;
        }

        var receiver = remote ?? datagram.RemoteEndPoint;
        if ((receiver is UnixDomainSocketEndPoint) != (LocalEndPoint is UnixDomainSocketEndPoint))
        {
            Fail(ConnectionException.NotSent(datagram, SocketError.AddressFamilyNotSupported));
        }
        else if (receiver is UnixDomainSocketEndPoint)
        {
            SendToName(datagram, receiver);
        }
        else
        {
            SendToAddress(datagram, Addresses.Plain(receiver));
        }
    }

    public void Close()
    {
        _isOver = true;
        Vanish();
    }

    public void Vanish()
    {
        _closed = true;
        host.Remove(this, _port);
    }

    /// <summary>A datagram has arrived; false: this socket does not want it.</summary>
    public bool Takes(EndPoint sender) => !_closed && (remote is null || remote.Equals(sender));

    /// <summary>Tells a datagram, in a turn.</summary>
    public void Receive(Datagram datagram)
    {
        if (_received is not null && _early.Count == 0)
        {
            _received(datagram);
        }
        else if (_earlyBytes + Cost(datagram) <= MostEarlyBytes)
        {
            _earlyBytes += Cost(datagram);
            _early.Enqueue(datagram);
        }
    }

    /// <summary>A datagram met a port where nobody is.</summary>
    public void Refused()
    {
        if (remote is not null)
        {
            Fail(ConnectionException.NotReceived(LocalEndPoint, SocketError.ConnectionRefused));
        }
    }

    private void SendToAddress(Datagram datagram, IPEndPoint receiver)
    {
        if (receiver.Port == 0)
        {
            Fail(ConnectionException.NotSent(datagram, SocketError.InvalidArgument));
        }
        else if (receiver.Address.Equals(IPAddress.Broadcast))
        {
            SendToAll(datagram, receiver.Port);
        }
        else if (Addresses.IsWildcard(receiver.Address))
        {
            SendToAddress(datagram, new IPEndPoint(Addresses.LoopbackOf(receiver.AddressFamily), receiver.Port));
        }
        else if (network.HostAt(receiver.Address, host) is not { } there || host.AddressTowards(receiver.Address) is not { } address)
        {
            Fail(ConnectionException.NotSent(datagram, SocketError.HostUnreachable));
        }
        else if (datagram.Payload.Length > network.LinkOf(host, there).Conditions.MaxDatagram)
        {
            Fail(ConnectionException.NotSent(datagram, SocketError.MessageSize));
        }
        else
        {
            Fly(datagram, there, address, receiver);
        }
    }

    // To each host of the network, and there to who is bound at no address in particular.
    private void SendToAll(Datagram datagram, int port)
    {
        if (!mayBroadcast)
        {
            Fail(ConnectionException.NotSent(datagram, SocketError.AccessDenied));
            return;
        }

        foreach (var there in network.Hosts)
        {
            Fly(datagram, there, host.Addresses[0], new IPEndPoint(IPAddress.Broadcast, port));
        }
    }

    private void Fly(Datagram datagram, VirtualHost there, IPAddress from, IPEndPoint receiver)
    {
        var sender = new IPEndPoint(Addresses.IsWildcard(_port.Address) ? from : _port.Address, _port.Port);
        new DatagramFlight(network, network.LinkOf(host, there), this, sender, receiver, datagram.Payload.ToArray()).Start();
    }

    // What Linux counts for a datagram that waits: its header, and a block of memory that its bytes and the rest fit in, whose size is a power of two
    // from 1024 on. Measured: 256 datagrams of up to 192 bytes fit in 208 KiB, 166 of up to 640, 92 of up to 1664.
    private static int Cost(Datagram datagram) => Header + (datagram.Payload.Length + Overhead <= LeastBlock
        ? LeastBlock : (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(datagram.Payload.Length + Overhead, 1024)));

    // Within a machine nothing is lost, doubled or overtaken.
    private void SendToName(Datagram datagram, EndPoint receiver)
    {
        if (datagram.Payload.Length > Largest)
        {
            Fail(ConnectionException.NotSent(datagram, SocketError.MessageSize));
        }
        else if (host.DatagramPaths.At(receiver) is not { } port || host.DatagramsAt(port) is not { } there)
        {
            Fail(ConnectionException.NotSent(datagram, host.WhyNotThere(receiver)));
        }
        else if (!there.Takes(LocalEndPoint))
        {
            Fail(ConnectionException.NotSent(datagram, SocketError.AccessDenied));
        }
        else
        {
            var (link, sent) = (network.LinkOf(host, host), new Datagram(datagram.Payload.ToArray(), LocalEndPoint));
            network.Trace.Add(TraceKind.DatagramSent, link.Name, bytes: sent.Payload);
            there.Hub.Schedule(() => there.ReceiveHere(sent, link));
        }
    }

    private void ReceiveHere(Datagram datagram, Link link)
    {
        network.Trace.Add(_closed ? TraceKind.DatagramLost : TraceKind.DatagramReceived, link.Name, bytes: datagram.Payload);
        if (!_closed)
        {
            Receive(datagram);
        }
    }

    private void Fail(Exception error) => hub.Schedule(() =>
    {
        if (!_closed)
        {
            _failed?.Invoke(error);
        }
    });

    private void ReceiveEarly()
    {
        if (_closed || !_early.TryDequeue(out var datagram))
        {
            return;
        }

        // One per turn: whatever becomes of it, the next one is told.
        hub.Schedule(ReceiveEarly);
        _earlyBytes -= Cost(datagram);
        _received!(datagram);
    }
}
