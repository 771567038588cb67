namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Commands that wait until there is something, each over a connection of its own meanwhile.</summary>
/// <remarks>
/// <para>Whoever leaves before there was something (a race, a time limit) ends the wait at the server. What arrives for it all the same is given back: a
/// value to the end of the list it was taken from, before anybody else's that came there meanwhile; a member to its sorted set, unless it was added anew; a
/// value that was moved to the list it came from, if nobody has taken it from the other. It is missing in between, and lost when the connection is lost
/// at that moment.</para>
/// <para>With a <see cref="RedisSession"/> its own connection waits, and whoever leaves closes it.</para>
/// </remarks>
public static class RedisBlocking
{
    /// <summary>Takes the leftmost value of the first list that has some.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="wait">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: for ever; zero: not at all.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>Which list, and the value; null: there was none in time.</returns>
    public static Awaitable<(Bytes Key, Bytes Value)?> BLPop(this IRedisConnection redis, TimeSpan wait, params ReadOnlySpan<Bytes> keys) =>
        Pop(redis, "BLPOP", ListEnd.Left, wait, keys);

    /// <summary>Takes the rightmost value of the first list that has some.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="wait">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: for ever; zero: not at all.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>Which list, and the value; null: there was none in time.</returns>
    public static Awaitable<(Bytes Key, Bytes Value)?> BRPop(this IRedisConnection redis, TimeSpan wait, params ReadOnlySpan<Bytes> keys) =>
        Pop(redis, "BRPOP", ListEnd.Right, wait, keys);

    /// <summary>Takes values from the first list that has some.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="wait">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: for ever; zero: not at all.</param>
    /// <param name="from">From which end.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>Which list, and the values; null: there was none in time.</returns>
    public static Awaitable<(Bytes Key, IReadOnlyList<Bytes> Items)?> BLMPop(this IRedisConnection redis, TimeSpan wait, ListEnd from, long count, params ReadOnlySpan<Bytes> keys) =>
        wait == TimeSpan.Zero ? redis.LMPop(from, count, keys) : redis.Blocks("BLMPOP", Reply.PoppedOrNull, wait, Blocking.AllToList(from), [Blocking.Seconds(wait), keys.Length, .. keys, from.Word(), "COUNT", count]);

    /// <summary>Moves a value from one list to another, or the same.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="source">From where.</param>
    /// <param name="destination">To where.</param>
    /// <param name="wait">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: for ever; zero: not at all.</param>
    /// <param name="from">From which end.</param>
    /// <param name="to">To which end.</param>
    /// <returns>The value; null: there was none in time.</returns>
    public static Awaitable<Bytes?> BLMove(this IRedisConnection redis, Bytes source, Bytes destination, TimeSpan wait, ListEnd from = ListEnd.Left, ListEnd to = ListEnd.Right) =>
        wait == TimeSpan.Zero ? redis.LMove(source, destination, from, to) : redis.Blocks("BLMOVE", Reply.BytesOrNull, wait, Blocking.Back(source, destination, from, to), source, destination, from.Word(), to.Word(), Blocking.Seconds(wait));

    /// <summary>Takes the member with the highest score of the first sorted set that has some.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="wait">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: for ever; zero: not at all.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>Which sorted set, and the member; null: there was none in time.</returns>
    public static Awaitable<(Bytes Key, Scored Member)?> BZPopMax(this IRedisConnection redis, TimeSpan wait, params ReadOnlySpan<Bytes> keys) =>
        PopScored(redis, "BZPOPMAX", highest: true, wait, keys);

    /// <summary>Takes the member with the lowest score of the first sorted set that has some.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="wait">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: for ever; zero: not at all.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>Which sorted set, and the member; null: there was none in time.</returns>
    public static Awaitable<(Bytes Key, Scored Member)?> BZPopMin(this IRedisConnection redis, TimeSpan wait, params ReadOnlySpan<Bytes> keys) =>
        PopScored(redis, "BZPOPMIN", highest: false, wait, keys);

    /// <summary>Takes members from the first sorted set that has some.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="wait">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: for ever; zero: not at all.</param>
    /// <param name="highest">Whether those with the highest scores, and not the lowest.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>Which sorted set, and the members; null: there was none in time.</returns>
    public static Awaitable<(Bytes Key, IReadOnlyList<Scored> Members)?> BZMPop(this IRedisConnection redis, TimeSpan wait, bool highest, long count, params ReadOnlySpan<Bytes> keys) =>
        wait == TimeSpan.Zero ? redis.ZMPop(highest, count, keys) : redis.Blocks("BZMPOP", Reply.ScoresPoppedOrNull, wait, Blocking.AllToSortedSet, [Blocking.Seconds(wait), keys.Length, .. keys, highest ? "MAX" : "MIN", "COUNT", count]);

