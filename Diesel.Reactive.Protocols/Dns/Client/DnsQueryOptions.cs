namespace Diesel.Reactive.Protocols.Dns;

/// <summary>How one query asks.</summary>
public sealed record DnsQueryOptions
{
    /// <summary>The class; default <see cref="DnsClass.IN"/>.</summary>
    public DnsClass Class { get; init; } = DnsClass.IN;

    /// <summary>Whether the server shall ask others; default true.</summary>
    public bool RecursionDesired { get; init; } = true;

    /// <summary>Whether records of DNSSEC are wanted, the bit DO; default false. Needs EDNS.</summary>
    public bool DnssecOk { get; init; }

    /// <summary>Whether the server shall not check signatures; default false.</summary>
    public bool CheckingDisabled { get; init; }

    /// <summary>Over TCP from the beginning; default false.</summary>
    public bool UsesTcp { get; init; }

    internal static DnsQueryOptions Default { get; } = new();
}
