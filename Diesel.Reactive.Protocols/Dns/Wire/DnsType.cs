using System.Globalization;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What a record holds, or what is asked for. Any other number is one as well.</summary>
/// <remarks>Source: the registry of DNS parameters at IANA.</remarks>
public enum DnsType : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>An IPv4 address (RFC 1035).</summary>
    A = 1,

    /// <summary>A server of the zone (RFC 1035).</summary>
    NS = 2,

    /// <summary>Another name for it (RFC 1035).</summary>
    CNAME = 5,

    /// <summary>The beginning of a zone (RFC 1035).</summary>
    SOA = 6,

    /// <summary>A name it points to, as addresses do (RFC 1035).</summary>
    PTR = 12,

    /// <summary>Processor and system (RFC 1035).</summary>
    HINFO = 13,

    /// <summary>Where its mail goes (RFC 1035).</summary>
    MX = 15,

    /// <summary>Text (RFC 1035).</summary>
    TXT = 16,

    /// <summary>An IPv6 address (RFC 3596).</summary>
    AAAA = 28,

    /// <summary>Where it lies on Earth (RFC 1876).</summary>
    LOC = 29,

    /// <summary>Where a service is (RFC 2782).</summary>
    SRV = 33,

    /// <summary>A rule that makes names (RFC 3403).</summary>
    NAPTR = 35,

    /// <summary>Another name for all below it (RFC 6672).</summary>
    DNAME = 39,

    /// <summary>No record: what extends the message (RFC 6891).</summary>
    OPT = 41,

    /// <summary>The digest of a zone's key (RFC 4034).</summary>
    DS = 43,

    /// <summary>The fingerprint of an SSH key (RFC 4255).</summary>
    SSHFP = 44,

    /// <summary>A signature (RFC 4034).</summary>
    RRSIG = 46,

    /// <summary>The next name, as a proof that there is none between (RFC 4034).</summary>
    NSEC = 47,

    /// <summary>A zone's key (RFC 4034).</summary>
    DNSKEY = 48,

    /// <summary>The next hashed name (RFC 5155).</summary>
    NSEC3 = 50,

    /// <summary>Which certificate a service has (RFC 6698).</summary>
    TLSA = 52,

    /// <summary>How to reach a service (RFC 9460).</summary>
    SVCB = 64,

    /// <summary>How to reach a web site (RFC 9460).</summary>
    HTTPS = 65,

    /// <summary>Asks for what has changed in a zone (RFC 1995).</summary>
    IXFR = 251,

    /// <summary>Asks for a whole zone (RFC 5936).</summary>
    AXFR = 252,

    /// <summary>Asks for all types, or some (RFC 8482).</summary>
    ANY = 255,

    /// <summary>A URI (RFC 7553).</summary>
    URI = 256,

    /// <summary>Who may issue certificates for it (RFC 8659).</summary>
    CAA = 257,
}

/// <summary>Types as text: their names, and <c>TYPE731</c> for those that have none (RFC 3597, section 5).</summary>
internal static class DnsTypeText
{
    public static string Print(this DnsType type) => Enum.IsDefined(type) && type != DnsType.None ? type.ToString() : string.Create(CultureInfo.InvariantCulture, $"TYPE{(ushort)type}");

    public static bool TryParse(ReadOnlySpan<char> text, out DnsType type)
    {
        if (text.StartsWith("TYPE", StringComparison.OrdinalIgnoreCase) && ushort.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            type = (DnsType)number;
            return true;
        }

        type = default;
        return !text.IsEmpty && char.IsAsciiLetter(text[0]) && !text.Contains(',') && Enum.TryParse(text, ignoreCase: true, out type) && type != DnsType.None;
    }
}
