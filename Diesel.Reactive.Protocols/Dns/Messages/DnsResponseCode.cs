namespace Diesel.Reactive.Protocols.Dns;

/// <summary>How a server answers, with the upper bits that EDNS adds.</summary>
public enum DnsResponseCode
{
    /// <summary>All is well (NOERROR), also when there is no such record.</summary>
    NoError = 0,

    /// <summary>The server does not understand the question (FORMERR).</summary>
    FormatError = 1,

    /// <summary>The server cannot answer now (SERVFAIL).</summary>
    ServerFailure = 2,

    /// <summary>There is no such name (NXDOMAIN).</summary>
    NameError = 3,

    /// <summary>The server does not do such things (NOTIMP).</summary>
    NotImplemented = 4,

    /// <summary>The server does not want to (REFUSED).</summary>
    Refused = 5,

    /// <summary>A name would be too long (YXDOMAIN; RFC 6672).</summary>
    NameExists = 6,

    /// <summary>The server does not have that zone (NOTAUTH; RFC 2136).</summary>
    NotAuthorized = 9,

    /// <summary>The server does not know that version of EDNS (BADVERS; RFC 6891).</summary>
    BadVersion = 16,

    /// <summary>The server wants its cookie (BADCOOKIE; RFC 7873).</summary>
    BadCookie = 23,
}

/// <summary>Codes as text.</summary>
internal static class DnsResponseCodeText
{
    /// <summary>The name the field knows it by.</summary>
    public static string Print(this DnsResponseCode code) => code switch
    {
        DnsResponseCode.NoError => "NOERROR",
        DnsResponseCode.FormatError => "FORMERR",
        DnsResponseCode.ServerFailure => "SERVFAIL",
        DnsResponseCode.NameError => "NXDOMAIN",
        DnsResponseCode.NotImplemented => "NOTIMP",
        DnsResponseCode.Refused => "REFUSED",
        DnsResponseCode.NameExists => "YXDOMAIN",
        DnsResponseCode.NotAuthorized => "NOTAUTH",
        DnsResponseCode.BadVersion => "BADVERS",
        DnsResponseCode.BadCookie => "BADCOOKIE",
        _ => $"RCODE{(int)code}",
    };
}
