namespace Diesel.Reactive;

/// <summary>Where a transport's next chunk goes: into the room its handler gave, into the hub's slab, or, of bytes that nobody wants,
/// where the last ones were.</summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly.</remarks>
internal struct ChunkRoom(Slab slab)
{
    private Memory<byte> _room;
    private bool _discards;

    /// <summary>Whether the next chunk has room of its own.</summary>
    public readonly bool IsGiven => !_room.IsEmpty;

    /// <summary>For one chunk.</summary>
    public void Give(Memory<byte> room) => _room = room;

    /// <summary>From now on nobody wants the bytes.</summary>
    public void Discard() => (_discards, _room) = (true, default);

    /// <summary>Room for one receive.</summary>
    public readonly Memory<byte> Free() => _room.IsEmpty ? slab.Free(_discards) : _room;

    /// <summary>The first <paramref name="count"/> bytes of what <see cref="Free"/> gave, now written.</summary>
    public ReadOnlyMemory<byte> Take(int count)
    {
        var room = _room;
        _room = default;
        return room.IsEmpty ? slab.Take(count, _discards) : room[..count];
    }
}
