using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A datagram socket in an epoll loop: reads a bounded number of datagrams per turn.</summary>
internal sealed unsafe class EpollDatagrams : IDatagramTransport, IPollTarget
{
    private const int ReadsPerTurn = 64;

    private readonly EpollNetwork _network;
    private readonly Socket _socket;
    private readonly EndPoint? _remote;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ushort.MaxValue);
    private readonly EndPointCache _senders;
    private readonly EndPointCache _receivers;
    private Action<Datagram> _received = null!;
    private Action<Exception> _failed = null!;
    private long? _ticket;
    private bool _closed;

    public EpollDatagrams(EpollNetwork network, Socket socket, EndPoint? remote)
    {
        (_network, _socket, _remote) = (network, socket, remote);
        LocalEndPoint = socket.LocalEndPoint!;
        _senders = new EndPointCache(socket.AddressFamily);
        _receivers = new EndPointCache(socket.AddressFamily);
    }

    public EndPoint LocalEndPoint { get; }

    private int Descriptor => (int)_socket.SafeHandle.DangerousGetHandle();

    public bool IsOwn(EndPoint endPoint) => OwnAddresses.IsOwn(LocalEndPoint, endPoint);

    public void Start(Action<Datagram> received, Action<Exception> failed)
    {
        if (_closed)
        {
            return;
        }

        (_received, _failed) = (received, failed);
        _ticket = _network.Poller.Add(Descriptor, Libc.Readable, this);
    }

    public void Send(Datagram datagram)
    {
        if (_closed)
        {
            return;
        }

        var error = TrySend(datagram);
        if (SocketErrors.IsRefusal(error))
        {
            // The kernel tells what became of an earlier datagram instead of sending this one.
            _failed(SocketErrors.NotReceived(LocalEndPoint, error));
            error = _closed ? SocketError.Success : TrySend(datagram);
        }

        // A full kernel throws datagrams away, as the network would.
        if (error != SocketError.Success && !SocketErrors.WouldBlock(error))
        {
            _failed(SocketErrors.NotSent(datagram, error));
        }
    }

    private SocketError TrySend(Datagram datagram)
    {
        var address = _remote is null ? _receivers.AddressOf(datagram.RemoteEndPoint) : default;
        fixed (byte* payload = datagram.Payload.Span, to = address)
        {
            var sent = Libc.SendTo(Descriptor, payload, datagram.Payload.Length, Libc.NoSignal, to, address.Length);
            return sent >= 0 ? SocketError.Success : Descriptors.ErrorOf(Libc.LastError);
        }
    }

    public void Close()
    {
        _closed = true;
        if (_ticket is { } ticket)
        {
            _network.Poller.Remove(ticket);
            _ticket = null;
        }

        _socket.Dispose();
    }

    // Level-triggered: what this turn leaves is told again.
    public void OnReady(uint events)
    {
        for (var i = 0; i < ReadsPerTurn && _ticket is not null && ReadOne(); i++)
        {
        }
    }

    private bool ReadOne()
    {
        nint count;
        var length = EndPointCache.Capacity;
        var address = stackalloc byte[EndPointCache.Capacity];
        fixed (byte* buffer = _buffer)
        {
            count = Libc.ReceiveFrom(Descriptor, buffer, _buffer.Length, 0, address, &length);
        }

        if (count >= 0)
        {
            var sender = _remote ?? _senders.EndPointOf(new ReadOnlySpan<byte>(address, length));
            _received(new Datagram(_buffer.AsSpan(0, (int)count).ToArray(), sender));
            return true;
        }

        var error = Descriptors.ErrorOf(Libc.LastError);
        if (SocketErrors.WouldBlock(error))
        {
            return false;
        }

        _failed(SocketErrors.NotReceived(LocalEndPoint, error));
        return true;
    }
}
