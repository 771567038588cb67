namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Sorted sets: ranges of members, and sets put together with weights.</summary>
public static class RedisSortedSetRanges
{
    /// <summary>Stores the common members of sorted sets.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="options">Which scores they get.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> ZInterStore(this IRedisCommands redis, Bytes destination, ZAggregateOptions options, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("ZINTERSTORE", Reply.Number, [destination, keys.Length, .. keys, .. options.Words(keys.Length)]);

    /// <summary>Reads the common members of sorted sets.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="options">Which scores they get.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlyList<Scored>> ZInter(this IRedisCommands redis, ZAggregateOptions options, params ReadOnlySpan<Bytes> keys) =>
        redis.Reads("ZINTER", Reply.Scores, [keys.Length, .. keys, .. options.Words(keys.Length), "WITHSCORES"]);

    /// <summary>Reads the members that any sorted set has.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="options">Which scores they get.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlyList<Scored>> ZUnion(this IRedisCommands redis, ZAggregateOptions options, params ReadOnlySpan<Bytes> keys) =>
        redis.Reads("ZUNION", Reply.Scores, [keys.Length, .. keys, .. options.Words(keys.Length), "WITHSCORES"]);

    /// <summary>Stores the members that any sorted set has.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="options">Which scores they get.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> ZUnionStore(this IRedisCommands redis, Bytes destination, ZAggregateOptions options, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("ZUNIONSTORE", Reply.Number, [destination, keys.Length, .. keys, .. options.Words(keys.Length)]);

    /// <summary>Counts the members of a range, where all have the same score.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="range">Which.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> ZLexCount(this IRedisCommands redis, Bytes key, LexRange range = default) =>
        redis.Reads("ZLEXCOUNT", Reply.Number, key, range.Min, range.Max);

    /// <summary>Reads the members of a range, where all have the same score.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="range">Which.</param>
    /// <param name="reversed">Whether the last come first.</param>
    /// <param name="skip">How many are left out first.</param>
    /// <param name="count">How many at most; -1: all.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> ZRangeByLex(this IRedisCommands redis, Bytes key, LexRange range = default, bool reversed = false, long skip = 0, long count = -1) =>
        redis.Reads("ZRANGE", Reply.List, [key, reversed ? range.Max : range.Min, reversed ? range.Min : range.Max, "BYLEX", .. "REV".If(reversed), "LIMIT", skip, count]);

    /// <summary>Stores members by their places.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="source">From where.</param>
    /// <param name="start">The first, from 0; negative: counted from the end.</param>
    /// <param name="stop">The last; negative: counted from the end.</param>
    /// <param name="reversed">Whether the last come first.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> ZRangeStore(this IRedisCommands redis, Bytes destination, Bytes source, long start = 0, long stop = -1, bool reversed = false) =>
        redis.Writes("ZRANGESTORE", Reply.Number, [destination, source, start, stop, .. "REV".If(reversed)]);

    /// <summary>Stores members by their scores.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="source">From where.</param>
    /// <param name="range">Which.</param>
    /// <param name="reversed">Whether the last come first.</param>
    /// <param name="skip">How many are left out first.</param>
    /// <param name="count">How many at most; -1: all.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> ZRangeStoreByScore(this IRedisCommands redis, Bytes destination, Bytes source, ScoreRange range, bool reversed = false, long skip = 0, long count = -1) =>
        redis.Writes("ZRANGESTORE", Reply.Number, [destination, source, reversed ? range.Max : range.Min, reversed ? range.Min : range.Max, "BYSCORE", .. "REV".If(reversed), "LIMIT", skip, count]);

    /// <summary>Stores the members of a range, where all have the same score.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="source">From where.</param>
    /// <param name="range">Which.</param>
    /// <param name="reversed">Whether the last come first.</param>
    /// <param name="skip">How many are left out first.</param>
    /// <param name="count">How many at most; -1: all.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> ZRangeStoreByLex(this IRedisCommands redis, Bytes destination, Bytes source, LexRange range, bool reversed = false, long skip = 0, long count = -1) =>
        redis.Writes("ZRANGESTORE", Reply.Number, [destination, source, reversed ? range.Max : range.Min, reversed ? range.Min : range.Max, "BYLEX", .. "REV".If(reversed), "LIMIT", skip, count]);

    /// <summary>Removes the members of a range, where all have the same score.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="range">Which.</param>
    /// <returns>How many there were.</returns>
    public static Awaitable<long> ZRemRangeByLex(this IRedisCommands redis, Bytes key, LexRange range) =>
        redis.Writes("ZREMRANGEBYLEX", Reply.Number, key, range.Min, range.Max);
}
