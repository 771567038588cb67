using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive;

/// <summary>The PROXY protocol, version 1: <c>PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n</c>.</summary>
/// <remarks>Section 2.1: one blank between the parts, decimal numbers without leading zeros, at most 107 bytes.</remarks>
internal static class ProxyLine
{
    private const int MostLength = 107;
    private const int Parts = 6;

    public static ReadOnlySpan<byte> Signature => "PROXY "u8;

    private static ReadOnlySpan<byte> End => "\r\n"u8;

    /// <summary>How long it is, its end included; 0: more is needed to know.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes, int maxLength)
    {
        var common = Math.Min(bytes.Length, Signature.Length);
        if (!bytes[..common].SequenceEqual(Signature[..common]))
        {
            throw ProxyProtocol.NoHeader(bytes);
        }

        var most = Math.Min(MostLength, maxLength);
        var end = bytes[..Math.Min(bytes.Length, most)].IndexOf(End);
        return end >= 0 ? end + End.Length
            : bytes.Length < most ? 0
            : throw new FrameTooLongException(bytes.Length, most);
    }

    public static ProxyHeader Parse(ReadOnlySpan<byte> line)
    {
        var text = Encoding.Latin1.GetString(line[..^End.Length]);
        var parts = text.Split(' ');
        if (parts[1] == "UNKNOWN")
        {
            return new ProxyHeader { Version = 1 };
        }

        var family = parts[1] switch
        {
            "TCP4" => AddressFamily.InterNetwork,
            "TCP6" => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        return parts.Length == Parts && EndPointOf(family, parts[2], parts[4]) is { } source && EndPointOf(family, parts[3], parts[5]) is { } destination
            ? new ProxyHeader { Version = 1, Source = source, Destination = destination }
            : throw new ProtocolException($"'{Label.OneLine(text)}' is no line of the PROXY protocol.");
    }

    public static byte[] Of(ProxyHeader header)
    {
        if (header.IsLocal || header.IsDatagram || header.HasChecksum || header.Tlvs.Count > 0)
        {
            throw new ArgumentException("Version 1 of the PROXY protocol knows addresses only: take version 2 for a local header, datagrams, a checksum or TLVs.", nameof(header));
        }

        return Encoding.ASCII.GetBytes(ProxyAddresses.Of(header) is (IPEndPoint source, IPEndPoint destination)
            ? string.Create(CultureInfo.InvariantCulture,
                $"PROXY TCP{(source.AddressFamily == AddressFamily.InterNetwork ? 4 : 6)} {source.Address} {destination.Address} {source.Port} {destination.Port}\r\n")
            : "PROXY UNKNOWN\r\n");
    }

    // What is written in another way than the protocol's may be read in another way by the next.
    private static IPEndPoint? EndPointOf(AddressFamily family, string address, string port) =>
        IPAddress.TryParse(address, out var ip) && ip.AddressFamily == family && IsPlain(ip, address)
        && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (port.Length == 1 || port[0] != '0')
            ? new IPEndPoint(ip, number)
            : null;

    private static bool IsPlain(IPAddress ip, string address) =>
        ip.AddressFamily == AddressFamily.InterNetwork ? ip.ToString() == address : !address.AsSpan().ContainsAny("[]%/");
}
