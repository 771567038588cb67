namespace Diesel.Reactive;

/// <summary>One thing that a PROXY protocol header of version 2 says beside addresses.</summary>
/// <param name="Type">What it is: one of the specification's numbers (section 2.2), or from 0xE0 on one of an application's own.</param>
/// <param name="Value">At most 65535 bytes, as they came.</param>
public readonly record struct ProxyTlv(byte Type, ReadOnlyMemory<byte> Value)
{
    internal const byte Alpn = 0x01;
    internal const byte Authority = 0x02;
    internal const byte Checksum = 0x03;
    internal const byte Padding = 0x04;
    internal const byte UniqueId = 0x05;
    internal const byte Tls = 0x20;
    internal const byte TlsVersion = 0x21;
    internal const byte CommonName = 0x22;
    internal const byte Cipher = 0x23;
    internal const byte SignatureAlgorithm = 0x24;
    internal const byte KeyAlgorithm = 0x25;
    internal const byte NetworkNamespace = 0x30;

    private const int HeadLength = 3;

    /// <summary>All of a block that consists of nothing else.</summary>
    /// <exception cref="ProtocolException">One says that it is longer than what is there.</exception>
    internal static IReadOnlyList<ProxyTlv> In(ReadOnlyMemory<byte> block)
    {
        var all = new List<ProxyTlv>();
        while (!block.IsEmpty)
        {
            var span = block.Span;
            var length = span.Length < HeadLength ? int.MaxValue : (span[1] << 8) | span[2];
            if (length > span.Length - HeadLength)
            {
                throw new ProtocolException($"The last {span.Length} bytes of a PROXY protocol header are no whole TLV.");
            }

            all.Add(new ProxyTlv(span[0], block.Slice(HeadLength, length)));
            block = block[(HeadLength + length)..];
        }

        return all;
    }
}
