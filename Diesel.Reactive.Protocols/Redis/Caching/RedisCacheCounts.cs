namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A cache's numbers at one moment.</summary>
/// <param name="Hits">Reads that were answered here.</param>
/// <param name="Misses">Reads that the server was asked for.</param>
/// <param name="Invalidated">Values that were dropped because their keys changed, or may have.</param>
/// <param name="Evicted">Values that were dropped for want of room.</param>
/// <param name="Entries">Values that are kept now.</param>
/// <param name="Bytes">Their bytes.</param>
public readonly record struct RedisCacheCounts(long Hits, long Misses, long Invalidated, long Evicted, int Entries, long Bytes);
