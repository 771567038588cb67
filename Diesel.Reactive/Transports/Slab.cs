namespace Diesel.Reactive;

/// <summary>
/// Memory to receive into. A slab is written once, front to back, and never used again: chunks are slices of it that may
/// be kept for ever, and the garbage collector frees it when the last one is gone.
/// </summary>
internal sealed class Slab
{
    /// <summary>Bytes per slab: below the large-object threshold, so that a slab dies young.</summary>
    public const int Size = 64 * 1024;

    private const int LeastRead = 4 * 1024;

    private byte[] _bytes = [];
    private byte[]? _scratch;
    private int _used;

    /// <summary>Room for one receive, at least 4 KiB.</summary>
    public Memory<byte> Free()
    {
        if (_bytes.Length - _used < LeastRead)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(Size);
            _used = 0;
        }

        return _bytes.AsMemory(_used);
    }

    /// <summary>As <see cref="Free()"/>; of bytes that nobody wants the room is used again and again.</summary>
    public Memory<byte> Free(bool discards) => discards ? _scratch ??= GC.AllocateUninitializedArray<byte>(Size) : Free();

    /// <summary>As <see cref="Take(int)"/>; of bytes that nobody wants only the number counts.</summary>
    public ReadOnlyMemory<byte> Take(int count, bool discards) => discards ? _scratch.AsMemory(0, count) : Take(count);

    /// <summary>The first <paramref name="count"/> bytes of what <see cref="Free()"/> gave, now written.</summary>
    public ReadOnlyMemory<byte> Take(int count)
    {
        var chunk = _bytes.AsMemory(_used, count);
        _used += count;
        return chunk;
    }
}
