namespace Diesel.Reactive;

/// <summary>One reader's decoder at work on a buffer: one attempt at a time, and none after one that failed.</summary>
/// <param name="framing">Where a frame ends.</param>
/// <param name="repeats">Whether frame after frame is wanted: one of no bytes would repeat for ever.</param>
/// <remarks>A mutable struct: keep it in a field that is not readonly.</remarks>
internal struct FrameDecoding<T>(Framing<T> framing, bool repeats)
{
    private Decoder<T>? _decoder;

    /// <summary>Why there will be no next frame: what the decoder threw, or what is wrong with what it gave.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>One attempt at a frame; false: more bytes are needed, or it has failed.</summary>
    public bool TryDecode(ref FrameBuffer buffer, out T frame)
    {
        if (Failure is null)
        {
            try
            {
                _decoder ??= framing.CreateDecoder();
                var found = _decoder.TryDecode(buffer.Unread, out frame, out var consumed);
                if (consumed != 0)
                {
                    ThrowIfNotThere(consumed, buffer.Length);
                    buffer.Advance(consumed);
                }
                else if (found && repeats)
                {
                    throw new InvalidOperationException(
                        "The framing gives frames of no bytes, which would repeat for ever; read them one at a time with Read.");
                }

                return found;
            }
#pragma warning disable CA1031 // A grammar's delegates are the user's: whatever they throw belongs to the reader.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                Failure = thrown;
            }
        }

        frame = default!;
        return false;
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
