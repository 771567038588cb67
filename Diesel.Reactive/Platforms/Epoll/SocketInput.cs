namespace Diesel.Reactive;

/// <summary>What comes by a socket of an epoll loop: what the kernel has told of it, and a chunk that was received and is to be told.</summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly.</remarks>
internal unsafe struct SocketInput(int descriptor, Slab slab)
{
    private ChunkRoom _room = new(slab);
    private ReadOnlyMemory<byte> _chunk;
    private bool _readable;
    private bool _hasMark;

    /// <summary>Whether a chunk is waited for.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>Whether the peer's end comes behind what is there.</summary>
    public bool EndsBehindData { get; private set; }

    /// <summary>Whether a chunk was received.</summary>
    public readonly bool HasChunk => !_chunk.IsEmpty;

    /// <summary>Whether there may be a chunk, and it is waited for.</summary>
    public readonly bool IsDue => IsWanted && (_readable || HasChunk);

    /// <summary>Whether a chunk may be received before it can be told: not into room that is several's.</summary>
    public readonly bool MayLook => IsWanted && !HasChunk && !_room.IsGiven;

    /// <summary>A chunk is waited for.</summary>
    public void Want(Memory<byte> room)
    {
        _room.Give(room);
        IsWanted = true;
    }

    /// <summary>From now on nobody wants the bytes.</summary>
    public void Discard() => _room.Discard();

    /// <summary>The kernel has told something.</summary>
    public void Heard(uint events)
    {
        if ((events & (Libc.Readable | Libc.Urgent | Libc.PeerEnded | Libc.HungUp | Libc.Failed)) != 0)
        {
            _readable = true;
            _hasMark |= (events & Libc.Urgent) != 0;
        }
    }

    /// <summary>Whether it has told for the first time that the peer has ended.</summary>
    public bool TryEnd(uint events)
    {
        var isNew = !EndsBehindData && (events & (Libc.PeerEnded | Libc.HungUp)) != 0;
        EndsBehindData |= isNew;
        return isNew;
    }

    /// <summary>Receives a chunk.</summary>
    /// <param name="errno">Why there is none; 0: there is, or the peer has ended.</param>
    /// <returns>Its length; 0: the peer has ended.</returns>
    public nint Receive(out int errno)
    {
        var free = _room.Free();
        nint count;
        fixed (byte* start = free.Span)
        {
            count = Libc.Receive(descriptor, start, free.Length, 0);
        }

        errno = count < 0 ? Libc.LastError : 0;
        if (count >= 0)
        {
            // Less than there was room for: the kernel has no more, and tells when it has. But a receive stops short at an urgent
            // byte as well; and a FIN that came with the last bytes was told with them, and is told only once.
            _readable = count == free.Length || _hasMark || EndsBehindData;
            _chunk = count > 0 ? _room.Take((int)count) : default;
        }
        else if (errno == Libc.EAGAIN)
        {
            _readable = _hasMark = false;
        }

        return count;
    }

    /// <summary>The chunk that was received; empty: the peer has ended. None is waited for any more.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var chunk = _chunk;
        (_chunk, IsWanted) = (default, false);
        return chunk;
    }
}
