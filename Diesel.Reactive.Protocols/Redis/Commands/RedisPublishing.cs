namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Messages to those who have subscribed, and who they are.</summary>
public static class RedisPublishing
{
    /// <summary>Sends a message to all who have subscribed to its channel.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="channel">Where.</param>
    /// <param name="message">What.</param>
    /// <returns>How many of them are connected to this server.</returns>
    public static Awaitable<long> Publish(this IRedisCommands redis, Bytes channel, Bytes message) =>
        redis.Writes("PUBLISH", Reply.Number, channel, message);

    /// <summary>Sends a message within a shard of a cluster.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="channel">Where.</param>
    /// <param name="message">What.</param>
    /// <returns>How many subscribers are connected to this server.</returns>
    public static Awaitable<long> SPublish(this IRedisCommands redis, Bytes channel, Bytes message) =>
        redis.Writes("SPUBLISH", Reply.Number, channel, message);

    /// <summary>Lists the channels that somebody has subscribed to.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="pattern">With <c>*</c>, <c>?</c> and <c>[…]</c>; null: all.</param>
    /// <returns>Those of this server.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> PubSubChannels(this IRedisCommands redis, Bytes? pattern = null) =>
        redis.Reads("PUBSUB CHANNELS", Reply.List, pattern is { } some ? new Bytes[] { some } : []);

    /// <summary>Counts the patterns that somebody has subscribed to.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>Those of this server.</returns>
    public static Awaitable<long> PubSubNumPat(this IRedisCommands redis) => redis.Reads("PUBSUB NUMPAT", Reply.Number);

    /// <summary>Counts who has subscribed to channels.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="channels">Which.</param>
    /// <returns>Those of this server.</returns>
    public static Awaitable<IReadOnlyDictionary<Bytes, long>> PubSubNumSub(this IRedisCommands redis, params ReadOnlySpan<Bytes> channels) =>
        redis.Reads("PUBSUB NUMSUB", Reply.Tallies, channels);

    /// <summary>Lists the channels of a shard that somebody has subscribed to.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="pattern">With <c>*</c>, <c>?</c> and <c>[…]</c>; null: all.</param>
    /// <returns>Those of this server.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> PubSubShardChannels(this IRedisCommands redis, Bytes? pattern = null) =>
        redis.Reads("PUBSUB SHARDCHANNELS", Reply.List, pattern is { } some ? new Bytes[] { some } : []);

    /// <summary>Counts who has subscribed to channels of a shard.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="channels">Which.</param>
    /// <returns>Those of this server.</returns>
    public static Awaitable<IReadOnlyDictionary<Bytes, long>> PubSubShardNumSub(this IRedisCommands redis, params ReadOnlySpan<Bytes> channels) =>
        redis.Reads("PUBSUB SHARDNUMSUB", Reply.Tallies, channels);
}
