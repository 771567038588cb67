using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>An option of EDNS (RFC 6891, section 6.1.2).</summary>
/// <param name="Code">Which: the registry "DNS EDNS0 Option Codes" at IANA.</param>
/// <param name="Value">As on the wire.</param>
public readonly record struct DnsOption(ushort Code, ReadOnlyMemory<byte> Value)
{
    /// <summary>A cookie (RFC 7873).</summary>
    internal const ushort Cookie = 10;

    /// <summary>For how long a connection may be idle (RFC 7828).</summary>
    internal const ushort KeepAlive = 11;

    /// <summary>Hides the length of a message (RFC 7830).</summary>
    internal const ushort Padding = 12;

    /// <summary>Why there is no better answer (RFC 8914).</summary>
    internal const ushort ExtendedError = 15;

    /// <summary>An extended error (RFC 8914).</summary>
    /// <param name="error">What is told.</param>
    /// <returns>The option.</returns>
    public static DnsOption Of(ExtendedDnsError error) =>
        new(ExtendedError, (byte[])[(byte)(error.Code >> 8), (byte)error.Code, .. Encoding.UTF8.GetBytes(error.Text)]);

    /// <summary>Code and bytes.</summary>
    public override string ToString() => $"option {Code}: {Convert.ToHexString(Value.Span)}";
}
