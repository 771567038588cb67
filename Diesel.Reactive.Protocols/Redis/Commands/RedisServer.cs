using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>The server, and whatever else it understands.</summary>
public static class RedisServer
{
    /// <summary>Any command: of a newer server, of a module.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="name">With its subcommand: <c>CLIENT INFO</c>. Errors and measurements show it, of more words the first two.</param>
    /// <param name="arguments">Any.</param>
    /// <returns>The reply; an error is thrown.</returns>
    public static Awaitable<RespValue> Command(this IRedisCommands redis, string name, params ReadOnlySpan<Bytes> arguments)
    {
        ArgumentNullException.ThrowIfNull(name);

        // Behind the subcommand at the latest come arguments, which may be secrets.
        return name.Split(' ') is [var first, var second, _, ..] words
            ? redis.Writes($"{first} {second}", Reply.Any, [.. words.Skip(2).Select(static word => (Bytes)word), .. arguments])
            : redis.Writes(name, Reply.Any, arguments);
    }

    /// <summary>Counts the keys of the database.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> DbSize(this IRedisCommands redis) => redis.Reads("DBSIZE", Reply.Number);

    /// <summary>Says something, to hear it back.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="message">What.</param>
    /// <returns>The same.</returns>
    public static Awaitable<Bytes> Echo(this IRedisCommands redis, Bytes message) => redis.Reads("ECHO", Reply.Bytes, message);

    /// <summary>Removes all keys of all databases.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="wait">Whether their memory is freed before the reply.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> FlushAll(this IRedisCommands redis, bool wait = true) => redis.Writes("FLUSHALL", Reply.Ok, wait ? "SYNC" : "ASYNC");

    /// <summary>Removes all keys of the database.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="wait">Whether their memory is freed before the reply.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> FlushDb(this IRedisCommands redis, bool wait = true) => redis.Writes("FLUSHDB", Reply.Ok, wait ? "SYNC" : "ASYNC");

    /// <summary>Asks the server about itself.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="sections">Which; empty: the usual ones.</param>
    /// <returns>Lines of <c>name:value</c>.</returns>
    public static Awaitable<string> Info(this IRedisCommands redis, params ReadOnlySpan<Bytes> sections) => redis.Reads("INFO", Reply.Text, sections);

    /// <summary>Asks whether the server is there.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns><c>PONG</c>.</returns>
    public static Awaitable<string> Ping(this IRedisCommands redis) => redis.Reads("PING", Reply.Text);

    /// <summary>Asks whether the server is there.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="message">What.</param>
    /// <returns>The same.</returns>
    public static Awaitable<Bytes> Ping(this IRedisCommands redis, Bytes message) => redis.Reads("PING", Reply.Bytes, message);
}
