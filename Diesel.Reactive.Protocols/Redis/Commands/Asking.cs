namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How the families ask.</summary>
internal static class Asking
{
    private static readonly Bytes[] ExistsWords = ["XX"];
    private static readonly Bytes[] NotExistsWords = ["NX"];

    /// <summary>A command that changes nothing.</summary>
    public static Awaitable<T> Reads<T>(this IRedisCommands redis, string name, Func<RespValue, T> read, params ReadOnlySpan<Bytes> arguments)
    {
        ArgumentNullException.ThrowIfNull(redis);
        return redis.AskDirectly(new RedisCommand<T>(name, read, arguments) { IsReadOnly = true });
    }

    /// <summary>A command that may change something.</summary>
    public static Awaitable<T> Writes<T>(this IRedisCommands redis, string name, Func<RespValue, T> read, params ReadOnlySpan<Bytes> arguments)
    {
        ArgumentNullException.ThrowIfNull(redis);
        return redis.AskDirectly(new RedisCommand<T>(name, read, arguments));
    }

    // A generic method of an interface is looked up with each call, which takes as long as a tenth of all that is done for a command.
    private static Awaitable<T> AskDirectly<T>(this IRedisCommands redis, RedisCommand<T> command) => redis is RedisBatch batch ? batch.Ask(command) : redis.Ask(command);

    /// <summary>What the server calls a condition.</summary>
    public static ReadOnlySpan<Bytes> Words(this When when) => when switch
    {
        When.Exists => ExistsWords,
        When.NotExists => NotExistsWords,
        _ => [],
    };

    /// <summary>A word of the command, if it is wanted.</summary>
    public static ReadOnlySpan<Bytes> If(this string word, bool wanted) => wanted ? new Bytes[] { word } : [];

    /// <summary>Names and values, one after the other.</summary>
    public static ReadOnlySpan<Bytes> Flat(ReadOnlySpan<(Bytes Name, Bytes Value)> pairs)
    {
        var flat = new Bytes[2 * pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            (flat[2 * i], flat[(2 * i) + 1]) = pairs[i];
        }

        return flat;
    }

    /// <summary>How many at most, if that is said.</summary>
    public static ReadOnlySpan<Bytes> Count(long? count) => count is { } most ? new Bytes[] { "COUNT", most } : [];

    /// <summary>Ids of entries.</summary>
    public static Bytes[] Ids(ReadOnlySpan<StreamId> ids)
    {
        var words = new Bytes[ids.Length];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = ids[i];
        }

        return words;
    }

    /// <summary>Keys of streams, then where to begin in each.</summary>
    public static Bytes[] Streams(ReadOnlySpan<(Bytes Key, Bytes After)> streams)
    {
        var words = new Bytes[2 * streams.Length];
        for (var i = 0; i < streams.Length; i++)
        {
            (words[i], words[streams.Length + i]) = streams[i];
        }

        return words;
    }

    /// <summary>How many keys, and they.</summary>
    public static Bytes[] Numbered(IReadOnlyList<Bytes>? keys) => keys is null ? [0] : [keys.Count, .. keys];

    /// <summary>Numbers as words.</summary>
    public static Bytes[] Numbers(ReadOnlySpan<long> numbers)
    {
        var words = new Bytes[numbers.Length];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = numbers[i];
        }

        return words;
    }

    /// <inheritdoc cref="Numbers(ReadOnlySpan{long})"/>
    public static Bytes[] Numbers(ReadOnlySpan<int> numbers)
    {
        var words = new Bytes[numbers.Length];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = numbers[i];
        }

        return words;
    }

    /// <summary>The ends of ranges.</summary>
    public static Bytes[] Ranges(ReadOnlySpan<(int First, int Last)> ranges)
    {
        var words = new Bytes[2 * ranges.Length];
        for (var i = 0; i < ranges.Length; i++)
        {
            (words[2 * i], words[(2 * i) + 1]) = ranges[i];
        }

        return words;
    }
}
