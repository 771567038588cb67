using System.Collections.Frozen;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Which commands need a connection of their own.</summary>
internal static class OwnConnection
{
    // What the server says next is no reply to the next command, or there is none.
    private static readonly FrozenSet<string> Never = Words(
        "MULTI", "EXEC", "DISCARD", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR", "SYNC", "PSYNC",
        "REPLCONF", "HELLO", "RESET", "QUIT");

    // They change what follows on the connection.
    private static readonly FrozenSet<string> Changing = Words("SELECT", "AUTH", "ASKING", "READONLY", "READWRITE");

    // They hold up who comes behind, or mean something on this connection only.
    private static readonly FrozenSet<string> Holding = Words(
        "WATCH", "UNWATCH", "WAIT", "WAITAOF", "BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "BZMPOP");

    // It depends on the next words.
    private static readonly FrozenSet<string> Some = Words("CLIENT", "XREAD", "XREADGROUP");

    /// <summary>For a connection that many callers share.</summary>
    /// <exception cref="NotSupportedException">It is not for them.</exception>
    public static void ThrowIfNeededBy(IRedisCommand command)
    {
        var need = For(command);
        if (need == Need.Never)
        {
            throw IsNever(command);
        }

        if (need is not (Need.None or Need.Lasting))
        {
            throw new NotSupportedException(
                $"{command.Name} needs a connection of its own, as many callers share this one: ask for it within client.Lease(…), or by its method, which does that by itself.");
        }
    }

    /// <summary>For a connection that is lent.</summary>
    /// <returns>Whether it is not to be lent again.</returns>
    /// <exception cref="NotSupportedException">It is not for a client.</exception>
    public static bool IsChangedBy(IRedisCommand command) => For(command) switch
    {
        Need.Never => throw IsNever(command),
        var need => need is Need.Changing or Need.Lasting,
    };

    /// <summary>Whether keys are watched when it was carried out.</summary>
    public static bool IsWatchedAfter(IRedisCommand command, bool isWatched)
    {
        var name = command.Name.AsSpan();
        var word = name.IndexOf(' ') is > 0 and var end ? name[..end] : name;
        return word.Equals("WATCH", StringComparison.OrdinalIgnoreCase) || (isWatched && !word.Equals("UNWATCH", StringComparison.OrdinalIgnoreCase));
    }

    private static NotSupportedException IsNever(IRedisCommand command) =>
        new($"{command.Name} is not asked for by itself: there are Transaction, Monitor, and RedisSubHub for subscriptions.");

    private static FrozenSet<string> Words(params string[] words) => words.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static Need ByName(string name) =>
        Never.Contains(name) ? Need.Never : Changing.Contains(name) ? Need.Changing : Holding.Contains(name) ? Need.Holding : Need.None;

    private static Need OfClient(string subcommand) => subcommand.ToUpperInvariant() switch
    {
        "REPLY" => Need.Never,
        "TRACKING" or "CACHING" => Need.Changing,
        "SETNAME" or "SETINFO" or "NO-EVICT" or "NO-TOUCH" => Need.Lasting,
        _ => Need.None,
    };

    // As the server sees it: in words, wherever the caller has put them.
    private static Need For(IRedisCommand command)
    {
        if (!command.Name.Contains(' ', StringComparison.Ordinal) && !Some.Contains(command.Name))
        {
            return ByName(command.Name);
        }

        var words = command.Name.Split(' ').Concat(command.Arguments.Select(static argument => argument.ToText()));
        return words.First().ToUpperInvariant() switch
        {
            "CLIENT" => OfClient(words.ElementAtOrDefault(1) ?? ""),
            "XREAD" or "XREADGROUP" => IsBlocking(words) ? Need.Holding : Need.None,
            var first => ByName(first),
        };
    }

    private static bool IsBlocking(IEnumerable<string> words) => words
        .TakeWhile(static word => !word.Equals("STREAMS", StringComparison.OrdinalIgnoreCase))
        .Contains("BLOCK", StringComparer.OrdinalIgnoreCase);

    private enum Need
    {
        None,
        Lasting,
        Holding,
        Changing,
        Never,
    }
}
