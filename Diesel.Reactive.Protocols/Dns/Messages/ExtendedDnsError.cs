using System.Buffers.Binary;
using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Why a server has no better answer (RFC 8914).</summary>
/// <param name="Code">Which reason: the registry "Extended DNS Error Codes" at IANA.</param>
/// <param name="Text">What else the server says; may be empty.</param>
public readonly record struct ExtendedDnsError(ushort Code, string Text = "")
{
    private static readonly string[] Names =
    [
        "other error", "unsupported DNSKEY algorithm", "unsupported DS digest type", "stale answer", "forged answer", "DNSSEC indeterminate", "DNSSEC bogus",
        "signature expired", "signature not yet valid", "DNSKEY missing", "RRSIGs missing", "no zone key bit set", "NSEC missing", "cached error", "not ready",
        "blocked", "censored", "filtered", "prohibited", "stale NXDOMAIN answer", "not authoritative", "not supported", "no reachable authority", "network error",
        "invalid data",
    ];

    /// <summary>The reason, with the server's text.</summary>
    public override string ToString() => $"{(Code < Names.Length ? Names[Code] : $"extended error {Code}")}{(Text is null or "" ? "" : $" ({Text})")}";

    internal static bool TryRead(DnsOption option, out ExtendedDnsError error)
    {
        error = default;
        if (option.Code != DnsOption.ExtendedError || option.Value.Length < 2)
        {
            return false;
        }

        var value = option.Value.Span;
        error = new(BinaryPrimitives.ReadUInt16BigEndian(value), Encoding.UTF8.GetString(value[2..]).TrimEnd('\0'));
        return true;
    }
}
