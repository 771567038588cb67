using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a server is set up to do.</summary>
public static class RedisConfig
{
    /// <summary>Reads settings.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="names">With <c>*</c>, <c>?</c> and <c>[…]</c>; at least one.</param>
    /// <returns>Their values; those that do not exist are left out.</returns>
    public static Awaitable<IReadOnlyDictionary<string, string>> ConfigGet(this IRedisCommands redis, params ReadOnlySpan<Bytes> names) =>
        redis.Reads("CONFIG GET", Reply.Settings, names);

    /// <summary>Makes the server forget what it has counted (<c>Info</c>).</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ConfigResetStat(this IRedisCommands redis) => redis.Writes("CONFIG RESETSTAT", Reply.Ok);

    /// <summary>Writes the settings into the server's file.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ConfigRewrite(this IRedisCommands redis) => redis.Writes("CONFIG REWRITE", Reply.Ok);

    /// <summary>Changes settings, all or none.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="settings">Names and values; at least one.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ConfigSet(this IRedisCommands redis, params ReadOnlySpan<(Bytes Name, Bytes Value)> settings) =>
        redis.Writes("CONFIG SET", Reply.Ok, Asking.Flat(settings));
}
