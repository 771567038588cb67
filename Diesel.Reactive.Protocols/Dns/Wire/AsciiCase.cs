using System.Runtime.InteropServices;

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

        if (left.SequenceEqual(right))
        {
            return true;
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
        var hash = Seed ^ (ulong)bytes.Length;
        if (bytes.Length >= sizeof(ulong))
        {
            // The last eight may have been read in part before.
            for (var at = 0; at < bytes.Length - sizeof(ulong); at += sizeof(ulong))
            {
                hash = Mixed(hash ^ Lower(MemoryMarshal.Read<ulong>(bytes[at..])));
            }

            hash = Mixed(hash ^ Lower(MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..])));
            return (int)(hash ^ (hash >> 32));
        }

        var rest = 0UL;
        foreach (var value in bytes)
        {
            rest = (rest << 8) | Lower(value);
        }

        hash = Mixed(hash ^ rest);
        return (int)(hash ^ (hash >> 32));
    }

    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;

    // Eight at a time: the high bit of each byte says whether it is a capital, and moves to where small letters have theirs.
    private static ulong Lower(ulong eight)
    {
        const ulong each = 0x0101010101010101, high = 0x80 * each;
        var low = eight & ~high;
        var fromA = low + each * (0x80 - 'A');
        var behindZ = low + each * (0x7F - 'Z');
        return eight | (((fromA & ~behindZ & ~eight) & high) >> 2);
    }

    private static ulong Mixed(ulong hash)
    {
        hash *= 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }
}
