using System.Buffers;
using System.Runtime.ExceptionServices;

namespace Diesel.Reactive;

/// <summary>Items that fill a frame, and how many may be in one.</summary>
internal static class ManyEncoding
{
    public static void ThrowIfMore(int count, int maxCount)
    {
        if (count > maxCount)
        {
            throw new ArgumentException($"{count} items are more than the {maxCount} that are allowed in one frame.", nameof(count));
        }
    }

    public static IReadOnlyList<T> Split<T>(Framing<T> item, ReadOnlyMemory<byte> frame, int maxCount)
    {
        var (items, rest, decoding) = (new List<T>(), new FrameBuffer(), new FrameDecoding<T>(item, repeats: true));
        rest.Append(frame);
        while (rest.Length > 0)
        {
            if (items.Count == maxCount)
            {
                throw new ProtocolException($"More than {maxCount} items arrived in one frame. Raise maxCount if so many are allowed.");
            }

            if (decoding.TryDecode(ref rest, isEnd: true, out var next))
            {
                items.Add(next);
            }
            else if (decoding.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
            else
            {
                throw new ProtocolException($"A frame ended within its item {items.Count}, with {rest.Length} bytes of it.");
            }
        }

        return items;
    }

    public static ReadOnlyMemory<byte> Join<T>(Codec<T> item, IReadOnlyList<T> items, int maxCount)
    {
        ArgumentNullException.ThrowIfNull(items);
        ThrowIfMore(items.Count, maxCount);
        var frame = new ArrayBufferWriter<byte>();
        for (var (i, before) = (0, 0); i < items.Count; i++, before = frame.WrittenCount)
        {
            item.EncodePart(items[i], frame);
            if (frame.WrittenCount == before)
            {
                throw new ArgumentException($"Item {i} takes no bytes: nobody could tell that it is there.", nameof(items));
            }
        }

        return frame.WrittenMemory;
    }
}
