using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>A connected socket in an epoll loop. It owns its descriptor; everything happens on the loop's thread.</summary>
/// <remarks>Registered once, edge-triggered, for reading, and once more for writing when the kernel has refused bytes: after that no call into
/// epoll is needed, whatever is read, paused or refused. One receive per turn, so that a busy connection does not starve the others.</remarks>
internal sealed unsafe class EpollTransport : IReceivesAtOnce, IPollTarget
{
    private const int MostReadAtTheEnd = 16 * 1024 * 1024;
    private const uint Interests = Libc.Readable | Libc.Urgent | Libc.PeerEnded | Libc.EdgeTriggered;

    private readonly EpollNetwork _network;
    private readonly int _descriptor;
    private ITransportHandler? _handler;
    private SocketInput _input;
    private EndPoint? _local;
    private long? _ticket;
    private bool _ended;
    private bool _queued;
    private bool _refused;
    private bool _watchesRoom;
    private bool _closed;
    private SocketError? _lost;

    public EpollTransport(EpollNetwork network, int descriptor, EndPoint remote)
    {
        (_network, _descriptor, RemoteEndPoint, _input) = (network, descriptor, remote, new SocketInput(descriptor, network.Slab));
    }

    // Asked for seldom (a log line), so the kernel is asked then.
    public EndPoint LocalEndPoint => _local ??= Descriptors.LocalEndPoint(_descriptor, RemoteEndPoint);

    public EndPoint RemoteEndPoint { get; }

    /// <summary>Whether it is of use to <see cref="Look"/>.</summary>
    public bool MayLook => _input.MayLook && !_closed && _ticket is not null;

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
            _ticket ??= _network.Poller.Add(_descriptor, _watchesRoom ? Interests | Libc.Writable : Interests, this);
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
        _input.Want(room);
        if (_input.IsDue && !_closed)
        {
            GoOnLater();
        }
    }

    public void Discard()
    {
        _input.Discard();
        Receive();
    }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        var errno = 0;
        return Sent(_closed ? 0 : SocketSends.Send(_descriptor, bytes, out errno), errno);
    }

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
    {
        var errno = 0;
        return Sent(_closed ? 0 : SocketSends.Send(_descriptor, segments, out errno), errno);
    }

    public bool TrySendFile(SafeFileHandle file, long offset, long count, out long taken)
    {
        var errno = 0;
        taken = _closed ? 0 : SocketSends.SendFile(_descriptor, file, offset, count, out errno);
        if (errno is Libc.EINVAL or Libc.EBADF or Libc.EIO or Libc.ENOSYS or Libc.EOVERFLOW)
        {
            return false;
        }

        Sent(0, errno);
        return true;
    }

    public void ShutdownSend() => _ = _closed ? 0 : Libc.Shutdown(_descriptor, Libc.ShutdownWrite);

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

        _input.Heard(events);
        if ((events & Libc.Failed) != 0)
        {
            ReadRest();
            return;
        }

        if (_input.TryEnd(events))
        {
            _handler!.OnPeerEnded();
        }

        if (_refused && !_closed && (events & (Libc.Writable | Libc.HungUp)) != 0)
        {
            _refused = false;
            _handler!.OnWritable(0);
        }

        if (_input.IsDue && !_closed)
        {
            Read();
        }

        // Whoever reads sees the FIN behind the last bytes; when nobody does, it is told as soon as no bytes are before it.
        if (_input.EndsBehindData && !_ended && !_input.IsWanted && !_closed && Descriptors.HasNothingLeft(_descriptor))
        {
            Ended();
        }
    }

    /// <summary>Looks for bytes outside of a turn; they are told in the next one. Of an end and of a failure the poller tells.</summary>
    /// <returns>Whether there are any.</returns>
    public bool Look()
    {
        var count = _input.Receive(out var errno);
        if (count > 0)
        {
            GoOnLater();
        }
        else if (errno is not (0 or Libc.EINTR))
        {
            Lose(errno);
        }

        return count > 0;
    }

    /// <returns>Whether there were bytes.</returns>
    private bool Read()
    {
        if (!_input.HasChunk)
        {
            var count = _input.Receive(out var errno);
            if (count < 0)
            {
                NotRead(errno);
                return false;
            }

            if (count == 0 && _lost is { } error and not SocketError.Shutdown)
            {
                Fail(error);
                return false;
            }
        }

        var chunk = _input.Take();
        if (chunk.IsEmpty)
        {
            Ended();
            return false;
        }

        _handler!.OnReceived(chunk);
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
        if (errno == Libc.EINTR)
        {
            GoOnLater();
        }
        else if (errno != Libc.EAGAIN)
        {
            Fail(Descriptors.ErrorOf(errno));
        }
    }

    private int Sent(int taken, int errno)
    {
        if (errno == 0)
        {
            _network.Loop.Expects(this);
            return taken;
        }

        // Not before it is needed: most connections are never refused anything, and would be told with each chunk that they may write.
        (_refused, var isWatching, _watchesRoom) = (true, _watchesRoom, true);
        if (!isWatching && !_closed && _ticket is { } ticket)
        {
            _network.Poller.Modify(_descriptor, Interests | Libc.Writable, ticket);
        }

        Lose(errno);
        return taken;
    }

    // The kernel tells an error once: who sends takes it from who reads, to whom the rest would look like a FIN. It is told in a turn of its own, never
    // from within the call.
    private void Lose(int errno)
    {
        if (errno != Libc.EAGAIN && _lost is null)
        {
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
