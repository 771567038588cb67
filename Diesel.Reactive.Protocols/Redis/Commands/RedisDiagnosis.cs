using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Where a server loses time and memory.</summary>
public static class RedisDiagnosis
{
    private static readonly Func<RespValue, IReadOnlyList<LatencySample>> AllLatencySample = Reply.ListOf(LatencySample.Read);
    private static readonly Func<RespValue, IReadOnlyList<LatencySpike>> AllLatencySpike = Reply.ListOf(LatencySpike.Read);
    private static readonly Func<RespValue, IReadOnlyList<SlowLogEntry>> AllSlowLogEntry = Reply.ListOf(SlowLogEntry.Read);

    /// <summary>Explains what has held the server up.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>For a person to read.</returns>
    public static Awaitable<string> LatencyDoctor(this IRedisCommands redis) => redis.Reads("LATENCY DOCTOR", Reply.Text);

    /// <summary>Draws how long something has held the server up.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="name">Of the event: <c>command</c>, <c>fork</c>, …</param>
    /// <returns>For a person to look at.</returns>
    public static Awaitable<string> LatencyGraph(this IRedisCommands redis, string name) => redis.Reads("LATENCY GRAPH", Reply.Text, name);

    /// <summary>Tells how long commands take.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="commands">Which; empty: all that were sent.</param>
    /// <returns>For each how often (<c>calls</c>), and how many took at most so many microseconds (<c>histogram_usec</c>).</returns>
    public static Awaitable<IReadOnlyDictionary<string, RespValue>> LatencyHistogram(this IRedisCommands redis, params ReadOnlySpan<Bytes> commands) =>
        redis.Reads("LATENCY HISTOGRAM", Reply.Named, commands);

    /// <summary>Tells when something has held the server up.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="name">Of the event: <c>command</c>, <c>fork</c>, …</param>
    /// <returns>The last 160 seconds in which it did.</returns>
    public static Awaitable<IReadOnlyList<LatencySample>> LatencyHistory(this IRedisCommands redis, string name) =>
        redis.Reads("LATENCY HISTORY", AllLatencySample, name);

    /// <summary>Tells what has held the server up.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>In no order.</returns>
    public static Awaitable<IReadOnlyList<LatencySpike>> LatencyLatest(this IRedisCommands redis) => redis.Reads("LATENCY LATEST", AllLatencySpike);

    /// <summary>Makes the server forget what has held it up.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="names">Of events; empty: all.</param>
    /// <returns>Of how many events.</returns>
    public static Awaitable<long> LatencyReset(this IRedisCommands redis, params ReadOnlySpan<Bytes> names) =>
        redis.Writes("LATENCY RESET", Reply.Number, names);

    /// <summary>Explains where the server's memory goes.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>For a person to read.</returns>
    public static Awaitable<string> MemoryDoctor(this IRedisCommands redis) => redis.Reads("MEMORY DOCTOR", Reply.Text);

    /// <summary>Tells what the allocator counts.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>For a person to read.</returns>
    public static Awaitable<string> MemoryMallocStats(this IRedisCommands redis) => redis.Reads("MEMORY MALLOC-STATS", Reply.Text);

    /// <summary>Makes the allocator give back what it can.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> MemoryPurge(this IRedisCommands redis) => redis.Writes("MEMORY PURGE", Reply.Ok);

    /// <summary>Counts where the server's memory goes.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>Bytes, mostly, by name.</returns>
    public static Awaitable<IReadOnlyDictionary<string, RespValue>> MemoryStats(this IRedisCommands redis) =>
        redis.Reads("MEMORY STATS", Reply.Named);

    /// <summary>Tells how much memory a key takes.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="samples">How many elements are looked at; 0: all; null: 5.</param>
    /// <returns>Bytes; null: there is no such key.</returns>
    public static Awaitable<long?> MemoryUsage(this IRedisCommands redis, Bytes key, long? samples = null) =>
        redis.Reads("MEMORY USAGE", Reply.NumberOrNull, [key, .. samples is { } some ? new Bytes[] { "SAMPLES", some } : []]);

    /// <summary>Tells which commands took longest.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="count">How many at most; -1: all.</param>
    /// <returns>The newest first.</returns>
    public static Awaitable<IReadOnlyList<SlowLogEntry>> SlowLogGet(this IRedisCommands redis, long count = 10) =>
        redis.Reads("SLOWLOG GET", AllSlowLogEntry, count);

    /// <summary>Counts the commands that took long.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>How many the server remembers.</returns>
    public static Awaitable<long> SlowLogLen(this IRedisCommands redis) => redis.Reads("SLOWLOG LEN", Reply.Number);

    /// <summary>Makes the server forget which commands took long.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> SlowLogReset(this IRedisCommands redis) => redis.Writes("SLOWLOG RESET", Reply.Ok);
}
