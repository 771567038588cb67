using System.Buffers;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>The bytes a reader received and did not consume. A decoder is shown the first of them, contiguous, and more when it
/// needs more; so what a frame does not need is never copied.</summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly. Frames are slices of it and stay valid, because
/// a byte once written is never written again.</remarks>
internal struct FrameBuffer
{
    /// <summary>How many times what has arrived an announced length may claim: a peer that announces much and sends little costs
    /// little.</summary>
    public const int MostAhead = 32;

    // Of the whole, and of that part again: a long frame is moved so seldom that all its arrays together are hardly more than it.
    private const int Part = 16;

    private const int SmallestOwned = 64;
    private const int MostCopied = 1024;
    private const int LeastShown = 256;
    private const int LeastRoom = 16 * 1024;
    private const int Large = 64 * 1024;

    // What is shown, behind what was consumed of it: an offset is cheaper to move than memory.
    private ReadOnlyMemory<byte> _head;
    private int _gone;

    // The array this buffer made itself. Everything behind the shown bytes in it is spare; an adopted chunk's is not.
    private byte[]? _owned;

    // The chunk behind what is shown, which ends with a copy of its first bytes: so many.
    private ReadOnlyMemory<byte> _behind;
    private int _copied;

    public readonly int Length => Shown.Length + _behind.Length - _copied;

    /// <summary>The first unread bytes, contiguous: all of them, or what decoders have asked for so far.</summary>
    public ReadOnlyMemory<byte> Shown
    {
        readonly get => _head[_gone..];
        private set => (_head, _gone) = (value, 0);
    }

    /// <summary>Whether there are more.</summary>
    public readonly bool HidesBytes => _behind.Length > _copied;

    /// <summary>All unread bytes.</summary>
    public readonly ReadOnlySequence<byte> Unread =>
        _behind.IsEmpty ? new(Shown) : ByteSegment.Sequence(Shown[..^_copied], _behind);

    /// <summary>Bytes of memory that are held for it, where that is more than the unread bytes by a good deal.</summary>
    public readonly int Held => _owned is { Length: > Large } large ? Math.Max(large.Length, Length) : Length;

    /// <summary>Bytes consumed since the beginning of the stream.</summary>
    public long ConsumedTotal { get; private set; }

    public void Append(ReadOnlyMemory<byte> chunk)
    {
        if (chunk.IsEmpty)
        {
            return;
        }

        if (Shown.IsEmpty)
        {
            Shown = chunk;
            return;
        }

        _ = LengthOf(Length, chunk.Length);
        ShowAll();
        if (!TryExtend(chunk))
        {
            _behind = chunk;
        }
    }

    /// <summary>Shows more of what is there; false: all is shown.</summary>
    /// <param name="missing">Bytes a decoder needs beyond those it was shown; 0: it cannot say.</param>
    public bool TryShowMore(int missing)
    {
        if (!HidesBytes)
        {
            return false;
        }

        // As much again for a decoder that cannot say: so its attempts are few.
        var wanted = Math.Max(missing > 0 ? missing : Shown.Length, LeastShown);
        Show(Math.Min(wanted, _behind.Length - _copied), missing);
        return true;
    }

    /// <summary>Shows all that is there.</summary>
    /// <param name="missing">As of <see cref="TryShowMore"/>.</param>
    public void ShowAll(int missing = 0)
    {
        if (HidesBytes)
        {
            Show(_behind.Length - _copied, missing);
        }
    }

    public void Advance(int count)
    {
        if (!TryAdvanceNear(count))
        {
            AdvanceFar(count);
        }
    }

    /// <summary>Consumes bytes of those that are shown; false, and nothing is consumed: that needs more than a larger offset.</summary>
    public bool TryAdvanceNear(int count)
    {
        if ((uint)count >= (uint)(_head.Length - _gone - _copied))
        {
            return false;
        }

        ConsumedTotal += count;
        _gone += count;
        return true;
    }

    /// <summary>Where the next bytes may be received, so that they need not be moved; empty: anywhere.</summary>
    /// <param name="missing">Bytes that are needed beyond those that are there; 0: nobody knows.</param>
    /// <remarks>Until they were appended, or others, nothing else is written there.</remarks>
    public Memory<byte> Room(long missing)
    {
        if (Shown.IsEmpty || (missing < LeastRoom && (missing > 0 || Spare < LeastRoom || !_behind.IsEmpty)))
        {
            return default;
        }

        var most = (int)Math.Min(missing, Array.MaxLength);
        ShowAll(most);
        if (Spare == 0)
        {
            Move(Capacity(Shown.Length, Shown.Length + (long)most));
        }

        var spare = _owned.AsMemory(End);
        return most > 0 && most < spare.Length ? spare[..most] : spare;
    }

