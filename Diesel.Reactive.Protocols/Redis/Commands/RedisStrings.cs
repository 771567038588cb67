using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Strings: bytes, text and numbers under a key.</summary>
/// <remarks>What is missing is null. A key that holds something else is a <see cref="RedisErrorException"/> (<c>WRONGTYPE</c>).</remarks>
public static class RedisStrings
{
    /// <summary>Adds bytes at the end.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="value">To store.</param>
    /// <returns>Its length now.</returns>
    public static Awaitable<long> Append(this IRedisCommands redis, Bytes key, Bytes value) => redis.Writes("APPEND", Reply.Number, key, value);

    /// <summary>Counts down by one; what is missing is 0.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The number now.</returns>
    public static Awaitable<long> Decr(this IRedisCommands redis, Bytes key) => redis.Writes("DECR", Reply.Number, key);

    /// <summary>Counts down; what is missing is 0.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="by">How much.</param>
    /// <returns>The number now.</returns>
    public static Awaitable<long> DecrBy(this IRedisCommands redis, Bytes key, long by) => redis.Writes("DECRBY", Reply.Number, key, by);

    /// <summary>Reads a value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The value.</returns>
    public static Awaitable<Bytes?> Get(this IRedisCommands redis, Bytes key) => redis.Reads("GET", Reply.BytesOrNull, key);

    /// <summary>Reads a value and removes it.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The value.</returns>
    public static Awaitable<Bytes?> GetDel(this IRedisCommands redis, Bytes key) => redis.Writes("GETDEL", Reply.BytesOrNull, key);

    /// <summary>Reads a value and lets it expire later.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="expiry">More than zero.</param>
    /// <returns>The value.</returns>
    public static Awaitable<Bytes?> GetEx(this IRedisCommands redis, Bytes key, TimeSpan expiry) =>
        redis.Writes("GETEX", Reply.BytesOrNull, key, "PX", Reply.Milliseconds(expiry));

    /// <summary>Reads a value and lets it expire at a time.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="expiry">When.</param>
    /// <returns>The value.</returns>
    public static Awaitable<Bytes?> GetEx(this IRedisCommands redis, Bytes key, DateTimeOffset expiry) =>
        redis.Writes("GETEX", Reply.BytesOrNull, key, "PXAT", expiry.ToUnixTimeMilliseconds());

    /// <summary>Reads a value and lets it never expire.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The value.</returns>
    public static Awaitable<Bytes?> GetExPersist(this IRedisCommands redis, Bytes key) => redis.Writes("GETEX", Reply.BytesOrNull, key, "PERSIST");

    /// <summary>Reads a part of a value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="start">The first, from 0; negative: counted from the end.</param>
    /// <param name="stop">The last; negative: counted from the end.</param>
    /// <returns>The bytes; empty when there are none.</returns>
    public static Awaitable<Bytes> GetRange(this IRedisCommands redis, Bytes key, long start, long stop) => redis.Reads("GETRANGE", Reply.Bytes, key, start, stop);

    /// <summary>Replaces a value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="value">To store.</param>
    /// <returns>The one before.</returns>
    public static Awaitable<Bytes?> GetSet(this IRedisCommands redis, Bytes key, Bytes value) => redis.Writes("GETSET", Reply.BytesOrNull, key, value);

    /// <summary>Counts up by one; what is missing is 0.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The number now.</returns>
    public static Awaitable<long> Incr(this IRedisCommands redis, Bytes key) => redis.Writes("INCR", Reply.Number, key);

    /// <summary>Counts up; what is missing is 0.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="by">How much.</param>
    /// <returns>The number now.</returns>
    public static Awaitable<long> IncrBy(this IRedisCommands redis, Bytes key, long by) => redis.Writes("INCRBY", Reply.Number, key, by);

    /// <summary>Counts up by a number with a decimal point; what is missing is 0.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="by">How much.</param>
    /// <returns>The number now.</returns>
    public static Awaitable<double> IncrByFloat(this IRedisCommands redis, Bytes key, double by) => redis.Writes("INCRBYFLOAT", Reply.Double, key, by);

