using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Counts of distinct elements, nearly right (by 0.81 %), in at most 12 KiB.</summary>
public static class RedisHyperLogLogs
{
    /// <summary>Counts elements that were not counted yet.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="elements">May be none: an empty one is made then.</param>
    /// <returns>Whether the count has changed.</returns>
    public static Awaitable<bool> PfAdd(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> elements) =>
        redis.Writes("PFADD", Reply.Truth, [key, .. elements]);

    /// <summary>Tells how many distinct elements were counted under any of the keys.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>About how many.</returns>
    public static Awaitable<long> PfCount(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) => redis.Reads("PFCOUNT", Reply.Number, keys);

    /// <summary>Puts counts together.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="sources">From where; what the destination has stays.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> PfMerge(this IRedisCommands redis, Bytes destination, params ReadOnlySpan<Bytes> sources) =>
        redis.Writes("PFMERGE", Reply.Ok, [destination, .. sources]);
}