    /// <summary>Reads what comes behind an entry, of each stream, and waits for it.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="wait">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: for ever; zero: not at all.</param>
    /// <param name="count">How many at most, of each; null: all.</param>
    /// <param name="streams">Of what, and behind which id; <c>$</c>: what comes from now on.</param>
    /// <returns>The entries of each stream that has some; empty: there was none in time.</returns>
    public static Awaitable<IReadOnlyDictionary<Bytes, IReadOnlyList<StreamEntry>>> XRead(this IRedisConnection redis, TimeSpan wait, long? count, params ReadOnlySpan<(Bytes Key, Bytes After)> streams) =>
        wait == TimeSpan.Zero ? redis.XRead(count, streams) : redis.Ask(new RedisCommand<IReadOnlyDictionary<Bytes, IReadOnlyList<StreamEntry>>>("XREAD", Reply.EntriesByKey, [.. Asking.Count(count), "BLOCK", Blocking.Milliseconds(wait), "STREAMS", .. Asking.Streams(streams)]) { Blocks = wait, IsReadOnly = true });

    /// <summary>Takes entries for a consumer, and waits for them.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="group">Its name.</param>
    /// <param name="consumer">Its name.</param>
    /// <param name="wait">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: for ever; zero: not at all.</param>
    /// <param name="count">How many at most, of each stream; null: all.</param>
    /// <param name="noAck">Whether they need no acknowledgment.</param>
    /// <param name="streams">Of what, and what: <c>&gt;</c>: what nobody was given.</param>
    /// <returns>The entries of each stream that has some; empty: there was none in time.</returns>
    /// <remarks>What arrives for one who has left stays pending for this consumer.</remarks>
    public static Awaitable<IReadOnlyDictionary<Bytes, IReadOnlyList<StreamEntry>>> XReadGroup(this IRedisConnection redis, Bytes group, Bytes consumer, TimeSpan wait, long? count, bool noAck, params ReadOnlySpan<(Bytes Key, Bytes After)> streams) =>
        wait == TimeSpan.Zero ? redis.XReadGroup(group, consumer, count, noAck, streams) : redis.Blocks("XREADGROUP", Reply.EntriesByKey, wait, null, ["GROUP", group, consumer, .. Asking.Count(count), "BLOCK", Blocking.Milliseconds(wait), .. "NOACK".If(noAck), "STREAMS", .. Asking.Streams(streams)]);

    private static readonly Func<RespValue, (Bytes Key, Bytes Value)?> KeyAndValue = static reply => reply.IsNull ? null
        : reply.ToItems() is [var key, var value] ? (key.ToBytes(), value.ToBytes())
        : throw new ProtocolException("A reply arrived that is no key with a value.");

    private static readonly Func<RespValue, (Bytes Key, Bytes Value)?> KeyAndFirst =
        static reply => Reply.PoppedOrNull(reply) is { Items: [var first, ..] } popped ? (popped.Key, first) : null;

    private static readonly Func<RespValue, (Bytes Key, Scored Member)?> KeyAndMember = static reply => reply.IsNull ? null
        : reply.ToItems() is [var key, var member, var score] ? (key.ToBytes(), new Scored(member.ToBytes(), score.ToDouble()))
        : throw new ProtocolException("A reply arrived that is no key with a member.");

    private static readonly Func<RespValue, (Bytes Key, Scored Member)?> KeyAndFirstMember =
        static reply => Reply.ScoresPoppedOrNull(reply) is { Members: [var first, ..] } popped ? (popped.Key, first) : null;

    private static Awaitable<(Bytes Key, Bytes Value)?> Pop(IRedisConnection redis, string name, ListEnd end, TimeSpan wait, ReadOnlySpan<Bytes> keys) =>
        wait == TimeSpan.Zero
            ? redis.Writes("LMPOP", KeyAndFirst, [keys.Length, .. keys, end.Word()])
            : redis.Blocks(name, KeyAndValue, wait, Blocking.ToList(end), [.. keys, Blocking.Seconds(wait)]);

    private static Awaitable<(Bytes Key, Scored Member)?> PopScored(IRedisConnection redis, string name, bool highest, TimeSpan wait, ReadOnlySpan<Bytes> keys) =>
        wait == TimeSpan.Zero
            ? redis.Writes("ZMPOP", KeyAndFirstMember, [keys.Length, .. keys, highest ? "MAX" : "MIN"])
            : redis.Blocks(name, KeyAndMember, wait, Blocking.ToSortedSet, [.. keys, Blocking.Seconds(wait)]);
}
