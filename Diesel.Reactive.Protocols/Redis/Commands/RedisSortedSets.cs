namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Sorted sets: members in the order of their scores.</summary>
/// <remarks>What is missing is null, or empty. Members of one score are in the order of their bytes.</remarks>
public static class RedisSortedSets
{
    /// <summary>Adds a member, or changes its score.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="score">May be infinite.</param>
    /// <param name="member">Which.</param>
    /// <returns>Whether it is new.</returns>
    public static Awaitable<bool> ZAdd(this IRedisCommands redis, Bytes key, double score, Bytes member) => redis.Writes("ZADD", Reply.Truth, key, score, member);

    /// <summary>Adds members, or changes their scores.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="options">Conditions.</param>
    /// <param name="members">At least one.</param>
    /// <returns>How many are new; by option, how many are new or changed.</returns>
    public static Awaitable<long> ZAdd(this IRedisCommands redis, Bytes key, ZAddOptions options, params ReadOnlySpan<Scored> members) =>
        redis.Writes("ZADD", Reply.Number, [key, .. options.Words(), .. Words(members)]);

    /// <summary>Raises the score of a member, on a condition.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="by">How much.</param>
    /// <param name="member">Which.</param>
    /// <param name="options">Conditions.</param>
    /// <returns>The score now; null: the condition was not met.</returns>
    public static Awaitable<double?> ZAddIncr(this IRedisCommands redis, Bytes key, double by, Bytes member, ZAddOptions options = default) =>
        redis.Writes("ZADD", Reply.DoubleOrNull, [key, .. options.Words(), "INCR", by, member]);

    /// <summary>Counts the members.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> ZCard(this IRedisCommands redis, Bytes key) => redis.Reads("ZCARD", Reply.Number, key);

    /// <summary>Counts the members with scores in a range.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="range">Which members; all when left out.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> ZCount(this IRedisCommands redis, Bytes key, ScoreRange range = default) =>
        redis.Reads("ZCOUNT", Reply.Number, key, range.Min, range.Max);

    /// <summary>Finds the members of the first set that are in none of the others.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> ZDiff(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) =>
        redis.Reads("ZDIFF", Reply.List, [keys.Length, .. keys]);

    /// <summary>Finds the members of the first set that are in none of the others.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>The members with their scores.</returns>
    public static Awaitable<IReadOnlyList<Scored>> ZDiffWithScores(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) =>
        redis.Reads("ZDIFF", Reply.Scores, [keys.Length, .. keys, "WITHSCORES"]);

    /// <summary>Stores the members of the first set that are in none of the others.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> ZDiffStore(this IRedisCommands redis, Bytes destination, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("ZDIFFSTORE", Reply.Number, [destination, keys.Length, .. keys]);

    /// <summary>Raises the score of a member; what is missing is 0.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="by">How much.</param>
    /// <param name="member">Which.</param>
    /// <returns>The score now.</returns>
    public static Awaitable<double> ZIncrBy(this IRedisCommands redis, Bytes key, double by, Bytes member) => redis.Writes("ZINCRBY", Reply.Double, key, by, member);

    /// <summary>Finds the members that all sets have.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>The members, with the sums of their scores.</returns>
    public static Awaitable<IReadOnlyList<Scored>> ZInter(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) =>
        redis.Reads("ZINTER", Reply.Scores, [keys.Length, .. keys, "WITHSCORES"]);

    /// <summary>Counts the members that all sets have.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="limit">Where counting ends; 0: nowhere.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> ZInterCard(this IRedisCommands redis, long limit, params ReadOnlySpan<Bytes> keys) =>
        redis.Reads("ZINTERCARD", Reply.Number, [keys.Length, .. keys, "LIMIT", limit]);

    /// <summary>Stores the members that all sets have, with the sums of their scores.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> ZInterStore(this IRedisCommands redis, Bytes destination, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("ZINTERSTORE", Reply.Number, [destination, keys.Length, .. keys]);

