namespace Diesel.Reactive.Protocols.Redis;

/// <summary>In which of a cluster's slots a key is. Source: the Redis cluster specification, "Key distribution model" and "Hash tags".</summary>
internal static class KeySlot
{
    public const int Count = 16384;

    // CRC16 as XMODEM has it: polynomial 0x1021, beginning with 0, most significant bit first.
    private const ushort Polynomial = 0x1021;

    private static readonly ushort[] Table = [.. Enumerable.Range(0, 256).Select(static one => Shifted((ushort)(one << 8)))];

    /// <summary>The slot of a key: that of what stands between its first <c>{</c> and the next <c>}</c>, if anything does.</summary>
    public static int Of(ReadOnlySpan<byte> key)
    {
        if (key.IndexOf((byte)'{') is >= 0 and var open && key[(open + 1)..].IndexOf((byte)'}') is > 0 and var length)
        {
            key = key.Slice(open + 1, length);
        }

        ushort crc = 0;
        foreach (var one in key)
        {
            crc = (ushort)((crc << 8) ^ Table[(crc >> 8) ^ one]);
        }

        return crc % Count;
    }

    private static ushort Shifted(ushort value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (ushort)((value & 0x8000) != 0 ? (value << 1) ^ Polynomial : value << 1);
        }

        return value;
    }
}
