using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Keys, whatever is under them.</summary>
public static class RedisKeys
{
    /// <summary>Copies a value to another key.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="source">From where.</param>
    /// <param name="destination">To where.</param>
    /// <param name="replace">Whether what is there may be overwritten.</param>
    /// <param name="database">Another one; null: the same.</param>
    /// <returns>Whether it was done.</returns>
    public static Awaitable<bool> Copy(this IRedisCommands redis, Bytes source, Bytes destination, bool replace = false, int? database = null) =>
        redis.Writes("COPY", Reply.Truth, [source, destination, .. database is { } number ? new Bytes[] { "DB", number } : [], .. "REPLACE".If(replace)]);

    /// <summary>Removes keys.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many there were.</returns>
    public static Awaitable<long> Del(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) => redis.Writes("DEL", Reply.Number, keys);

    /// <summary>Reads a value as the server stores it, for <c>Restore</c>.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The value.</returns>
    public static Awaitable<Bytes?> Dump(this IRedisCommands redis, Bytes key) => redis.Reads("DUMP", Reply.BytesOrNull, key);

    /// <summary>Counts which keys are there; one that is named twice counts twice.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> Exists(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) => redis.Reads("EXISTS", Reply.Number, keys);

    /// <summary>Lets a key expire later.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="expiry">More than zero.</param>
    /// <param name="when">On which condition.</param>
    /// <returns>False: there is no such key, or the condition was not met.</returns>
    public static Awaitable<bool> Expire(this IRedisCommands redis, Bytes key, TimeSpan expiry, ExpireWhen when = ExpireWhen.Always) =>
        redis.Writes("PEXPIRE", Reply.Truth, [key, Reply.Milliseconds(expiry), .. when.Words()]);

    /// <summary>Lets a key expire at a time.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="expiry">When.</param>
    /// <param name="when">On which condition.</param>
    /// <returns>False: there is no such key, or the condition was not met.</returns>
    public static Awaitable<bool> ExpireAt(this IRedisCommands redis, Bytes key, DateTimeOffset expiry, ExpireWhen when = ExpireWhen.Always) =>
        redis.Writes("PEXPIREAT", Reply.Truth, [key, expiry.ToUnixTimeMilliseconds(), .. when.Words()]);

    /// <summary>Tells when a key expires.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The time; null: never, or there is no such key.</returns>
    public static Awaitable<DateTimeOffset?> ExpireTime(this IRedisCommands redis, Bytes key) => redis.Reads("PEXPIRETIME", Reply.MomentOrNone, key);

    /// <summary>Lists all keys that match; the server does nothing else meanwhile.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="pattern">With <c>*</c>, <c>?</c> and <c>[…]</c>.</param>
    /// <returns>In no order.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> Keys(this IRedisCommands redis, Bytes pattern) => redis.Reads("KEYS", Reply.List, pattern);

    /// <summary>Moves a key to another database.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="database">Its number.</param>
    /// <returns>False: there is no such key, or it is there already.</returns>
    public static Awaitable<bool> Move(this IRedisCommands redis, Bytes key, int database) => redis.Writes("MOVE", Reply.Truth, key, database);

    /// <summary>Tells how a value is stored.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The name; null: there is no such key.</returns>
    public static Awaitable<string?> ObjectEncoding(this IRedisCommands redis, Bytes key) => redis.Reads("OBJECT ENCODING", Reply.TextOrNull, key);

    /// <summary>Tells how often a value is used, by the logarithm.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The counter; null: there is no such key.</returns>
    public static Awaitable<long?> ObjectFreq(this IRedisCommands redis, Bytes key) => redis.Reads("OBJECT FREQ", Reply.NumberOrNull, key);

    /// <summary>Tells how long a value has not been used.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The time; null: there is no such key.</returns>
    public static Awaitable<TimeSpan?> ObjectIdleTime(this IRedisCommands redis, Bytes key) => redis.Reads("OBJECT IDLETIME", Reply.SecondsOrNull, key);

    /// <summary>Tells how often the server refers to a value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>How often; null: there is no such key.</returns>
    public static Awaitable<long?> ObjectRefCount(this IRedisCommands redis, Bytes key) => redis.Reads("OBJECT REFCOUNT", Reply.NumberOrNull, key);

    /// <summary>Lets a key never expire.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>False: it would not have, or there is no such key.</returns>
    public static Awaitable<bool> Persist(this IRedisCommands redis, Bytes key) => redis.Writes("PERSIST", Reply.Truth, key);

    /// <summary>Picks a key.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>The key; null: there is none.</returns>
    public static Awaitable<Bytes?> RandomKey(this IRedisCommands redis) => redis.Reads("RANDOMKEY", Reply.BytesOrNull);

    /// <summary>Gives a key another name, over what is there.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="source">From where.</param>
    /// <param name="destination">To where.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> Rename(this IRedisCommands redis, Bytes source, Bytes destination) => redis.Writes("RENAME", Reply.Ok, source, destination);

    /// <summary>Gives a key another name, if that is free.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="source">From where.</param>
    /// <param name="destination">To where.</param>
    /// <returns>Whether it was done.</returns>
    public static Awaitable<bool> RenameNx(this IRedisCommands redis, Bytes source, Bytes destination) => redis.Writes("RENAMENX", Reply.Truth, source, destination);

    /// <summary>Stores what <c>Dump</c> gave.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="value">To store.</param>
    /// <param name="options">Its expiry, and what may be overwritten; default: never, and nothing.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> Restore(this IRedisCommands redis, Bytes key, Bytes value, RestoreOptions options = default) =>
        redis.Writes("RESTORE", Reply.Ok, [key, options.Ttl, value, .. options.Words()]);

    /// <summary>Marks keys as used just now.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many there are.</returns>
    public static Awaitable<long> Touch(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) => redis.Reads("TOUCH", Reply.Number, keys);

    /// <summary>Tells how long a key has to live.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The time; null: for ever, or there is no such key (ask <c>Exists</c>).</returns>
    public static Awaitable<TimeSpan?> Ttl(this IRedisCommands redis, Bytes key) => redis.Reads("PTTL", Reply.MillisecondsOrNone, key);

    /// <summary>Tells what is under a key.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns><c>string</c>, <c>list</c>, <c>set</c>, <c>zset</c>, <c>hash</c>, <c>stream</c>; <c>none</c> when it is missing.</returns>
    public static Awaitable<string> Type(this IRedisCommands redis, Bytes key) => redis.Reads("TYPE", Reply.Text, key);

    /// <summary>Removes keys; their memory is freed later.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many there were.</returns>
    public static Awaitable<long> Unlink(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) => redis.Writes("UNLINK", Reply.Number, keys);
}
