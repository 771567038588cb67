using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary>What came of feeding bytes to a decoder.</summary>
/// <param name="Frames">The frames, in order.</param>
/// <param name="Error">What ended it, if anything did.</param>
/// <param name="Consumed">Bytes of the frames, and of what was thrown away.</param>
/// <param name="TakenWithoutFrame">Bytes consumed by calls that gave no frame.</param>
internal sealed record FramingOutcome<T>(
    IReadOnlyList<T> Frames, Exception? Error, long Consumed, int TakenWithoutFrame);

/// <summary>Feeds bytes to decoders as a reader does.</summary>
internal static class FramingDecoding
{
    public static FramingOutcome<T> Feed<T>(this Framing<T> framing, params IEnumerable<byte[]> chunks) =>
        framing.CreateDecoder().Feed(chunks);

    public static FramingOutcome<T> Feed<T>(this Decoder<T> decoder, params IEnumerable<byte[]> chunks)
    {
        var (buffer, frames, taken, needsMore) = (new FrameBuffer(), new List<T>(), 0, false);
        foreach (var chunk in chunks)
        {
            buffer.Append(chunk);
            try
            {
                _ = needsMore && buffer.TryShowMore(decoder.Missing(buffer.Shown.Length));
                while (buffer.Length > 0)
                {
                    needsMore = !decoder.TryDecode(buffer.Shown, out var frame, out var consumed);
                    buffer.Advance(consumed);
                    if (needsMore)
                    {
                        taken += consumed;
                        if (buffer.TryShowMore(decoder.Missing(buffer.Shown.Length)))
                        {
                            continue;
                        }

                        break;
                    }

                    frames.Add(frame);
                    if (consumed == 0)
                    {
                        break;
                    }
                }
            }
            catch (Exception error)
            {
                return new(frames, error, buffer.ConsumedTotal, taken);
            }
        }

        return new(frames, null, buffer.ConsumedTotal, taken);
    }

    /// <summary>What a stream of bytes gives that ends behind them: frames and how it ends, as a reader is told.</summary>
    public static string ToItsEnd(this Framing<string> framing, params IEnumerable<byte[]> chunks) =>
        Story.Of(chunks.Select(static chunk => chunk.AsReadOnly()).ToObservable(ImmediateScheduler.Instance).Decode(framing)).ToString();

    public static FramingOutcome<T> Feed<T>(this Framing<T> framing, string text) =>
        framing.Feed(text.ToBytes().ToArray());

    /// <summary>The only frame of bytes given at once.</summary>
    public static T Decode<T>(this Framing<T> framing, string text) => framing.Feed(text).Frames.Single();

    public static Exception? Error<T>(this Framing<T> framing, string text) => framing.Feed(text).Error;

    public static IEnumerable<byte[]> ByteByByte(this byte[] wire) => wire.Select(one => new[] { one });

    /// <summary>Cuts at the given places, which may repeat: then a chunk is empty.</summary>
    public static IEnumerable<byte[]> Cut(this byte[] wire, int[] places)
    {
        var (from, ends) = (0, places.Select(place => (int)((uint)place % (uint)(wire.Length + 1))).Order());
        foreach (var place in ends.Append(wire.Length))
        {
            yield return wire[from..place];
            from = place;
        }
    }

    public static ReadOnlyMemory<byte> AsReadOnly(this byte[] bytes) => bytes;

    /// <summary>Swaps some of the bytes for others, as a hostile or broken peer would.</summary>
    public static byte[] Damaged(this byte[] wire, byte[] others)
    {
        var damaged = wire.Concat(others).ToArray();
        for (var i = 0; i < others.Length && wire.Length > 0; i++)
        {
            damaged[others[i] * 7 % wire.Length] = others[^(i + 1)];
        }

        return damaged;
    }
}
