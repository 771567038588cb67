namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What a <see cref="Resolver"/> remembers, and what it was good for.</summary>
public readonly record struct DnsCacheCounts
{
    /// <summary>Entries that are there: sets of records, that there are none, and failures.</summary>
    public int Entries { get; init; }

    /// <summary>Questions that were answered from memory.</summary>
    public long Hits { get; init; }

    /// <summary>Questions for which a server was asked, or the answer to somebody else's was waited for.</summary>
    public long Misses { get; init; }

    /// <summary>Questions to servers that are under way.</summary>
    public int Asking { get; init; }

    /// <summary>Answers given after their time.</summary>
    public long Stale { get; init; }

    /// <summary>The numbers.</summary>
    public override string ToString() => $"{Entries} entries, {Hits} hits, {Misses} misses, {Stale} stale, {Asking} asked for";
}
