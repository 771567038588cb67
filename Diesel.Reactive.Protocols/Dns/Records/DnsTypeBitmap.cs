using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The types a name has, as bits in windows of 256 (RFC 4034, section 4.1.2).</summary>
internal static class DnsTypeBitmap
{
    public static DnsType[] Read(ref DnsReader data)
    {
        var types = new List<DnsType>();
        var last = -1;
        while (!data.IsAtEnd)
        {
            var (window, length) = (data.U8(), data.U8());
            if (window <= last || length is 0 or > 32)
            {
                throw new ProtocolException($"The window {window} of a list of types has {length} bytes, or is out of order.");
            }

            last = window;
            Add(types, window, data.Take(length));
        }

        return [.. types];
    }

    public static DnsType[] Parse(DnsTokens data)
    {
        var types = new SortedSet<DnsType>();
        while (!data.IsAtEnd)
        {
            types.Add(data.Type());
        }

        return [.. types];
    }

    public static void Write(DnsWriter writer, IReadOnlyList<DnsType> types)
    {
        Span<byte> bits = stackalloc byte[32];
        foreach (var window in types.Select(static type => (ushort)type).Order().GroupBy(static type => type >> 8))
        {
            bits.Clear();
            var length = 0;
            foreach (var type in window)
            {
                bits[(type & 255) / 8] |= (byte)(0x80 >> (type & 7));
                length = (type & 255) / 8 + 1;
            }

            writer.U8(window.Key);
            writer.U8(length);
            writer.Bytes(bits[..length]);
        }
    }

    public static StringBuilder Print(StringBuilder text, IReadOnlyList<DnsType> types)
    {
        foreach (var type in types)
        {
            text.And(type.Print());
        }

        return text;
    }

    private static void Add(List<DnsType> types, int window, ReadOnlySpan<byte> bits)
    {
        for (var bit = 0; bit < bits.Length * 8; bit++)
        {
            if ((bits[bit / 8] & (0x80 >> (bit & 7))) != 0)
            {
                types.Add((DnsType)((window << 8) | bit));
            }
        }
    }
}
