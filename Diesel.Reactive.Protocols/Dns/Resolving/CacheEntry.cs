namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Of which name, and what.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type; none: that there is no such name is known, for all types.</param>
internal readonly record struct CacheKey(DnsName Name, DnsType Type);

/// <summary>A set of records; that there is none; or that nobody could tell.</summary>
internal sealed class CacheEntry(CacheKey key)
{
    public CacheKey Key => key;

    /// <summary>One set; empty: there is none.</summary>
    public IReadOnlyList<DnsRecord> Records { get; init; } = [];

    /// <summary>Says for how long there is none.</summary>
    public SoaRecord? Soa { get; init; }

    public DnsResponseCode Code { get; init; }

    /// <summary>Why nobody could tell.</summary>
    public Exception? Failure { get; init; }

    /// <summary>How often in a row.</summary>
    public int Failures { get; init; }

    /// <summary>How long it holds: the least of the set.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>Until when it holds.</summary>
    public TimeSpan Expires { get; init; }

    /// <summary>After its time, from when on it may be asked for anew.</summary>
    public TimeSpan RefreshAt { get; set; }

    /// <summary>Its place among all, by use.</summary>
    public LinkedListNode<CacheEntry>? Place { get; set; }

    public TimeSpan Left(TimeSpan now) => Expires > now ? Expires - now : TimeSpan.Zero;
}
