using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Lists: values in order, with a left and a right end.</summary>
/// <remarks>What is missing is null, or empty.</remarks>
public static class RedisLists
{
    /// <summary>Reads one value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="index">From 0; negative: counted from the right.</param>
    /// <returns>The value.</returns>
    public static Awaitable<Bytes?> LIndex(this IRedisCommands redis, Bytes key, long index) => redis.Reads("LINDEX", Reply.BytesOrNull, key, index);

    /// <summary>Puts a value before another.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="pivot">The other: the leftmost that equals it.</param>
    /// <param name="value">To store.</param>
    /// <returns>The length now; -1: the other is not there, 0: the list is not.</returns>
    public static Awaitable<long> LInsertBefore(this IRedisCommands redis, Bytes key, Bytes pivot, Bytes value) =>
        redis.Writes("LINSERT", Reply.Number, key, "BEFORE", pivot, value);

    /// <summary>Puts a value behind another.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="pivot">The other: the leftmost that equals it.</param>
    /// <param name="value">To store.</param>
    /// <returns>The length now; -1: the other is not there, 0: the list is not.</returns>
    public static Awaitable<long> LInsertAfter(this IRedisCommands redis, Bytes key, Bytes pivot, Bytes value) =>
        redis.Writes("LINSERT", Reply.Number, key, "AFTER", pivot, value);

    /// <summary>Counts the values.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> LLen(this IRedisCommands redis, Bytes key) => redis.Reads("LLEN", Reply.Number, key);

    /// <summary>Moves a value from one list to another, or the same.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="source">From where.</param>
    /// <param name="destination">To where.</param>
    /// <param name="from">From which end.</param>
    /// <param name="to">To which end.</param>
    /// <returns>The value.</returns>
    public static Awaitable<Bytes?> LMove(this IRedisCommands redis, Bytes source, Bytes destination, ListEnd from = ListEnd.Left, ListEnd to = ListEnd.Right) =>
        redis.Writes("LMOVE", Reply.BytesOrNull, source, destination, from.Word(), to.Word());

    /// <summary>Takes values from the first list that has some.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="from">From which end.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>Which list, and the values; null: all are empty.</returns>
    public static Awaitable<(Bytes Key, IReadOnlyList<Bytes> Items)?> LMPop(this IRedisCommands redis, ListEnd from, long count, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("LMPOP", Reply.PoppedOrNull, [keys.Length, .. keys, from.Word(), "COUNT", count]);

    /// <summary>Takes the leftmost value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The value.</returns>
    public static Awaitable<Bytes?> LPop(this IRedisCommands redis, Bytes key) => redis.Writes("LPOP", Reply.BytesOrNull, key);

    /// <summary>Takes values from the left.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>The values.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> LPop(this IRedisCommands redis, Bytes key, long count) => redis.Writes("LPOP", Reply.ListOrEmpty, key, count);

    /// <summary>Finds a value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="value">To find.</param>
    /// <param name="rank">The how manieth that equals it; negative: searched from the right.</param>
    /// <param name="maxLength">How many values are looked at; 0: all.</param>
    /// <returns>Its index; null: it is not there.</returns>
    public static Awaitable<long?> LPos(this IRedisCommands redis, Bytes key, Bytes value, long rank = 1, long maxLength = 0) =>
        redis.Reads("LPOS", Reply.NumberOrNull, [key, value, "RANK", rank, .. MaxLength(maxLength)]);

    /// <summary>Finds all that equal a value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="value">To find.</param>
    /// <param name="rank">With which to begin; negative: searched from the right.</param>
    /// <param name="count">How many at most; 0: all.</param>
    /// <param name="maxLength">How many values are looked at; 0: all.</param>
    /// <returns>Their indexes.</returns>
    public static Awaitable<IReadOnlyList<long>> LPosAll(this IRedisCommands redis, Bytes key, Bytes value, long rank = 1, long count = 0, long maxLength = 0) =>
        redis.Reads("LPOS", Reply.Numbers, [key, value, "RANK", rank, "COUNT", count, .. MaxLength(maxLength)]);

    /// <summary>Adds values at the left, one after the other.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="values">At least one.</param>
    /// <returns>Its length now.</returns>
    public static Awaitable<long> LPush(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> values) =>
        redis.Writes("LPUSH", Reply.Number, [key, .. values]);

    /// <summary>Adds values at the left, if there is a list.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="values">At least one.</param>
    /// <returns>Its length now; 0: there is none.</returns>
    public static Awaitable<long> LPushX(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> values) =>
        redis.Writes("LPUSHX", Reply.Number, [key, .. values]);

    /// <summary>Reads values.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="start">The first, from 0; negative: counted from the end.</param>
    /// <param name="stop">The last; negative: counted from the end.</param>
    /// <returns>The values, from the left.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> LRange(this IRedisCommands redis, Bytes key, long start = 0, long stop = -1) =>
        redis.Reads("LRANGE", Reply.List, key, start, stop);

    /// <summary>Removes values that equal one.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="value">The one.</param>
    /// <param name="count">How many, from the left; negative: from the right; 0: all.</param>
    /// <returns>How many were removed.</returns>
    public static Awaitable<long> LRem(this IRedisCommands redis, Bytes key, Bytes value, long count = 0) => redis.Writes("LREM", Reply.Number, key, count, value);

    /// <summary>Replaces one value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="index">From 0; negative: counted from the right.</param>
    /// <param name="value">To store.</param>
    /// <returns>When it is done; an error when there is none.</returns>
    public static Awaitable<Unit> LSet(this IRedisCommands redis, Bytes key, long index, Bytes value) => redis.Writes("LSET", Reply.Ok, key, index, value);

    /// <summary>Removes all values but some.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="start">The first, from 0; negative: counted from the end.</param>
    /// <param name="stop">The last; negative: counted from the end.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> LTrim(this IRedisCommands redis, Bytes key, long start, long stop) => redis.Writes("LTRIM", Reply.Ok, key, start, stop);

    /// <summary>Takes the rightmost value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The value.</returns>
    public static Awaitable<Bytes?> RPop(this IRedisCommands redis, Bytes key) => redis.Writes("RPOP", Reply.BytesOrNull, key);

    /// <summary>Takes values from the right.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>The values, the rightmost first.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> RPop(this IRedisCommands redis, Bytes key, long count) => redis.Writes("RPOP", Reply.ListOrEmpty, key, count);

    /// <summary>Moves the rightmost value to the left of another list, or the same.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="source">From where.</param>
    /// <param name="destination">To where.</param>
    /// <returns>The value.</returns>
    public static Awaitable<Bytes?> RPopLPush(this IRedisCommands redis, Bytes source, Bytes destination) =>
        redis.Writes("RPOPLPUSH", Reply.BytesOrNull, source, destination);

    /// <summary>Adds values at the right.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="values">At least one.</param>
    /// <returns>Its length now.</returns>
    public static Awaitable<long> RPush(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> values) =>
        redis.Writes("RPUSH", Reply.Number, [key, .. values]);

    /// <summary>Adds values at the right, if there is a list.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="values">At least one.</param>
    /// <returns>Its length now; 0: there is none.</returns>
    public static Awaitable<long> RPushX(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> values) =>
        redis.Writes("RPUSHX", Reply.Number, [key, .. values]);

    private static ReadOnlySpan<Bytes> MaxLength(long length) => length == 0 ? [] : new Bytes[] { "MAXLEN", length };
}
