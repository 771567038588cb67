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
        return redis.Ask(new RedisCommand<T>(name, read, arguments) { IsReadOnly = true });
    }

    /// <summary>A command that may change something.</summary>
    public static Awaitable<T> Writes<T>(this IRedisCommands redis, string name, Func<RespValue, T> read, params ReadOnlySpan<Bytes> arguments)
    {
        ArgumentNullException.ThrowIfNull(redis);
        return redis.Ask(new RedisCommand<T>(name, read, arguments));
    }

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
}