    /// <summary>Finds the longest common subsequence of two values.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">One.</param>
    /// <param name="other">The other.</param>
    /// <returns>The bytes.</returns>
    public static Awaitable<Bytes> Lcs(this IRedisCommands redis, Bytes key, Bytes other) => redis.Reads("LCS", Reply.Bytes, key, other);

    /// <summary>Finds where two values have their longest common subsequence.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">One.</param>
    /// <param name="other">The other.</param>
    /// <param name="minLength">Shorter runs are left out.</param>
    /// <returns>Runs of bytes, the last first.</returns>
    public static Awaitable<IReadOnlyList<LcsMatch>> LcsIdx(this IRedisCommands redis, Bytes key, Bytes other, long minLength = 0) =>
        redis.Reads("LCS", LcsMatch.ReadAll, key, other, "IDX", "MINMATCHLEN", minLength, "WITHMATCHLEN");

    /// <summary>Finds the length of the longest common subsequence of two values.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">One.</param>
    /// <param name="other">The other.</param>
    /// <returns>Bytes.</returns>
    public static Awaitable<long> LcsLen(this IRedisCommands redis, Bytes key, Bytes other) => redis.Reads("LCS", Reply.Number, key, other, "LEN");

    /// <summary>Reads many values.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>The values, in the order of the keys.</returns>
    public static Awaitable<IReadOnlyList<Bytes?>> MGet(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) => redis.Reads("MGET", Reply.ListOrNull, keys);

    /// <summary>Stores many values at once.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="pairs">Keys and values; at least one.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> MSet(this IRedisCommands redis, params ReadOnlySpan<(Bytes Key, Bytes Value)> pairs) =>
        redis.Writes("MSET", Reply.Ok, Asking.Flat(pairs));

    /// <summary>Stores many values at once, if none of the keys is there.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="pairs">Keys and values; at least one.</param>
    /// <returns>Whether it was done.</returns>
    public static Awaitable<bool> MSetNx(this IRedisCommands redis, params ReadOnlySpan<(Bytes Key, Bytes Value)> pairs) =>
        redis.Writes("MSETNX", Reply.Truth, Asking.Flat(pairs));

    /// <summary>Stores a value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="value">To store.</param>
    /// <param name="options">Conditions and expiry; default: none.</param>
    /// <returns>False: the condition was not met.</returns>
    public static Awaitable<bool> Set(this IRedisCommands redis, Bytes key, Bytes value, SetOptions options = default) =>
        options.Words() is { IsEmpty: false } words ? redis.Writes("SET", Reply.OkOrNull, [key, value, .. words]) : redis.Writes("SET", Reply.OkOrNull, key, value);

    /// <summary>Stores a value and reads the one before.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="value">To store.</param>
    /// <param name="options">Conditions and expiry; default: none.</param>
    /// <returns>The one before, whether or not the condition was met.</returns>
    public static Awaitable<Bytes?> SetGet(this IRedisCommands redis, Bytes key, Bytes value, SetOptions options = default) =>
        redis.Writes("SET", Reply.BytesOrNull, [key, value, .. options.Words(), "GET"]);

    /// <summary>Stores a value, if there is none.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="value">To store.</param>
    /// <returns>Whether it was done.</returns>
    public static Awaitable<bool> SetNx(this IRedisCommands redis, Bytes key, Bytes value) => redis.Writes("SETNX", Reply.Truth, key, value);

    /// <summary>Stores a value that expires.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="expiry">More than zero.</param>
    /// <param name="value">To store.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> SetEx(this IRedisCommands redis, Bytes key, TimeSpan expiry, Bytes value) =>
        redis.Writes("PSETEX", Reply.Ok, key, Reply.Milliseconds(expiry), value);

    /// <summary>Overwrites a part of a value; what is missing before it becomes zeros.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="start">From 0.</param>
    /// <param name="value">To store.</param>
    /// <returns>Its length now.</returns>
    public static Awaitable<long> SetRange(this IRedisCommands redis, Bytes key, long start, Bytes value) => redis.Writes("SETRANGE", Reply.Number, key, start, value);

    /// <summary>Tells the length of a value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>Bytes; 0 when it is missing.</returns>
    public static Awaitable<long> StrLen(this IRedisCommands redis, Bytes key) => redis.Reads("STRLEN", Reply.Number, key);
}
