using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A datagram socket that goes from port to port.</summary>
/// <remarks>Linux: a socket whose port the system has chosen loses it when it is connected to nobody, and gets another when it is connected again. It stays where
/// it is watched, for edges: what arrives behind such a change is one.</remarks>
internal sealed unsafe class EpollPorts(EpollDatagrams socket, EpollNetwork network, IPEndPoint remote) : IRenewsPort
{
    private const int MostPerTurn = 32;
    private const int MostErrors = 4;
    private const int UdpLevel = 17;
    private const int SegmentLengths = 104;

    private readonly byte[] _address = Descriptors.AddressOf(remote, socket.Family);
    private readonly byte[] _seenNative = new byte[16];
    private IPAddress? _seen;
    private Action<bool>? _left;
    private bool _hasPort = true;
    private int _ports;

    // The last call has found the end of what was there: of all else there is an edge that is still to be told.
    private bool _isRead = true;
    private long _leftAt = long.MinValue;

    public IPAddress LocalAddress
    {
        get
        {
            var native = stackalloc byte[EndPointCache.Capacity];
            var length = EndPointCache.Capacity;
            if (Libc.GetSocketName(socket.Descriptor, native, &length) < 0)
            {
                return IPAddress.None;
            }

            // Behind family and port; of IPv6 behind a word more.
            var address = new ReadOnlySpan<byte>(native, length) is var whole && socket.Family == AddressFamily.InterNetworkV6 ? whole.Slice(8, 16) : whole.Slice(4, 4);
            if (_seen is null || !address.SequenceEqual(_seenNative.AsSpan(0, address.Length)))
            {
                address.CopyTo(_seenNative);
                _seen = new IPAddress(address);
            }

            return _seen;
        }
    }

    /// <summary>One by one, as each is asked for: runs would be put together again.</summary>
    public EpollPorts Begin()
    {
        var off = 0;
        _ = Libc.SetSocketOption(socket.Descriptor, UdpLevel, SegmentLengths, &off, sizeof(int));
        return this;
    }

    public void LeavePort(bool atOnce, Action<bool> left)
    {
        (_hasPort, _left) = (false, left);
        if (atOnce)
        {
            Leave();
        }
        else
        {
            network.Hub.AtTurnEnd(static ports => ((EpollPorts)ports!).Leave(), this);
        }
    }

    public void TakePort()
    {
        // Who has not looked since it was left does not know whether something had come by then.
        if (network.Poller.Told <= _leftAt)
        {
            Drop();
        }

        fixed (byte* address = _address)
        {
            if (Libc.Connect(socket.Descriptor, address, _address.Length) < 0)
            {
                throw SocketErrors.NotConnected(remote, new SocketException((int)Descriptors.ErrorOf(Libc.LastError)));
            }
        }

        _hasPort = true;
        _ports++;
    }

    public void SendNow(ReadOnlySpan<byte> payload)
    {
        fixed (byte* bytes = payload)
        {
            if (Libc.Send(socket.Descriptor, bytes, payload.Length, Libc.NoSignal) < 0 && Descriptors.ErrorOf(Libc.LastError) is var error && !SocketErrors.WouldBlock(error))
            {
                throw SocketErrors.NotSent(new Datagram(payload.ToArray(), remote), error);
            }
        }
    }

    /// <summary>Reads what is there, unless whoever is told takes another port: that has edges of its own.</summary>
    public void Read()
    {
        if (!_hasPort)
        {
            Drop();
            return;
        }

        var port = _ports;
        for (var count = 0; _hasPort && _ports == port && !socket.IsClosed; count++)
        {
            if (count == MostPerTurn)
            {
                network.Loop.Again(socket);
                return;
            }

            if (!ReadSome(port))
            {
                return;
            }
        }
    }

    private void Leave()
    {
        if (!socket.IsClosed)
        {
            _left!(TryLeave());
        }
    }

    private bool TryLeave()
    {
        var nobody = stackalloc byte[16];
        new Span<byte>(nobody, 16).Clear();
        if (Libc.Connect(socket.Descriptor, nobody, 16) < 0)
        {
            return false;
        }

        // Nothing can come any more: what is there came before.
        if (_isRead)
        {
            _leftAt = network.Poller.Looks;
            return true;
        }

        return Drop();
    }

    // What is there is nobody's. An error that the system has for the next call is taken with that as well.
    private bool Drop()
    {
        byte nothing;
        for (var errors = 0; errors < MostErrors;)
        {
            if (Libc.Receive(socket.Descriptor, &nothing, 1, 0) >= 0)
            {
                continue;
            }

            if (Libc.LastError == Libc.EAGAIN)
            {
                (_isRead, _leftAt) = (true, long.MinValue);
                return true;
            }

            errors++;
        }

        return false;
    }

    /// <returns>Whether there may be more.</returns>
    private bool ReadSome(int port)
    {
        var inbox = network.PortInbox;
        var count = inbox.Receive(socket.Descriptor);
        _isRead = count is >= 0 and < PortInbox.Most;
        for (var i = 0; i < count && _hasPort && _ports == port && !socket.IsClosed; i++)
        {
            socket.Deliver(new Datagram(inbox.PayloadAt(i), remote));
        }

        if (count >= 0)
        {
            return count == PortInbox.Most;
        }

        var error = Descriptors.ErrorOf(Libc.LastError);
        if (SocketErrors.WouldBlock(error))
        {
            _isRead = true;
            return false;
        }

        socket.Fail(SocketErrors.NotReceived(Descriptors.LocalEndPoint(socket.Descriptor, remote), error));
        return true;
    }
}
