using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>A connected socket in an epoll loop. It owns its descriptor; everything happens on the loop's thread.</summary>
/// <remarks>Registered once, edge-triggered, for reading and writing: after that no call into epoll is needed, whatever is
/// read, paused or refused. One receive per turn, so that a busy connection does not starve the others.</remarks>
internal sealed unsafe class EpollTransport : IReceivesAtOnce, IPollTarget
{
    private const int MostReadAtTheEnd = 16 * 1024 * 1024;
    private const uint Interests = Libc.Readable | Libc.Urgent | Libc.Writable | Libc.PeerEnded | Libc.EdgeTriggered;

    private readonly EpollNetwork _network;
    private readonly int _descriptor;
    private ITransportHandler? _handler;
    private ChunkRoom _room;
    private EndPoint? _local;
    private long? _ticket;
    private bool _wanted;
    private bool _readable;
    private bool _endsBehindData;
    private bool _hasMark;
    private bool _ended;
    private bool _queued;
    private bool _refused;
    private bool _closed;
    private SocketError? _lost;

    public EpollTransport(EpollNetwork network, int descriptor, EndPoint remote)
    {
        (_network, _descriptor, RemoteEndPoint, _room) = (network, descriptor, remote, new ChunkRoom(network.Slab));
    }

    // Asked for seldom (a log line), so the kernel is asked then.
    public EndPoint LocalEndPoint => _local ??= Descriptors.LocalEndPoint(_descriptor, RemoteEndPoint);

    public EndPoint RemoteEndPoint { get; }

    public long UntakenBytes => _closed ? 0 : TcpSystem.Untaken(_descriptor, RemoteEndPoint);

    public override string ToString() => EndPoints.Connection(LocalEndPoint, RemoteEndPoint);

    public T? Feature<T>()
        where T : class => this as T ?? (_closed ? null : UnixSystem.Feature<T>(RemoteEndPoint, _descriptor));

    public void Start(ITransportHandler handler)
    {
        if (_closed)
        {
            return;
        }

        _handler = handler;
        try
        {
            _ticket ??= _network.Poller.Add(_descriptor, Interests, this);
        }
        catch (IOException error)
        {
            // Told in a turn of its own: whoever starts it does not have it yet.
            Abort();
            _network.Hub.Post(_ => handler.OnFailed(new ConnectionException($"{this} cannot be watched: {error.Message}", RemoteEndPoint, error)));
        }
    }

    public void Receive() => Receive(default);

    public void Receive(Memory<byte> room)
    {
        _room.Give(room);
        _wanted = true;
        if (_readable && !_closed)
        {
            GoOnLater();
        }
    }

