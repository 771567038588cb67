using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace Diesel.Reactive;

/// <summary>The PROXY protocol, version 2: a signature, a command, a family, a length, two addresses and TLVs.</summary>
/// <remarks>Section 2.2.</remarks>
internal static class ProxyBlock
{
    private const int HeadLength = 16;
    private const int IPv4Length = 4;
    private const int IPv6Length = 16;
    private const int UnixLength = 108;
    private const int PortLength = 2;
    private const int ChecksumLength = 4;
    private const int TlvHeadLength = 3;
    private const int LongestUniqueId = 128;
    private const byte Version = 0x20;
    private const byte Local = 0;
    private const byte Proxied = 1;
    private const byte Stream = 1;
    private const byte Datagram = 2;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>How long it is; 0: more is needed to know.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes, int maxLength)
    {
        var common = Math.Min(bytes.Length, Signature.Length);
        if (!bytes[..common].SequenceEqual(Signature[..common]))
        {
            throw ProxyProtocol.NoHeader(bytes);
        }

        if (bytes.Length < HeadLength)
        {
            return 0;
        }

        var length = HeadLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        return length <= maxLength ? length : throw new FrameTooLongException(length, maxLength);
    }

    public static ProxyHeader Parse(ReadOnlyMemory<byte> block)
    {
        var (command, family) = (block.Span[12], block.Span[13]);
        return command switch
        {
            Version | Local => ProxyHeader.Local,
            Version | Proxied => Proxy(block, family >> 4, family & 0xf),
            _ => throw new ProtocolException($"A PROXY header has version and command 0x{command:x2}; known are 0x20 and 0x21."),
        };
    }

    public static byte[] Of(ProxyHeader header)
    {
        var addresses = header.IsLocal ? [] : AddressesOf(header, out _);
        var length = addresses.Length + header.Tlvs.Sum(static tlv => TlvHeadLength + tlv.Value.Length) + (header.HasChecksum ? TlvHeadLength + ChecksumLength : 0);
        if (length > ushort.MaxValue)
        {
            throw new ArgumentException($"The header has {length} bytes behind its head, and may have {ushort.MaxValue}.", nameof(header));
        }

        if (addresses.Length == 0 && (length > 0 || header.IsDatagram || (header.IsLocal && header.Source is not null)))
        {
            throw new ArgumentException("A PROXY header that is local, or without addresses, says nothing else: nobody would read it.", nameof(header));
        }

        if (header.Tlvs.Any(static tlv => tlv.Type is ProxyTlv.Checksum or ProxyTlv.Padding))
        {
            throw new ArgumentException("Checksum and padding are no TLVs of a header: say HasChecksum, and leave padding out.", nameof(header));
        }

        var block = new byte[HeadLength + length];
        Signature.CopyTo(block);
        block[12] = (byte)(Version | (header.IsLocal ? Local : Proxied));
        block[13] = header.IsLocal ? (byte)0 : FamilyOf(header);
        BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(14), (ushort)length);
        addresses.CopyTo(block, HeadLength);
        WriteTlvs(header, block.AsSpan(HeadLength + addresses.Length));
        if (header.HasChecksum)
        {
            BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(block.Length - ChecksumLength), ChecksumOf(block));
        }

        return Readable(block);
    }

    // What the other side would refuse is refused here.
    private static byte[] Readable(byte[] block)
    {
        try
        {
            Parse(block);
            return block;
        }
        catch (ProtocolException error)
        {
            throw new ArgumentException(error.Message, nameof(block), error);
        }
    }

    // What is not of a known kind is the connection's own affair, and what is behind its addresses cannot be found.
    private static ProxyHeader Proxy(ReadOnlyMemory<byte> block, int family, int transport)
    {
        var address = family switch
        {
            0 => 0,
            1 => IPv4Length,
            2 => IPv6Length,
            3 => UnixLength,
            _ => throw new ProtocolException($"A PROXY header has the address family {family}; known are 0 to 3."),
        };
        if (transport > Datagram)
        {
            throw new ProtocolException($"A PROXY header has the transport {transport}; known are 0 to 2.");
        }

        if (family == 0 || transport == 0)
        {
            return new ProxyHeader();
        }

        var length = 2 * (address + (family == 3 ? 0 : PortLength));
        if (block.Length < HeadLength + length)
        {
            throw new ProtocolException($"A PROXY header ends within its addresses: of {length} bytes it has {block.Length - HeadLength}.");
        }

        var (source, destination) = EndPointsOf(block.Span.Slice(HeadLength, length), address);
        return WithTlvs(new ProxyHeader { Source = source, Destination = destination, IsDatagram = transport == Datagram }, block, HeadLength + length);
    }

    private static (EndPoint Source, EndPoint Destination) EndPointsOf(ReadOnlySpan<byte> bytes, int address) => address == UnixLength
        ? (UnixOf(bytes[..UnixLength]), UnixOf(bytes[UnixLength..]))
        : (new IPEndPoint(new IPAddress(bytes[..address]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * address)..])),
            new IPEndPoint(new IPAddress(bytes.Slice(address, address)), BinaryPrimitives.ReadUInt16BigEndian(bytes[((2 * address) + PortLength)..])));

    private static EndPoint UnixOf(ReadOnlySpan<byte> path)
    {
        var length = path[0] == 0 ? path.TrimEnd((byte)0).Length : path.IndexOf((byte)0) is >= 0 and var end ? end : path.Length;
        Span<byte> native = stackalloc byte[sizeof(ushort) + length];
        BitConverter.TryWriteBytes(native, (ushort)1);
        path[..length].CopyTo(native[sizeof(ushort)..]);
        return UnixSystem.EndPointOf(native)!;
    }

    private static ProxyHeader WithTlvs(ProxyHeader header, ReadOnlyMemory<byte> block, int offset)
    {
        var all = ProxyTlv.In(block[offset..]);
        foreach (var (type, value) in all)
        {
            if (type == ProxyTlv.Checksum)
            {
                Check(block, value);
            }
            else if (type == ProxyTlv.UniqueId && value.Length > LongestUniqueId)
            {
                throw new ProtocolException($"The unique id of a PROXY header has {value.Length} bytes, and may have {LongestUniqueId}.");
            }
        }

        header = header with
        {
            HasChecksum = all.Any(static tlv => tlv.Type == ProxyTlv.Checksum),
            Tlvs = [.. all.Where(static tlv => tlv.Type is not (ProxyTlv.Checksum or ProxyTlv.Padding))],
        };
        Check(header);
        return header;
    }

    // Whoever asks later is not to be told of what the peer did wrong.
    private static void Check(ProxyHeader header)
    {
        try
        {
            _ = (header.Tls, header.ApplicationProtocol);
        }
        catch (ArgumentException error)
        {
            throw new ProtocolException($"The application protocol of a PROXY header is none: {error.Message}", error);
        }
    }

    // Over the whole header, with zeros in its own place.
    private static void Check(ReadOnlyMemory<byte> block, ReadOnlyMemory<byte> given)
    {
        if (given.Length != ChecksumLength)
        {
            throw new ProtocolException($"The checksum of a PROXY header has {given.Length} bytes; it has {ChecksumLength}.");
        }

        var copy = block.ToArray();
        block.Span.Overlaps(given.Span, out var at);
        copy.AsSpan(at, ChecksumLength).Clear();
        if (ChecksumOf(copy) != BinaryPrimitives.ReadUInt32BigEndian(given.Span))
        {
            throw new ProtocolException("The checksum of a PROXY header does not fit: it was changed on its way.");
        }
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return ~sum;
    }

    private static byte FamilyOf(ProxyHeader header)
    {
        AddressesOf(header, out var family);
        return family == 0 ? (byte)0 : (byte)((family << 4) | (header.IsDatagram ? Datagram : Stream));
    }

    private static byte[] AddressesOf(ProxyHeader header, out int family)
    {
        var both = ProxyAddresses.Of(header);
        family = both?.Source switch
        {
            null => 0,
            IPEndPoint { AddressFamily: AddressFamily.InterNetwork } => 1,
            IPEndPoint => 2,
            _ => 3,
        };
        return both switch
        {
            (IPEndPoint source, IPEndPoint destination) =>
                [.. source.Address.GetAddressBytes(), .. destination.Address.GetAddressBytes(), .. PortOf(source), .. PortOf(destination)],
            ({ } source, { } destination) => [.. PathOf(source), .. PathOf(destination)],
            _ => [],
        };
    }

    private static byte[] PortOf(IPEndPoint endPoint) => [(byte)(endPoint.Port >> 8), (byte)endPoint.Port];

    private static byte[] PathOf(EndPoint endPoint)
    {
        var (address, path) = (endPoint.Serialize(), new byte[UnixLength]);
        address.Buffer.Span[sizeof(ushort)..Math.Min(address.Size, sizeof(ushort) + UnixLength)].CopyTo(path);
        return path;
    }

    private static void WriteTlvs(ProxyHeader header, Span<byte> output)
    {
        foreach (var (type, value) in header.HasChecksum ? header.Tlvs.Append(new ProxyTlv(ProxyTlv.Checksum, new byte[ChecksumLength])) : header.Tlvs)
        {
            output[0] = type;
            BinaryPrimitives.WriteUInt16BigEndian(output[1..], (ushort)value.Length);
            value.Span.CopyTo(output[TlvHeadLength..]);
            output = output[(TlvHeadLength + value.Length)..];
        }
    }
}
