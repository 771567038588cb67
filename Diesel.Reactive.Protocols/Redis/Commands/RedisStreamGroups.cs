using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Groups of consumers that share a stream: each entry is given to one of them, and is pending until that has acknowledged it.</summary>
/// <remarks>What is missing is null, or empty; a group that is missing is a <see cref="RedisErrorException"/> (<c>NOGROUP</c>).</remarks>
public static class RedisStreamGroups
{
    private static readonly Func<RespValue, IReadOnlyList<StreamConsumer>> AllStreamConsumer = Reply.ListOf(StreamConsumer.Read);
    private static readonly Func<RespValue, IReadOnlyList<StreamGroup>> AllStreamGroup = Reply.ListOf(StreamGroup.Read);
    private static readonly Func<RespValue, IReadOnlyList<PendingEntry>> AllPendingEntry = Reply.ListOf(PendingEntry.Read);

    /// <summary>Acknowledges entries: they are pending no longer.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <param name="ids">At least one.</param>
    /// <returns>How many were pending.</returns>
    public static Awaitable<long> XAck(this IRedisCommands redis, Bytes key, Bytes group, params ReadOnlySpan<StreamId> ids) =>
        redis.Writes("XACK", Reply.Number, [key, group, .. Asking.Ids(ids)]);

    /// <summary>Gives entries that have been pending for long to another consumer.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <param name="consumer">Who gets them.</param>
    /// <param name="minIdle">How long they have been pending.</param>
    /// <param name="start">Where to begin: zero, or the <see cref="StreamClaim.Next"/> of before.</param>
    /// <param name="count">How many at most; null: 100.</param>
    /// <returns>The entries, and where to go on.</returns>
    public static Awaitable<StreamClaim> XAutoClaim(this IRedisCommands redis, Bytes key, Bytes group, Bytes consumer, TimeSpan minIdle, StreamId start = default, long? count = null) =>
        redis.Writes("XAUTOCLAIM", StreamClaim.Read, [key, group, consumer, Reply.Milliseconds(minIdle), start, .. Asking.Count(count)]);

    /// <summary>Gives entries that have been pending for long to another consumer, and tells only their ids.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <param name="consumer">Who gets them.</param>
    /// <param name="minIdle">How long they have been pending.</param>
    /// <param name="start">Where to begin: zero, or the next of before.</param>
    /// <param name="count">How many at most; null: 100.</param>
    /// <returns>Where to go on (zero: all were looked at), and the ids.</returns>
    public static Awaitable<(StreamId Next, IReadOnlyList<StreamId> Ids)> XAutoClaimJustId(this IRedisCommands redis, Bytes key, Bytes group, Bytes consumer, TimeSpan minIdle, StreamId start = default, long? count = null) =>
        redis.Writes("XAUTOCLAIM", Claimed, [key, group, consumer, Reply.Milliseconds(minIdle), start, .. Asking.Count(count), "JUSTID"]);

    /// <summary>Gives entries to another consumer.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <param name="consumer">Who gets them.</param>
    /// <param name="minIdle">How long they have been pending at least.</param>
    /// <param name="options">What else; default: nothing.</param>
    /// <param name="ids">At least one.</param>
    /// <returns>Those it got.</returns>
    public static Awaitable<IReadOnlyList<StreamEntry>> XClaim(this IRedisCommands redis, Bytes key, Bytes group, Bytes consumer, TimeSpan minIdle, XClaimOptions options, params ReadOnlySpan<StreamId> ids) =>
        redis.Writes("XCLAIM", Reply.Entries, [key, group, consumer, Reply.Milliseconds(minIdle), .. Asking.Ids(ids), .. options.Words()]);

    /// <summary>Gives entries to another consumer, and tells only their ids.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <param name="consumer">Who gets them.</param>
    /// <param name="minIdle">How long they have been pending at least.</param>
    /// <param name="options">What else; default: nothing.</param>
    /// <param name="ids">At least one.</param>
    /// <returns>Those it got.</returns>
    public static Awaitable<IReadOnlyList<StreamId>> XClaimJustId(this IRedisCommands redis, Bytes key, Bytes group, Bytes consumer, TimeSpan minIdle, XClaimOptions options, params ReadOnlySpan<StreamId> ids) =>
        redis.Writes("XCLAIM", Reply.StreamIds, [key, group, consumer, Reply.Milliseconds(minIdle), .. Asking.Ids(ids), .. options.Words(), "JUSTID"]);

    /// <summary>Makes a group.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <param name="after">Behind which entry it begins; null: with what comes from now on.</param>
    /// <param name="makeStream">Whether the stream is made where there is none.</param>
    /// <param name="entriesRead">How many entries are before it, where the server cannot know.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> XGroupCreate(this IRedisCommands redis, Bytes key, Bytes group, StreamId? after = null, bool makeStream = false, long? entriesRead = null) =>
        redis.Writes("XGROUP CREATE", Reply.Ok, [key, group, After(after), .. "MKSTREAM".If(makeStream), .. Read(entriesRead)]);

