namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Sets: members without order.</summary>
/// <remarks>What is missing is null, or empty.</remarks>
public static class RedisSets
{
    /// <summary>Adds members.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="members">At least one.</param>
    /// <returns>How many are new.</returns>
    public static Awaitable<long> SAdd(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> members) =>
        redis.Writes("SADD", Reply.Number, [key, .. members]);

    /// <summary>Counts the members.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> SCard(this IRedisCommands redis, Bytes key) => redis.Reads("SCARD", Reply.Number, key);

    /// <summary>Finds the members of the first set that are in none of the others.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlySet<Bytes>> SDiff(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) => redis.Reads("SDIFF", Reply.Set, keys);

    /// <summary>Stores the members of the first set that are in none of the others.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> SDiffStore(this IRedisCommands redis, Bytes destination, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("SDIFFSTORE", Reply.Number, [destination, .. keys]);

    /// <summary>Finds the members that all sets have.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlySet<Bytes>> SInter(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) => redis.Reads("SINTER", Reply.Set, keys);

    /// <summary>Counts the members that all sets have.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="limit">Where counting ends; 0: nowhere.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> SInterCard(this IRedisCommands redis, long limit, params ReadOnlySpan<Bytes> keys) =>
        redis.Reads("SINTERCARD", Reply.Number, [keys.Length, .. keys, "LIMIT", limit]);

    /// <summary>Stores the members that all sets have.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> SInterStore(this IRedisCommands redis, Bytes destination, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("SINTERSTORE", Reply.Number, [destination, .. keys]);

    /// <summary>Tells whether a member is there.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="member">Which.</param>
    /// <returns>Whether it is.</returns>
    public static Awaitable<bool> SIsMember(this IRedisCommands redis, Bytes key, Bytes member) => redis.Reads("SISMEMBER", Reply.Truth, key, member);

    /// <summary>Reads all members.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlySet<Bytes>> SMembers(this IRedisCommands redis, Bytes key) => redis.Reads("SMEMBERS", Reply.Set, key);

    /// <summary>Tells which members are there.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="members">At least one.</param>
    /// <returns>Whether they are, in this order.</returns>
    public static Awaitable<IReadOnlyList<bool>> SMIsMember(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> members) =>
        redis.Reads("SMISMEMBER", Reply.Truths, [key, .. members]);

    /// <summary>Moves a member to another set.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="source">From where.</param>
    /// <param name="destination">To where.</param>
    /// <param name="member">Which.</param>
    /// <returns>False: it was not there.</returns>
    public static Awaitable<bool> SMove(this IRedisCommands redis, Bytes source, Bytes destination, Bytes member) =>
        redis.Writes("SMOVE", Reply.Truth, source, destination, member);

    /// <summary>Takes any member.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The member.</returns>
    public static Awaitable<Bytes?> SPop(this IRedisCommands redis, Bytes key) => redis.Writes("SPOP", Reply.BytesOrNull, key);

    /// <summary>Takes any members.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlySet<Bytes>> SPop(this IRedisCommands redis, Bytes key, long count) => redis.Writes("SPOP", Reply.Set, key, count);

    /// <summary>Picks a member.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>The member.</returns>
    public static Awaitable<Bytes?> SRandMember(this IRedisCommands redis, Bytes key) => redis.Reads("SRANDMEMBER", Reply.BytesOrNull, key);

    /// <summary>Picks members.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="count">How many; negative: that many, with repetitions.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> SRandMember(this IRedisCommands redis, Bytes key, long count) => redis.Reads("SRANDMEMBER", Reply.List, key, count);

    /// <summary>Removes members.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="members">At least one.</param>
    /// <returns>How many there were.</returns>
    public static Awaitable<long> SRem(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> members) =>
        redis.Writes("SREM", Reply.Number, [key, .. members]);

    /// <summary>Finds the members that any set has.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlySet<Bytes>> SUnion(this IRedisCommands redis, params ReadOnlySpan<Bytes> keys) => redis.Reads("SUNION", Reply.Set, keys);

    /// <summary>Stores the members that any set has.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> SUnionStore(this IRedisCommands redis, Bytes destination, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("SUNIONSTORE", Reply.Number, [destination, .. keys]);
}