    /// <summary>Takes members from the first sorted set that has some.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="highest">Whether the highest scores are taken first, or the lowest.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>Which one, and the members; null: all are empty.</returns>
    public static Awaitable<(Bytes Key, IReadOnlyList<Scored> Members)?> ZMPop(this IRedisCommands redis, bool highest, long count, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("ZMPOP", Reply.ScoresPoppedOrNull, [keys.Length, .. keys, highest ? "MAX" : "MIN", "COUNT", count]);

    /// <summary>Reads scores.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="members">At least one.</param>
    /// <returns>The scores, in this order.</returns>
    public static Awaitable<IReadOnlyList<double?>> ZMScore(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> members) =>
        redis.Reads("ZMSCORE", Reply.DoublesOrNull, [key, .. members]);

    /// <summary>Takes the member with the highest score.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The member.</returns>
    public static Awaitable<Scored?> ZPopMax(this IRedisCommands redis, Bytes key) => redis.Writes("ZPOPMAX", Reply.ScoreOrNull, key);

    /// <summary>Takes the members with the highest scores.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>The members, the highest first.</returns>
    public static Awaitable<IReadOnlyList<Scored>> ZPopMax(this IRedisCommands redis, Bytes key, long count) => redis.Writes("ZPOPMAX", Reply.Scores, key, count);

    /// <summary>Takes the member with the lowest score.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The member.</returns>
    public static Awaitable<Scored?> ZPopMin(this IRedisCommands redis, Bytes key) => redis.Writes("ZPOPMIN", Reply.ScoreOrNull, key);

    /// <summary>Takes the members with the lowest scores.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>The members, the lowest first.</returns>
    public static Awaitable<IReadOnlyList<Scored>> ZPopMin(this IRedisCommands redis, Bytes key, long count) => redis.Writes("ZPOPMIN", Reply.Scores, key, count);

    /// <summary>Picks a member.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The member.</returns>
    public static Awaitable<Bytes?> ZRandMember(this IRedisCommands redis, Bytes key) => redis.Reads("ZRANDMEMBER", Reply.BytesOrNull, key);

    /// <summary>Picks members.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="count">How many; negative: that many, with repetitions.</param>
    /// <returns>The members with their scores.</returns>
    public static Awaitable<IReadOnlyList<Scored>> ZRandMember(this IRedisCommands redis, Bytes key, long count) =>
        redis.Reads("ZRANDMEMBER", Reply.Scores, key, count, "WITHSCORES");

    /// <summary>Reads members by their places.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="start">The first, from 0; negative: counted from the end.</param>
    /// <param name="stop">The last; negative: counted from the end.</param>
    /// <param name="reversed">Whether the highest scores come first.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> ZRange(this IRedisCommands redis, Bytes key, long start = 0, long stop = -1, bool reversed = false) =>
        redis.Reads("ZRANGE", Reply.List, [key, start, stop, .. "REV".If(reversed)]);

    /// <summary>Reads members and scores by their places.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="start">The first, from 0; negative: counted from the end.</param>
    /// <param name="stop">The last; negative: counted from the end.</param>
    /// <param name="reversed">Whether the highest scores come first.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlyList<Scored>> ZRangeWithScores(this IRedisCommands redis, Bytes key, long start = 0, long stop = -1, bool reversed = false) =>
        redis.Reads("ZRANGE", Reply.Scores, [key, start, stop, .. "REV".If(reversed), "WITHSCORES"]);

    /// <summary>Reads members by their scores.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="range">Which members; all when left out.</param>
    /// <param name="reversed">Whether the highest scores come first.</param>
    /// <param name="skip">How many to leave out first.</param>
    /// <param name="count">How many at most; negative: all.</param>
    /// <returns>The members with their scores.</returns>
    public static Awaitable<IReadOnlyList<Scored>> ZRangeByScore(this IRedisCommands redis, Bytes key, ScoreRange range, bool reversed = false, long skip = 0, long count = -1) =>
        redis.Reads(
            "ZRANGE",
            Reply.Scores,
            [key, reversed ? range.Max : range.Min, reversed ? range.Min : range.Max, "BYSCORE", .. "REV".If(reversed), "LIMIT", skip, count, "WITHSCORES"]);

    /// <summary>Tells the place of a member, from the lowest score.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="member">Which.</param>
    /// <returns>From 0.</returns>
    public static Awaitable<long?> ZRank(this IRedisCommands redis, Bytes key, Bytes member) => redis.Reads("ZRANK", Reply.NumberOrNull, key, member);

    /// <summary>Removes members.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="members">At least one.</param>
    /// <returns>How many there were.</returns>
    public static Awaitable<long> ZRem(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> members) =>
        redis.Writes("ZREM", Reply.Number, [key, .. members]);

    /// <summary>Removes members by their places.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="start">The first, from 0; negative: counted from the end.</param>
    /// <param name="stop">The last; negative: counted from the end.</param>
    /// <returns>How many there were.</returns>
    public static Awaitable<long> ZRemRangeByRank(this IRedisCommands redis, Bytes key, long start, long stop) =>
        redis.Writes("ZREMRANGEBYRANK", Reply.Number, key, start, stop);

    /// <summary>Removes members by their scores.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="range">Which.</param>
    /// <returns>How many there were.</returns>
    public static Awaitable<long> ZRemRangeByScore(this IRedisCommands redis, Bytes key, ScoreRange range) =>
        redis.Writes("ZREMRANGEBYSCORE", Reply.Number, key, range.Min, range.Max);

    /// <summary>Tells the place of a member, from the highest score.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="member">Which.</param>
    /// <returns>From 0.</returns>
    public static Awaitable<long?> ZRevRank(this IRedisCommands redis, Bytes key, Bytes member) => redis.Reads("ZREVRANK", Reply.NumberOrNull, key, member);

    /// <summary>Reads a score.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="member">Which.</param>
    /// <returns>The score.</returns>
    public static Awaitable<double?> ZScore(this IRedisCommands redis, Bytes key, Bytes member) => redis.Reads("ZSCORE", Reply.DoubleOrNull, key, member);

    /// <summary>Finds the members that any sorted set has.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>The members, with the sums of their scores.</returns>
    public static Awaitable<IReadOnlyList<Scored>> ZUnion(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) =>
        redis.Reads("ZUNION", Reply.Scores, [keys.Length, .. keys, "WITHSCORES"]);

    /// <summary>Stores the members that any sorted set has, with the sums of their scores.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> ZUnionStore(this IRedisCommands redis, Bytes destination, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("ZUNIONSTORE", Reply.Number, [destination, keys.Length, .. keys]);

    private static Bytes[] Words(ReadOnlySpan<Scored> members)
    {
        var words = new Bytes[2 * members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            (words[2 * i], words[(2 * i) + 1]) = (members[i].Score, members[i].Member);
        }

        return words;
    }
}
