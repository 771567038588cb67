namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Bytes compared without the case of ASCII letters (RFC 4343). Lengths of labels are no letters: they are less than 64.</summary>
internal static class AsciiCase
{
    public static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    public static bool Equal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var at = 0; at < left.Length; at++)
        {
            if (left[at] != right[at] && Lower(left[at]) != Lower(right[at]))
            {
                return false;
            }
        }

        return true;
    }

    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (var at = 0; at < Math.Min(left.Length, right.Length); at++)
        {
            var order = Lower(left[at]).CompareTo(Lower(right[at]));
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    /// <summary>The seed is the process' own, as strangers choose the names that fill a cache.</summary>
    public static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed;
        foreach (var value in bytes)
        {
            hash = (hash ^ Lower(value)) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 29;
        }

        return (int)(hash ^ (hash >> 32));
    }

    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;
}
