using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>The bytes a reader received and did not consume, contiguous, whatever chunks they came in.</summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly. Frames are slices of it and stay valid, because
/// a byte once written is never written again.</remarks>
internal struct FrameBuffer
{
    private const int SmallestOwned = 64;
    private const int MostCopied = 1024;

    private ReadOnlyMemory<byte> _unread;

    // The array this buffer made itself. Everything behind the unread bytes in it is spare; an adopted chunk's is not.
    private byte[]? _owned;

    public readonly int Length => _unread.Length;

    public readonly ReadOnlyMemory<byte> Unread => _unread;

    /// <summary>Bytes consumed since the beginning of the stream.</summary>
    public long ConsumedTotal { get; private set; }

    public void Append(ReadOnlyMemory<byte> chunk)
    {
        if (chunk.IsEmpty)
        {
            return;
        }

        if (_unread.IsEmpty)
        {
            _unread = chunk;
        }
        else if (!TryExtend(chunk) && !TryFill(chunk.Span))
        {
            Grow(chunk.Span);
        }
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _unread.Length);
        ConsumedTotal += count;
        if (count == _unread.Length)
        {
            Clear();
        }
        else
        {
            _unread = _unread[count..];
        }
    }

    /// <summary>Copies a few unread bytes out of the large array they came in: a peer that sends one byte and waits must not
    /// hold a slab that thousands share.</summary>
    public void LetGoOfLargeArray()
    {
        if (_owned is null && _unread.Length is > 0 and <= MostCopied)
        {
            var unread = _unread;
            _unread = default;
            Grow(unread.Span);
        }
    }

    /// <summary>Lets go of everything; what was unread does not count as consumed.</summary>
    public void Clear()
    {
        _unread = default;
        _owned = null;
    }

    private bool TryExtend(ReadOnlyMemory<byte> chunk)
    {
        if (_owned is not null
            || !MemoryMarshal.TryGetArray(_unread, out var head)
            || !MemoryMarshal.TryGetArray(chunk, out var tail)
            || head.Array != tail.Array
            || head.Offset + head.Count != tail.Offset)
        {
            return false;
        }

        _unread = new ReadOnlyMemory<byte>(head.Array, head.Offset, head.Count + tail.Count);
        return true;
    }

    private bool TryFill(ReadOnlySpan<byte> chunk)
    {
        if (_owned is null || !MemoryMarshal.TryGetArray(_unread, out var unread))
        {
            return false;
        }

        var end = unread.Offset + unread.Count;
        if (chunk.Length > _owned.Length - end)
        {
            return false;
        }

        chunk.CopyTo(_owned.AsSpan(end));
        _unread = new ReadOnlyMemory<byte>(_owned, unread.Offset, unread.Count + chunk.Length);
        return true;
    }

    private void Grow(ReadOnlySpan<byte> chunk)
    {
        var total = LengthOf(_unread.Length, chunk.Length);

        // Twice what is there: as many bytes arrive before the next copy as this one moves.
        var capacity = (int)Math.Min(Math.Max(2L * total, SmallestOwned), Array.MaxLength);
        var grown = GC.AllocateUninitializedArray<byte>(capacity);
        _unread.Span.CopyTo(grown);
        chunk.CopyTo(grown.AsSpan(_unread.Length));
        _owned = grown;
        _unread = new ReadOnlyMemory<byte>(grown, 0, total);
    }

    /// <summary>The sum of two lengths, if an array can be that long.</summary>
    internal static int LengthOf(int unread, int chunk)
    {
        var total = (long)unread + chunk;
        return total <= Array.MaxLength
            ? (int)total
            : throw new ProtocolException(
                $"{total} bytes of one frame arrived, an array holds {Array.MaxLength}. Lower the framing's limit.");
    }
}