    /// <summary>Copies a few unread bytes out of the large array they came in: a peer that sends one byte and waits must not
    /// hold a slab that thousands share.</summary>
    public void LetGoOfLargeArray()
    {
        if (_owned is null or { Length: > Large } && _behind.IsEmpty && Shown.Length is > 0 and <= MostCopied)
        {
            Move(Capacity(Shown.Length, whole: 0));
        }
    }

    /// <summary>Copies what is unread out of the array it came in, which is going to be written again.</summary>
    /// <param name="missing">As of <see cref="TryShowMore"/>: room for that is made at once.</param>
    public void LetGoOfArray(int missing)
    {
        ShowAll(missing);
        if (_owned is null && !Shown.IsEmpty)
        {
            Move(missing > 0 ? Capacity(Shown.Length, Shown.Length + (long)missing + LeastShown) : Shown.Length);
        }
    }

    /// <summary>Lets go of everything; what was unread does not count as consumed.</summary>
    public void Clear() => (Shown, _owned, _behind, _copied) = (default, null, default, 0);

    /// <summary>The sum of two lengths, if an array can be that long.</summary>
    internal static int LengthOf(int unread, int chunk)
    {
        var total = (long)unread + chunk;
        return total <= Array.MaxLength
            ? (int)total
            : throw new ProtocolException(
                $"{total} bytes of one frame arrived, an array holds {Array.MaxLength}. Lower the framing's limit.");
    }

    /// <summary>How long an array for so many bytes is made.</summary>
    /// <param name="length">Bytes that are there.</param>
    /// <param name="whole">Bytes there will be, as the peer says; 0: it does not, and twice what is there lets as many bytes arrive
    /// before the next move as this one moves.</param>
    internal static int Capacity(int length, long whole)
    {
        if (whole == 0)
        {
            return (int)Math.Min(Math.Max(2L * length, SmallestOwned), Array.MaxLength);
        }

        var capacity = Math.Min(whole, Array.MaxLength);
        while (capacity > (long)MostAhead * length)
        {
            capacity /= Part;
        }

        return (int)capacity;
    }

    private readonly int End => MemoryMarshal.TryGetArray(Shown, out var shown) ? shown.Offset + shown.Count : 0;

    private readonly int Spare => _owned is null ? 0 : _owned.Length - End;

    private void AdvanceFar(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length);
        ConsumedTotal += count;
        if (count == Length)
        {
            Clear();
        }
        else
        {
            // Nothing is left in front of the chunk, so it can stand for itself.
            (Shown, _owned, _behind, _copied) = (_behind[(count - (Shown.Length - _copied))..], null, default, 0);
        }
    }

    private bool TryExtend(ReadOnlyMemory<byte> chunk)
    {
        if (!MemoryMarshal.TryGetArray(Shown, out var head)
            || !MemoryMarshal.TryGetArray(chunk, out var tail)
            || head.Array != tail.Array
            || head.Offset + head.Count != tail.Offset)
        {
            return false;
        }

        Shown = new ReadOnlyMemory<byte>(head.Array, head.Offset, head.Count + tail.Count);
        return true;
    }

    private void Show(int count, int missing)
    {
        if (Spare < count)
        {
            Move(Capacity(Shown.Length + count, missing > 0 ? Shown.Length + (long)Math.Max(missing, count) : 0));
        }

        _behind.Span.Slice(_copied, count).CopyTo(_owned.AsSpan(End));
        Shown = new ReadOnlyMemory<byte>(_owned, End - Shown.Length, Shown.Length + count);
        _copied += count;
        if (_copied == _behind.Length)
        {
            (_behind, _copied) = (default, 0);
        }
    }

    private void Move(int capacity)
    {
        var grown = GC.AllocateUninitializedArray<byte>(capacity);
        Shown.Span.CopyTo(grown);
        _owned = grown;
        Shown = new ReadOnlyMemory<byte>(grown, 0, Shown.Length);
    }
}
