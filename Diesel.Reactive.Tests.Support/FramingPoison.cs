namespace Diesel.Reactive.Tests;

/// <summary>Finds out whether a decoder looks at a byte twice, without a clock.</summary>
internal static class FramingPoison
{
    /// <summary>Feeds one byte at a time and, before each, overwrites those already seen with bytes that would
    /// mislead.</summary>
    /// <param name="framing">Its decoder must have remembered what it saw.</param>
    /// <param name="wire">One frame.</param>
    /// <param name="poison">Repeated over what was seen.</param>
    /// <param name="keep">Bytes at the end of what was seen that may be part of a delimiter and are spared.</param>
    /// <returns>After how many bytes the frame was there.</returns>
    public static int FoundAfter<T>(this Framing<T> framing, byte[] wire, byte[] poison, int keep)
    {
        var (decoder, seen) = (framing.CreateDecoder(), new byte[wire.Length]);
        for (var length = 1; length <= wire.Length; length++)
        {
            seen[length - 1] = wire[length - 1];
            if (decoder.TryDecode(seen.AsMemory(0, length), out _, out _))
            {
                return length;
            }

            for (var i = 0; i < length - keep; i++)
            {
                seen[i] = poison[i % poison.Length];
            }
        }

        return -1;
    }
}
