namespace Diesel.Reactive;

/// <summary>One reader's decoder at work on a buffer: one frame at a time, and none after one that failed.</summary>
/// <param name="framing">Where a frame ends.</param>
/// <param name="repeats">Whether frame after frame is wanted: one of no bytes would repeat for ever.</param>
/// <remarks>A mutable struct: keep it in a field that is not readonly.</remarks>
internal struct FrameDecoding<T>(Framing<T> framing, bool repeats)
{
    private Decoder<T>? _decoder;

    // What is shown was looked at, and does not suffice.
    private bool _needsMore;

    /// <summary>Why there will be no next frame: what the decoder threw, or what is wrong with what it gave.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Takes a frame; false: more bytes are needed, or it has failed.</summary>
    /// <param name="buffer">What is unread.</param>
    /// <param name="isEnd">Whether no more will come.</param>
    /// <param name="frame">The frame, if there is one.</param>
    public bool TryDecode(ref FrameBuffer buffer, bool isEnd, out T frame)
    {
        try
        {
            return TryDecodeUnguarded(ref buffer, isEnd, out frame);
        }
#pragma warning disable CA1031 // A grammar's delegates are the user's: whatever they throw belongs to the reader.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            Fail(thrown);
            frame = default!;
            return false;
        }
    }

    /// <summary>As <see cref="TryDecode"/>, but throws what the framing throws: for a run of frames that is guarded as a whole, and tells
    /// <see cref="Fail"/>. A guard for each costs as much as a short frame's search.</summary>
    public bool TryDecodeUnguarded(ref FrameBuffer buffer, bool isEnd, out T frame)
    {
        if (Failure is not null)
        {
            frame = default!;
            return false;
        }

        var decoder = _decoder ??= framing.CreateDecoder();
        if (_needsMore)
        {
            ShowMore(decoder, ref buffer);
        }

        return TryDecodeShown(decoder, ref buffer, out frame) || TryDecodeBehind(decoder, ref buffer, isEnd, out frame);
    }

    /// <summary>Whether only the end of the stream says that all is there.</summary>
    public readonly bool TrustsEnd => _decoder is { TrustsEnd: true };

    /// <summary>There will be no next frame.</summary>
    public void Fail(Exception thrown) => Failure = thrown;

    /// <summary>How many bytes the frame needs beyond those that are there, after an attempt that found none; 0: nobody knows.</summary>
    public readonly int Missing(ref FrameBuffer buffer) =>
        Failure is null && _decoder is not null && buffer.Length > 0 ? Math.Max(_decoder.Missing(buffer.Shown.Length), 0) : 0;

    /// <summary>Whether the peer owes more, although nothing of it may be there.</summary>
    public readonly bool IsOwed => Failure is null && _decoder is { IsOwed: true };

    private static bool ShowMore(Decoder<T> decoder, ref FrameBuffer buffer) =>
        buffer.HidesBytes && buffer.TryShowMore(decoder.Missing(buffer.Shown.Length));

    private bool TryDecodeShown(Decoder<T> decoder, ref FrameBuffer buffer, out T frame)
    {
        var found = decoder.TryDecode(buffer.Shown, out frame, out var consumed);
        Take(ref buffer, found, consumed);
        _needsMore = !found;
        return found;
    }

    // What is shown does not suffice. Apart, as most frames are found before.
    private bool TryDecodeBehind(Decoder<T> decoder, ref FrameBuffer buffer, bool isEnd, out T frame)
    {
        while (ShowMore(decoder, ref buffer))
        {
            if (TryDecodeShown(decoder, ref buffer, out frame))
            {
                return true;
            }
        }

        frame = default!;
        return isEnd && buffer.Length > 0 && TryDecodeEnd(decoder, ref buffer, out frame);
    }

    private readonly bool TryDecodeEnd(Decoder<T> decoder, ref FrameBuffer buffer, out T frame)
    {
        var found = decoder.TryDecodeEnd(buffer.Shown, out frame, out var consumed);
        Take(ref buffer, found, consumed);
        return found;
    }

    private readonly void Take(ref FrameBuffer buffer, bool found, int consumed)
    {
        if (consumed == 0)
        {
            ThrowIfEmpty(found);
        }
        else if (!buffer.TryAdvanceNear(consumed))
        {
            ThrowIfNotThere(consumed, buffer.Shown.Length);
            buffer.Advance(consumed);
        }
    }

    private readonly void ThrowIfEmpty(bool found)
    {
        if (found && repeats)
        {
            throw new InvalidOperationException(
                "The framing gives frames of no bytes, which would repeat for ever; read them one at a time with Read.");
        }
    }

    private static void ThrowIfNotThere(int consumed, int length)
    {
        if (consumed < 0 || consumed > length)
        {
            throw new InvalidOperationException(
                $"The decoder consumed {consumed} of {length} bytes; it must take no more than are there.");
        }
    }
}
