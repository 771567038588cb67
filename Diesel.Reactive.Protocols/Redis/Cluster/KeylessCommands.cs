using System.Collections.Frozen;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Commands without a key that mean all primaries, and what their replies mean together; all others are asked of one. Source: the command tips
/// <c>request_policy</c> and <c>response_policy</c>.</summary>
internal static class KeylessCommands
{
    private static readonly FrozenDictionary<string, Func<RespValue[], RespValue>> Merges = new Dictionary<string, Func<RespValue[], RespValue>>
    {
        ["DBSIZE"] = Sum,
        ["KEYS"] = Concat,
        ["FLUSHALL"] = First,
        ["FLUSHDB"] = First,
        ["SCRIPT LOAD"] = First,
        ["SCRIPT FLUSH"] = First,
        ["SCRIPT EXISTS"] = And,
        ["SCRIPT KILL"] = AnyDone,
        ["FUNCTION LOAD"] = First,
        ["FUNCTION DELETE"] = First,
        ["FUNCTION FLUSH"] = First,
        ["FUNCTION RESTORE"] = First,
        ["FUNCTION KILL"] = AnyDone,
        ["CONFIG SET"] = First,
        ["CONFIG RESETSTAT"] = First,
        ["CONFIG REWRITE"] = First,
        ["SLOWLOG RESET"] = First,
        ["SLOWLOG LEN"] = Sum,
        ["LATENCY RESET"] = Sum,
        ["MEMORY PURGE"] = First,
        ["ACL SETUSER"] = First,
        ["ACL DELUSER"] = First,
        ["ACL SAVE"] = First,
        ["ACL LOAD"] = First,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Containers = Merges.Keys.Where(static name => name.Contains(' ', StringComparison.Ordinal))
        .Select(static name => name.Split(' ')[0]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the replies of all primaries mean together; null: one is asked.</summary>
    public static Func<RespValue[], RespValue>? MergeOf(IRedisCommand command) => Merges.GetValueOrDefault(
        Containers.Contains(command.Name) && command.Arguments.Any() ? $"{command.Name} {command.Arguments.First()}" : command.Name);

    public static bool IsScan(IRedisCommand command) => command.Name.Equals("SCAN", StringComparison.OrdinalIgnoreCase);

    /// <summary>All say the same; or one says no.</summary>
    public static RespValue First(RespValue[] replies) => Wrong(replies) ?? replies[0];

    /// <summary>All numbers together.</summary>
    public static RespValue Sum(RespValue[] replies) => Wrong(replies) ?? Resp.Integer(replies.Sum(static reply => reply.ToInt64()));

    private static RespValue Concat(RespValue[] replies) => Wrong(replies) ?? Resp.Array([.. replies.SelectMany(static reply => reply.ToItems())]);

    private static RespValue And(RespValue[] replies) => Wrong(replies) ?? Resp.Array(
        [.. replies.Select(static reply => reply.ToItems().AsEnumerable()).Aggregate(static (one, other) => one.Zip(other, static (a, b) => a.ToBoolean() ? b : a))]);

    private static RespValue AnyDone(RespValue[] replies) => Array.Find(replies, static reply => !reply.IsError) is { IsNull: false } done ? done : replies[0];

    private static RespValue? Wrong(RespValue[] replies) => Array.FindIndex(replies, static reply => reply.IsError) is >= 0 and var at ? replies[at] : null;
}
