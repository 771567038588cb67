using System.Runtime.InteropServices;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Where the body of an answer lies, when it came with its head: not far behind it in the same block. So an answer holds one slice, not two.</summary>
internal struct HttpNearby
{
    private int _count;
    private byte _gap;

    public readonly bool IsEmpty => _count == 0;

    /// <summary>Notes some bytes.</summary>
    /// <returns>False: they lie elsewhere.</returns>
    public bool TrySet(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> bytes)
    {
        if (!MemoryMarshal.TryGetArray(head, out var before) || !MemoryMarshal.TryGetArray(bytes, out var there) || there.Array != before.Array)
        {
            return false;
        }

        var gap = there.Offset - (before.Offset + before.Count);
        if (gap is < 0 or > byte.MaxValue)
        {
            return false;
        }

        (_count, _gap) = (bytes.Length, (byte)gap);
        return true;
    }

    /// <summary>The bytes.</summary>
    public readonly ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> head) =>
        _count > 0 && MemoryMarshal.TryGetArray(head, out var before) ? new ReadOnlyMemory<byte>(before.Array, before.Offset + before.Count + _gap, _count) : default;
}
