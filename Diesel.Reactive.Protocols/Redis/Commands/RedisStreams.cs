using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Streams: entries in the order they were added, each with an id.</summary>
/// <remarks>What is missing is null, or empty.</remarks>
public static class RedisStreams
{
    /// <summary>Adds an entry.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="fields">Names and values; at least one.</param>
    /// <returns>The id the server made.</returns>
    public static Awaitable<StreamId> XAdd(this IRedisCommands redis, Bytes key, params ReadOnlySpan<(Bytes Name, Bytes Value)> fields) =>
        redis.Writes("XADD", StreamId.Read, [key, "*", .. Asking.Flat(fields)]);

    /// <summary>Adds an entry.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="options">Its id, and what is removed meanwhile.</param>
    /// <param name="fields">Names and values; at least one.</param>
    /// <returns>Its id; null: there was no stream, and none was to be made.</returns>
    public static Awaitable<StreamId?> XAdd(this IRedisCommands redis, Bytes key, XAddOptions options, params ReadOnlySpan<(Bytes Name, Bytes Value)> fields) =>
        redis.Writes("XADD", Reply.StreamIdOrNull, [key, .. options.Words(), .. Asking.Flat(fields)]);

    /// <summary>Removes entries.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="ids">At least one.</param>
    /// <returns>How many there were.</returns>
    public static Awaitable<long> XDel(this IRedisCommands redis, Bytes key, params ReadOnlySpan<StreamId> ids) =>
        redis.Writes("XDEL", Reply.Number, [key, .. Asking.Ids(ids)]);

    /// <summary>Counts the entries.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> XLen(this IRedisCommands redis, Bytes key) => redis.Reads("XLEN", Reply.Number, key);

    /// <summary>Reads entries, the oldest first.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="from">The first id; with <c>(</c> before it, without itself. Null: from the beginning.</param>
    /// <param name="to">The last id; with <c>(</c> before it, without itself. Null: to the end.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>The entries.</returns>
    public static Awaitable<IReadOnlyList<StreamEntry>> XRange(this IRedisCommands redis, Bytes key, Bytes? from = null, Bytes? to = null, long? count = null) =>
        redis.Reads("XRANGE", Reply.Entries, [key, from ?? "-", to ?? "+", .. Asking.Count(count)]);

    /// <summary>Reads entries, the newest first.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="from">The last id, which comes first; with <c>(</c> before it, without itself. Null: from the end.</param>
    /// <param name="to">The first id; with <c>(</c> before it, without itself. Null: to the beginning.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>The entries.</returns>
    public static Awaitable<IReadOnlyList<StreamEntry>> XRevRange(this IRedisCommands redis, Bytes key, Bytes? from = null, Bytes? to = null, long? count = null) =>
        redis.Reads("XREVRANGE", Reply.Entries, [key, from ?? "+", to ?? "-", .. Asking.Count(count)]);

    /// <summary>Reads what comes behind an entry, of each stream.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="count">How many at most, of each; null: all.</param>
    /// <param name="streams">Of what, and behind which id; <c>0</c>: from the beginning.</param>
    /// <returns>The entries of each stream that has some.</returns>
    public static Awaitable<IReadOnlyDictionary<Bytes, IReadOnlyList<StreamEntry>>> XRead(this IRedisCommands redis, long? count = null, params ReadOnlySpan<(Bytes Key, Bytes After)> streams) =>
        redis.Reads("XREAD", Reply.EntriesByKey, [.. Asking.Count(count), "STREAMS", .. Asking.Streams(streams)]);

    /// <summary>Gives a stream a last id, and numbers of what has been.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="lastId">The next one is greater.</param>
    /// <param name="entriesAdded">How many were ever added.</param>
    /// <param name="maxDeletedId">The greatest that was deleted.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> XSetId(this IRedisCommands redis, Bytes key, StreamId lastId, long? entriesAdded = null, StreamId? maxDeletedId = null) =>
        redis.Writes("XSETID", Reply.Ok, [key, lastId, .. entriesAdded is { } added ? new Bytes[] { "ENTRIESADDED", added } : [], .. maxDeletedId is { } id ? new Bytes[] { "MAXDELETEDID", id } : []]);

    /// <summary>Removes the oldest entries.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="trim">Which.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> XTrim(this IRedisCommands redis, Bytes key, StreamTrim trim) =>
        redis.Writes("XTRIM", Reply.Number, [key, .. trim.Words()]);

    /// <summary>Tells what the server knows of a stream.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>Its numbers; a key that is missing is a <see cref="RedisErrorException"/>.</returns>
    public static Awaitable<StreamInfo> XInfoStream(this IRedisCommands redis, Bytes key) => redis.Reads("XINFO STREAM", StreamInfo.Read, key);

    /// <summary>Tells all that the server knows of a stream, with its entries, groups and consumers.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="count">Entries and pending entries at most, of each; null: 10; 0: all.</param>
    /// <returns>What it says, by name.</returns>
    public static Awaitable<IReadOnlyDictionary<string, RespValue>> XInfoStreamFull(this IRedisCommands redis, Bytes key, long? count = null) =>
        redis.Reads("XINFO STREAM", Reply.Named, [key, "FULL", .. Asking.Count(count)]);
}
