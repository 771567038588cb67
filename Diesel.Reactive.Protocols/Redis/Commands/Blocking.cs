namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How the commands that wait ask, and how what they got is given back.</summary>
internal static class Blocking
{
    /// <summary>A command that waits; what it got is given back by another, which its reply says.</summary>
    public static Awaitable<T> Blocks<T>(
        this IRedisConnection redis,
        string name,
        Func<RespValue, T> read,
        TimeSpan wait,
        Func<RespValue, RedisCommand<RespValue>?>? giveBack,
        params ReadOnlySpan<Bytes> arguments)
    {
        ArgumentNullException.ThrowIfNull(redis);
        return redis.Ask(new RedisCommand<T>(name, read, arguments) { Blocks = wait, GiveBack = giveBack });
    }

    /// <summary>A time to wait, in seconds; 0 is for ever to the server.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static Bytes Seconds(TimeSpan wait) => Least(wait) == Timeout.InfiniteTimeSpan ? 0 : Math.Ceiling(Least(wait).TotalMilliseconds) / 1000;

    /// <summary>A time to wait, in milliseconds; 0 is for ever to the server.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static Bytes Milliseconds(TimeSpan wait) => Least(wait) == Timeout.InfiniteTimeSpan ? 0 : Reply.Milliseconds(wait);

    /// <summary>[key, value] of one end of a list.</summary>
    public static Func<RespValue, RedisCommand<RespValue>?> ToList(ListEnd end) => reply =>
        reply.IsNull || reply.ToItems() is not [var key, var value] ? null : new(Push(end), Reply.Any, key.ToBytes(), value.ToBytes());

    /// <summary>[key, [value, …]] of one end of a list: the last that was taken goes back first.</summary>
    public static Func<RespValue, RedisCommand<RespValue>?> AllToList(ListEnd end) => reply =>
        reply.IsNull || reply.ToItems() is not [var key, var values] ? null
            : new(Push(end), Reply.Any, [key.ToBytes(), .. values.ToItems().Reverse().Select(static value => value.ToBytes())]);

    /// <summary>A value that was moved from one list to another, if it is still there.</summary>
    public static Func<RespValue, RedisCommand<RespValue>?> Back(Bytes source, Bytes destination, ListEnd from, ListEnd to) => reply =>
        reply.IsNull ? null : new(
            "EVAL",
            Reply.Any,
            "if redis.call('LREM', KEYS[2], ARGV[2], ARGV[1]) > 0 then redis.call(ARGV[3], KEYS[1], ARGV[1]) end",
            2,
            source,
            destination,
            reply.ToBytes(),
            to == ListEnd.Left ? 1 : -1,
            Push(from));

    /// <summary>[key, member, score] of a sorted set; not over one that was added meanwhile.</summary>
    public static RedisCommand<RespValue>? ToSortedSet(RespValue reply) =>
        reply.IsNull || reply.ToItems() is not [var key, var member, var score] ? null
            : new("ZADD", Reply.Any, key.ToBytes(), "NX", score.ToDouble(), member.ToBytes());

    /// <summary>[key, [[member, score], …]] of a sorted set; not over those that were added meanwhile.</summary>
    public static RedisCommand<RespValue>? AllToSortedSet(RespValue reply) =>
        reply.IsNull || reply.ToItems() is not [var key, var members] ? null
            : new("ZADD", Reply.Any, [key.ToBytes(), "NX", .. Reply.Scores(members).SelectMany(static one => new Bytes[] { one.Score, one.Member })]);

    private static TimeSpan Least(TimeSpan wait) => wait >= TimeSpan.Zero || wait == Timeout.InfiniteTimeSpan
        ? wait
        : throw new ArgumentOutOfRangeException(nameof(wait), wait, "Nobody waits for less than nothing; Timeout.InfiniteTimeSpan is for ever.");

    private static string Push(ListEnd end) => end == ListEnd.Left ? "LPUSH" : "RPUSH";
}