    /// <summary>Makes a consumer; who reads is made as well.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <param name="consumer">Its name.</param>
    /// <returns>Whether it is new.</returns>
    public static Awaitable<bool> XGroupCreateConsumer(this IRedisCommands redis, Bytes key, Bytes group, Bytes consumer) =>
        redis.Writes("XGROUP CREATECONSUMER", Reply.Truth, key, group, consumer);

    /// <summary>Removes a consumer, and what it has not acknowledged is pending no longer.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <param name="consumer">Its name.</param>
    /// <returns>How many entries it had not acknowledged.</returns>
    public static Awaitable<long> XGroupDelConsumer(this IRedisCommands redis, Bytes key, Bytes group, Bytes consumer) =>
        redis.Writes("XGROUP DELCONSUMER", Reply.Number, key, group, consumer);

    /// <summary>Removes a group.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <returns>Whether there was one.</returns>
    public static Awaitable<bool> XGroupDestroy(this IRedisCommands redis, Bytes key, Bytes group) =>
        redis.Writes("XGROUP DESTROY", Reply.Truth, key, group);

    /// <summary>Moves a group within its stream.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <param name="after">Behind which entry it goes on; null: with what comes from now on.</param>
    /// <param name="entriesRead">How many entries are before it, where the server cannot know.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> XGroupSetId(this IRedisCommands redis, Bytes key, Bytes group, StreamId? after = null, long? entriesRead = null) =>
        redis.Writes("XGROUP SETID", Reply.Ok, [key, group, After(after), .. Read(entriesRead)]);

    /// <summary>Tells of the consumers of a group.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <returns>In no order.</returns>
    public static Awaitable<IReadOnlyList<StreamConsumer>> XInfoConsumers(this IRedisCommands redis, Bytes key, Bytes group) =>
        redis.Reads("XINFO CONSUMERS", AllStreamConsumer, key, group);

    /// <summary>Tells of the groups of a stream.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>In no order.</returns>
    public static Awaitable<IReadOnlyList<StreamGroup>> XInfoGroups(this IRedisCommands redis, Bytes key) =>
        redis.Reads("XINFO GROUPS", AllStreamGroup, key);

    /// <summary>Counts what is pending.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <returns>In all, and by consumer.</returns>
    public static Awaitable<PendingSummary> XPending(this IRedisCommands redis, Bytes key, Bytes group) =>
        redis.Reads("XPENDING", PendingSummary.Read, key, group);

    /// <summary>Lists what is pending.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="group">Its name.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="from">The first id; with <c>(</c> before it, without itself. Null: from the beginning.</param>
    /// <param name="to">The last id; with <c>(</c> before it, without itself. Null: to the end.</param>
    /// <param name="consumer">Whose; null: everybody's.</param>
    /// <param name="minIdle">How long they have been pending at least.</param>
    /// <returns>The oldest first.</returns>
    public static Awaitable<IReadOnlyList<PendingEntry>> XPending(this IRedisCommands redis, Bytes key, Bytes group, long count, Bytes? from = null, Bytes? to = null, Bytes? consumer = null, TimeSpan? minIdle = null) =>
        redis.Reads("XPENDING", AllPendingEntry, [key, group, .. minIdle is { } idle ? new Bytes[] { "IDLE", Reply.Milliseconds(idle) } : [], from ?? "-", to ?? "+", count, .. consumer is { } name ? new Bytes[] { name } : []]);

    /// <summary>Takes entries for a consumer.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="group">Its name.</param>
    /// <param name="consumer">Its name.</param>
    /// <param name="count">How many at most, of each stream; null: all.</param>
    /// <param name="noAck">Whether they need no acknowledgment.</param>
    /// <param name="streams">Of what, and what: <c>&gt;</c>: what nobody was given; an id: what this consumer has not acknowledged behind it.</param>
    /// <returns>The entries of each stream that has some.</returns>
    public static Awaitable<IReadOnlyDictionary<Bytes, IReadOnlyList<StreamEntry>>> XReadGroup(this IRedisCommands redis, Bytes group, Bytes consumer, long? count, bool noAck, params ReadOnlySpan<(Bytes Key, Bytes After)> streams) =>
        redis.Writes("XREADGROUP", Reply.EntriesByKey, ["GROUP", group, consumer, .. Asking.Count(count), .. "NOACK".If(noAck), "STREAMS", .. Asking.Streams(streams)]);

    private static readonly Func<RespValue, (StreamId Next, IReadOnlyList<StreamId> Ids)> Claimed = static reply => reply.ToItems() is [var next, var ids, ..]
        ? (StreamId.Read(next), Reply.StreamIds(ids))
        : throw new ProtocolException("A reply arrived that does not tell what was claimed.");

    private static Bytes After(StreamId? id) => id is { } after ? after : "$";

    private static ReadOnlySpan<Bytes> Read(long? entries) => entries is { } count ? new Bytes[] { "ENTRIESREAD", count } : [];
}
