namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Hashes: fields with values under one key.</summary>
/// <remarks>What is missing is null, or empty.</remarks>
public static class RedisHashes
{
    /// <summary>Removes fields.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="fields">At least one.</param>
    /// <returns>How many there were.</returns>
    public static Awaitable<long> HDel(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> fields) => redis.Writes("HDEL", Reply.Number, [key, .. fields]);

    /// <summary>Tells whether a field is there.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="field">Which.</param>
    /// <returns>Whether it is.</returns>
    public static Awaitable<bool> HExists(this IRedisCommands redis, Bytes key, Bytes field) => redis.Reads("HEXISTS", Reply.Truth, key, field);

    /// <summary>Reads a field.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="field">Which.</param>
    /// <returns>Its value.</returns>
    public static Awaitable<Bytes?> HGet(this IRedisCommands redis, Bytes key, Bytes field) => redis.Reads("HGET", Reply.BytesOrNull, key, field);

    /// <summary>Reads all fields.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>Their values; empty when the key is missing.</returns>
    public static Awaitable<IReadOnlyDictionary<Bytes, Bytes>> HGetAll(this IRedisCommands redis, Bytes key) => redis.Reads("HGETALL", Reply.Map, key);

    /// <summary>Counts a field up; what is missing is 0.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="field">Which.</param>
    /// <param name="by">How much.</param>
    /// <returns>The number now.</returns>
    public static Awaitable<long> HIncrBy(this IRedisCommands redis, Bytes key, Bytes field, long by) => redis.Writes("HINCRBY", Reply.Number, key, field, by);

    /// <summary>Counts a field up by a number with a decimal point; what is missing is 0.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="field">Which.</param>
    /// <param name="by">How much.</param>
    /// <returns>The number now.</returns>
    public static Awaitable<double> HIncrByFloat(this IRedisCommands redis, Bytes key, Bytes field, double by) =>
        redis.Writes("HINCRBYFLOAT", Reply.Double, key, field, by);

    /// <summary>Lists the fields.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>In no order.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> HKeys(this IRedisCommands redis, Bytes key) => redis.Reads("HKEYS", Reply.List, key);

    /// <summary>Counts the fields.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> HLen(this IRedisCommands redis, Bytes key) => redis.Reads("HLEN", Reply.Number, key);

    /// <summary>Reads some fields.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="fields">At least one.</param>
    /// <returns>Their values, in this order.</returns>
    public static Awaitable<IReadOnlyList<Bytes?>> HMGet(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> fields) =>
        redis.Reads("HMGET", Reply.ListOrNull, [key, .. fields]);

    /// <summary>Picks a field.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The field.</returns>
    public static Awaitable<Bytes?> HRandField(this IRedisCommands redis, Bytes key) => redis.Reads("HRANDFIELD", Reply.BytesOrNull, key);

    /// <summary>Picks fields.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="count">How many; negative: that many, with repetitions.</param>
    /// <returns>The fields.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> HRandField(this IRedisCommands redis, Bytes key, long count) => redis.Reads("HRANDFIELD", Reply.List, key, count);

    /// <summary>Picks fields with their values.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="count">How many; negative: that many, with repetitions.</param>
    /// <returns>The fields and values.</returns>
    public static Awaitable<IReadOnlyList<KeyValuePair<Bytes, Bytes>>> HRandFieldWithValues(this IRedisCommands redis, Bytes key, long count) =>
        redis.Reads("HRANDFIELD", Reply.Pairs, key, count, "WITHVALUES");

    /// <summary>Stores a field.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="field">Which.</param>
    /// <param name="value">To store.</param>
    /// <returns>Whether it is new.</returns>
    public static Awaitable<bool> HSet(this IRedisCommands redis, Bytes key, Bytes field, Bytes value) => redis.Writes("HSET", Reply.Truth, key, field, value);

    /// <summary>Stores fields.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="pairs">Fields and values; at least one.</param>
    /// <returns>How many are new.</returns>
    public static Awaitable<long> HSet(this IRedisCommands redis, Bytes key, params ReadOnlySpan<(Bytes Field, Bytes Value)> pairs) =>
        redis.Writes("HSET", Reply.Number, [key, .. Asking.Flat(pairs)]);

    /// <summary>Stores a field, if it is not there.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="field">Which.</param>
    /// <param name="value">To store.</param>
    /// <returns>Whether it was done.</returns>
    public static Awaitable<bool> HSetNx(this IRedisCommands redis, Bytes key, Bytes field, Bytes value) => redis.Writes("HSETNX", Reply.Truth, key, field, value);

    /// <summary>Tells the length of a field's value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="field">Which.</param>
    /// <returns>Bytes; 0 when it is missing.</returns>
    public static Awaitable<long> HStrLen(this IRedisCommands redis, Bytes key, Bytes field) => redis.Reads("HSTRLEN", Reply.Number, key, field);

    /// <summary>Lists the values.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>In no order.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> HVals(this IRedisCommands redis, Bytes key) => redis.Reads("HVALS", Reply.List, key);
}
