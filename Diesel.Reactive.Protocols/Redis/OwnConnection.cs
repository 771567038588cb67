using System.Collections.Frozen;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Which commands need a connection of their own.</summary>
internal static class OwnConnection
{
    private static readonly FrozenDictionary<string, Need> Known = new[]
    {
        // What the server says next is no reply to the next command, or there is none.
        Words(
            Need.Never, "MULTI", "EXEC", "DISCARD", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR", "SYNC", "PSYNC",
            "REPLCONF", "HELLO", "RESET", "QUIT"),

        // They change what follows on the connection.
        Words(Need.Changing, "SELECT", "AUTH", "ASKING", "READONLY", "READWRITE"),

        // They hold up who comes behind, or mean something on this connection only.
        Words(Need.Holding, "WATCH", "UNWATCH", "WAIT", "WAITAOF", "BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "BZMPOP"),

        // It depends on the next words.
        Words(Need.Some, "CLIENT", "SCRIPT", "XREAD", "XREADGROUP"),
    }.SelectMany(static words => words).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // The last of which nothing is known: who asks for the same again and again is not looked up again and again.
    private static string? _harmless;

    /// <summary>For a connection that many callers share.</summary>
    /// <exception cref="NotSupportedException">It is not for them.</exception>
    public static void ThrowIfNeededBy(IRedisCommand command)
    {
        if (ReferenceEquals(command.Name, _harmless))
        {
            return;
        }

        var need = For(command);
        if (need == Need.Never)
        {
            throw IsNever(command);
        }

        if (need == Need.None && !command.Name.Contains(' ', StringComparison.Ordinal) && !Known.ContainsKey(command.Name))
        {
            _harmless = command.Name;
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

    /// <summary>Whether keys are watched when it was carried out; null: as before.</summary>
    public static bool? WatchesAfter(IRedisCommand command)
    {
        var name = command.Name.AsSpan();
        var word = name.IndexOf(' ') is > 0 and var end ? name[..end] : name;
        return word.Equals("WATCH", StringComparison.OrdinalIgnoreCase) ? true : word.Equals("UNWATCH", StringComparison.OrdinalIgnoreCase) ? false : null;
    }

    private static NotSupportedException IsNever(IRedisCommand command) =>
        new($"{command.Name} is not asked for by itself: there are Transaction, Monitor, and RedisSubHub for subscriptions.");

    private static IEnumerable<KeyValuePair<string, Need>> Words(Need need, params string[] words) => words.Select(word => KeyValuePair.Create(word, need));

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
        var need = Known.GetValueOrDefault(command.Name);
        if (need != Need.Some && !command.Name.Contains(' ', StringComparison.Ordinal))
        {
            return need;
        }

        var words = command.Name.Split(' ').Concat(command.Arguments.Select(static argument => argument.ToText()));
        return words.First().ToUpperInvariant() switch
        {
            "CLIENT" => OfClient(words.ElementAtOrDefault(1) ?? ""),
            "SCRIPT" => "DEBUG".Equals(words.ElementAtOrDefault(1), StringComparison.OrdinalIgnoreCase) ? Need.Never : Need.None,
            "XREAD" => OfReading(words.Skip(1)),

            // A group and a consumer may be called as they like.
            "XREADGROUP" => OfReading(words.Skip(4)),
            var first => Known.GetValueOrDefault(first),
        };
    }

    private static Need OfReading(IEnumerable<string> words) => words
        .TakeWhile(static word => !word.Equals("STREAMS", StringComparison.OrdinalIgnoreCase))
        .Contains("BLOCK", StringComparer.OrdinalIgnoreCase) ? Need.Holding : Need.None;

    private enum Need
    {
        None,
        Lasting,
        Holding,
        Changing,
        Never,
        Some,
    }
}