    public void Discard()
    {
        _room.Discard();
        Receive();
    }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        var errno = 0;
        var taken = _closed ? 0 : SocketSends.Send(_descriptor, bytes, out errno);
        Refused(errno);
        return taken;
    }

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
    {
        var errno = 0;
        var taken = _closed ? 0 : SocketSends.Send(_descriptor, segments, out errno);
        Refused(errno);
        return taken;
    }

    public bool TrySendFile(SafeFileHandle file, long offset, long count, out long taken)
    {
        var errno = 0;
        taken = _closed ? 0 : SocketSends.SendFile(_descriptor, file, offset, count, out errno);
        if (errno is Libc.EINVAL or Libc.EBADF or Libc.EIO or Libc.ENOSYS or Libc.EOVERFLOW)
        {
            return false;
        }

        Refused(errno);
        return true;
    }

    public void ShutdownSend()
    {
        if (!_closed)
        {
            _ = Libc.Shutdown(_descriptor, Libc.ShutdownWrite);
        }
    }

    public void Close()
    {
        if (!_closed)
        {
            _ = LocalEndPoint;
            _closed = true;
            if (_ticket is { } ticket)
            {
                _network.Poller.Remove(ticket);
            }

            _ = Libc.Close(_descriptor);
        }
    }

    public void Abort()
    {
        if (!_closed)
        {
            Descriptors.ResetOnClose(_descriptor);
            Close();
        }
    }

    public void OnReady(uint events)
    {
        // Told by the kernel while it waits for its next turn anyway, it keeps the one place it has there.
        _queued &= events != 0;
        if (_closed)
        {
            return;
        }

        if ((events & (Libc.Readable | Libc.Urgent | Libc.PeerEnded | Libc.HungUp | Libc.Failed)) != 0)
        {
            _readable = true;
            _hasMark |= (events & Libc.Urgent) != 0;
        }

        if ((events & Libc.Failed) != 0)
        {
            ReadRest();
            return;
        }

        if (!_endsBehindData && (events & (Libc.PeerEnded | Libc.HungUp)) != 0)
        {
            _endsBehindData = true;
            _handler!.OnPeerEnded();
        }

        if (_refused && !_closed && (events & (Libc.Writable | Libc.HungUp)) != 0)
        {
            _refused = false;
            _handler!.OnWritable(0);
        }

        if (_readable && _wanted && !_closed)
        {
            Read();
        }

        // Whoever reads sees the FIN behind the last bytes; when nobody does, it is told as soon as no bytes are before it.
        if (_endsBehindData && !_ended && !_wanted && !_closed && Descriptors.HasNothingLeft(_descriptor))
        {
            Ended();
        }
    }

    /// <returns>Whether there were bytes.</returns>
    private bool Read()
    {
        var free = _room.Free();
        nint count;
        fixed (byte* start = free.Span)
        {
            count = Libc.Receive(_descriptor, start, free.Length, 0);
        }

        if (count < 0)
        {
            NotRead(Libc.LastError);
            return false;
        }

        if (count == 0 && _lost is { } error and not SocketError.Shutdown)
        {
            Fail(error);
            return false;
        }

        // Less than there was room for: the kernel has no more, and tells when it has. But a receive stops short at an urgent
        // byte as well; and a FIN that came with the last bytes was told with them, and is told only once.
        _readable = count == free.Length || _hasMark || _endsBehindData;
        _wanted = false;
        if (count == 0)
        {
            Ended();
            return false;
        }

        _handler!.OnReceived(_room.Take((int)count));
        return true;
    }

    private void Ended()
    {
        if (!_ended)
        {
            _ended = true;
            _handler!.OnReceived(default);
        }
    }

    // The connection is broken: what arrived before is still there, and comes before the error.
    private void ReadRest()
    {
        for (var received = 0; received < MostReadAtTheEnd && !_closed && Read(); received += Slab.Size)
        {
        }

        if (!_closed && (_lost ?? Descriptors.TakeError(_descriptor)) is var error and not SocketError.Success)
        {
            Fail(error);
        }
    }

    private void NotRead(int errno)
    {
        if (errno == Libc.EAGAIN)
        {
            _readable = _hasMark = false;
        }
        else if (errno == Libc.EINTR)
        {
            GoOnLater();
        }
        else
        {
            Fail(Descriptors.ErrorOf(errno));
        }
    }

    // The kernel tells an error once: who sends takes it from who reads, to whom the rest would look like a FIN.
    private void Refused(int errno)
    {
        if (errno == 0)
        {
            return;
        }

        _refused = true;
        if (errno != Libc.EAGAIN && _lost is null)
        {
            // Told in a turn of its own, never from within the call.
            _lost = Descriptors.ErrorOf(errno);
            _network.Hub.Post(_ => ReadRest());
        }
    }

    private void GoOnLater()
    {
        if (!_queued)
        {
            _queued = true;
            _network.Loop.Again(this);
        }
    }

    private void Fail(SocketError error)
    {
        Close();
        _handler!.OnFailed(SocketErrors.Lost(LocalEndPoint, RemoteEndPoint, error));
    }
}
