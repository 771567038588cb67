namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Of which name, and what.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type; none: that there is no such name is known, for all types.</param>
internal readonly record struct CacheKey(DnsName Name, DnsType Type)
{
    public bool Equals(CacheKey other) => Type == other.Type && Name.Equals(other.Name);

    public override int GetHashCode() => Name.GetHashCode() ^ ((int)Type * 0x5bd1e995);
}

/// <summary>A set of records; that there is none; or that nobody could tell. Read on any thread; changed, and gone, on the hub.</summary>
internal sealed class CacheEntry(CacheKey key)
{
    private volatile Told? _told;
    private volatile bool _isGone;
    private volatile bool _wasUsed;

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

    /// <summary>Its place among all that are remembered.</summary>
    public LinkedListNode<CacheEntry>? Place { get; set; }

    /// <summary>Whether it is remembered no more.</summary>
    public bool IsGone { get => _isGone; set => _isGone = value; }

    /// <summary>Whether it was used since somebody looked.</summary>
    public bool WasUsed => _wasUsed;

    public TimeSpan Left(TimeSpan now) => Expires > now ? Expires - now : TimeSpan.Zero;

    public void Use(bool isUsed = true)
    {
        if (_wasUsed != isUsed)
        {
            _wasUsed = isUsed;
        }
    }

    /// <summary>The reply with the time that is left, when somebody was told it within the same second of it.</summary>
    public DnsReply? ReplyAt(TimeSpan now) => _told is { } told && now < told.Until ? told.Reply : null;

    /// <summary>The reply with the time that is left, for all who ask within the same second of it.</summary>
    /// <param name="now">Before its time is over.</param>
    public DnsReply ToReply(TimeSpan now)
    {
        var reply = new DnsAnswer(new(key.Name, key.Type), [], this, now, isStale: false).ToReply();

        // Seconds are rounded up.
        _told = new Told(reply, Expires - TimeSpan.FromSeconds(Math.Ceiling(Left(now).TotalSeconds) - 1));
        return reply;
    }

    private sealed record Told(DnsReply Reply, TimeSpan Until);
}
