namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What a service counts.</summary>
internal sealed class MemcachedCounters
{
    public long Gets;
    public long GetHits;
    public long Sets;
    public long Flushes;
    public long Touches;
    public long TouchHits;
    public long DeleteHits;
    public long DeleteMisses;
    public long IncrementHits;
    public long IncrementMisses;
    public long DecrementHits;
    public long DecrementMisses;
    public long CasHits;
    public long CasMisses;
    public long CasBad;
    public long MetaCommands;
    public long Expired;

    /// <summary>From zero again.</summary>
    public void Reset()
    {
        (Gets, GetHits, Sets, Flushes, Touches, TouchHits) = (0, 0, 0, 0, 0, 0);
        (DeleteHits, DeleteMisses, IncrementHits, IncrementMisses, DecrementHits, DecrementMisses) = (0, 0, 0, 0, 0, 0);
        (CasHits, CasMisses, CasBad, MetaCommands, Expired) = (0, 0, 0, 0, 0);
    }
}
