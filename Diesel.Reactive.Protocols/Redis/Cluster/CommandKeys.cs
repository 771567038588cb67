using System.Collections.Frozen;
using System.Globalization;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Which arguments of a command are its keys, by its shape. What is not known has its key first, as nearly all have, also those of modules.</summary>
internal static class CommandKeys
{
    private static readonly FrozenSet<string> Keyless = Words(
        "ACL", "ASKING", "AUTH", "BGREWRITEAOF", "BGSAVE", "CLIENT", "CLUSTER", "COMMAND", "CONFIG", "DBSIZE", "DEBUG", "DISCARD", "ECHO", "EXEC", "FAILOVER",
        "FLUSHALL", "FLUSHDB", "FUNCTION", "HELLO", "INFO", "KEYS", "LASTSAVE", "LATENCY", "LOLWUT", "MODULE", "MONITOR", "MULTI", "PFSELFTEST", "PING", "PSUBSCRIBE", "PSYNC",
        "PUBLISH", "PUBSUB", "PUNSUBSCRIBE", "QUIT", "RANDOMKEY", "READONLY", "READWRITE", "REPLCONF", "REPLICAOF", "RESET", "ROLE", "SAVE", "SCAN", "SCRIPT",
        "SELECT", "SHUTDOWN", "SLAVEOF", "SLOWLOG", "SUBSCRIBE", "SWAPDB", "SYNC", "TIME", "UNSUBSCRIBE", "UNWATCH", "WAIT", "WAITAOF");

    private static readonly FrozenSet<string> All = Words(
        "DEL", "EXISTS", "MGET", "PFCOUNT", "PFMERGE", "SDIFF", "SDIFFSTORE", "SINTER", "SINTERSTORE", "SSUBSCRIBE", "SUNION", "SUNIONSTORE", "SUNSUBSCRIBE", "TOUCH", "UNLINK", "WATCH");

    private static readonly FrozenSet<string> Two = Words(
        "BLMOVE", "BRPOPLPUSH", "COPY", "GEOSEARCHSTORE", "LCS", "LMOVE", "RENAME", "RENAMENX", "RPOPLPUSH", "SMOVE", "ZRANGESTORE");

    private static readonly FrozenSet<string> Pairs = Words("MSET", "MSETNX");
    private static readonly FrozenSet<string> AllButLast = Words("BLPOP", "BRPOP", "BZPOPMAX", "BZPOPMIN");
    private static readonly FrozenSet<string> CountFirst = Words("LMPOP", "SINTERCARD", "ZDIFF", "ZINTER", "ZINTERCARD", "ZMPOP", "ZUNION");
    private static readonly FrozenSet<string> CountSecond = Words("BLMPOP", "BZMPOP", "EVAL", "EVALSHA", "EVALSHA_RO", "EVAL_RO", "FCALL", "FCALL_RO");
    private static readonly FrozenSet<string> CountBehindDestination = Words("ZDIFFSTORE", "ZINTERSTORE", "ZUNIONSTORE");
    private static readonly FrozenSet<string> BehindStore = Words("GEORADIUS", "GEORADIUSBYMEMBER", "SORT");
    private static readonly FrozenSet<string> BehindSubcommand = Words("MEMORY", "OBJECT", "XGROUP", "XINFO");

    /// <summary>The keys of a command; empty: it has none.</summary>
    public static Bytes[] Of(IRedisCommand command)
    {
        var space = command.Name.IndexOf(' ', StringComparison.Ordinal);
        var name = space < 0 ? command.Name : command.Name[..space];
        if (Keyless.Contains(name))
        {
            return [];
        }

        return In(name, [.. ArgumentsOf(command)]);
    }

    /// <summary>All that comes behind the first word, also what the caller has written into the name.</summary>
    public static IEnumerable<Bytes> ArgumentsOf(IRedisCommand command) => command.Name.Contains(' ', StringComparison.Ordinal)
        ? command.Name.Split(' ').Skip(1).Select(static word => (Bytes)word).Concat(command.Arguments)
        : command.Arguments;

    private static Bytes[] In(string name, Bytes[] arguments) =>
        All.Contains(name) ? arguments
        : Two.Contains(name) ? First(arguments, 2)
        : Pairs.Contains(name) ? [.. arguments.Where(static (_, i) => i % 2 == 0)]
        : AllButLast.Contains(name) ? First(arguments, arguments.Length - 1)
        : CountFirst.Contains(name) ? Counted(arguments, 0)
        : CountSecond.Contains(name) ? Counted(arguments, 1)
        : CountBehindDestination.Contains(name) ? [.. First(arguments, 1), .. Counted(arguments, 1)]
        : BehindStore.Contains(name) ? [.. First(arguments, 1), .. BehindWord(arguments, "STORE"), .. BehindWord(arguments, "STOREDIST")]
        : BehindSubcommand.Contains(name) ? Subcommand(arguments)
        : Rare(name, arguments);

    private static Bytes[] Rare(string name, Bytes[] arguments) => name.ToUpperInvariant() switch
    {
        "BITOP" => arguments.Length > 1 ? arguments[1..] : [],
        "XREAD" => Streams(arguments),

        // Behind GROUP, a group and a consumer, which may be called as they like.
        "XREADGROUP" => Streams([.. arguments.Skip(3)]),
        "MIGRATE" => arguments.Length > 2 && arguments[2].IsEmpty ? Behind(arguments, "KEYS") : [.. arguments.Skip(2).Take(1)],
        _ => First(arguments, 1),
    };

    private static Bytes[] First(Bytes[] arguments, int count) => arguments.Length <= count ? arguments : arguments[..Math.Max(0, count)];

    // How many, then they: more than there are is the server's to refuse.
    private static Bytes[] Counted(Bytes[] arguments, int at) =>
        at < arguments.Length && int.TryParse(arguments[at].Span, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? [.. arguments.Skip(at + 1).Take(count)] : [];

    private static Bytes[] Subcommand(Bytes[] arguments) => arguments is [var word, var key, ..] && !Is(word, "HELP") ? [key] : [];

    private static Bytes[] Streams(Bytes[] arguments) => Behind(arguments, "STREAMS") is var rest ? rest[..(rest.Length / 2)] : [];

    private static Bytes[] BehindWord(Bytes[] arguments, string word) => [.. Behind(arguments, word).Take(1)];

    private static Bytes[] Behind(Bytes[] arguments, string word) => Array.FindIndex(arguments, one => Is(one, word)) is >= 0 and var at ? arguments[(at + 1)..] : [];

    private static bool Is(Bytes word, string other) => word.Length == other.Length && word.ToText().Equals(other, StringComparison.OrdinalIgnoreCase);

    private static FrozenSet<string> Words(params string[] words) => words.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
