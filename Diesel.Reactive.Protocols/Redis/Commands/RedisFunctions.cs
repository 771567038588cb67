using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Libraries of functions, which a server keeps and replicates.</summary>
public static class RedisFunctions
{
    /// <summary>Removes a library.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="library">Its name.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> FunctionDelete(this IRedisCommands redis, string library) => redis.Writes("FUNCTION DELETE", Reply.Ok, library);

    /// <summary>Reads all libraries as the server stores them, for <c>FunctionRestore</c>.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>The libraries.</returns>
    public static Awaitable<Bytes> FunctionDump(this IRedisCommands redis) => redis.Reads("FUNCTION DUMP", Reply.Bytes);

    /// <summary>Removes all libraries.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="wait">Whether their memory is freed before the reply.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> FunctionFlush(this IRedisCommands redis, bool wait = true) =>
        redis.Writes("FUNCTION FLUSH", Reply.Ok, wait ? "SYNC" : "ASYNC");

    /// <summary>Ends the function that runs, unless it has written something.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done; that none runs is a <see cref="RedisErrorException"/> (<c>NOTBUSY</c>).</returns>
    public static Awaitable<Unit> FunctionKill(this IRedisCommands redis) => redis.Writes("FUNCTION KILL", Reply.Ok);

    /// <summary>Tells of libraries.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="library">Which, with <c>*</c>, <c>?</c> and <c>[…]</c>; null: all.</param>
    /// <param name="withCode">Whether their code is told as well.</param>
    /// <returns><c>library_name</c>, <c>engine</c>, <c>functions</c> of each.</returns>
    public static Awaitable<IReadOnlyList<IReadOnlyDictionary<string, RespValue>>> FunctionList(this IRedisCommands redis, string? library = null, bool withCode = false) =>
        redis.Reads("FUNCTION LIST", Reply.NamedList, [.. library is null ? [] : (Bytes[])["LIBRARYNAME", library], .. "WITHCODE".If(withCode)]);

    /// <summary>Gives the server a library.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="code">Its first line is <c>#!lua name=…</c>.</param>
    /// <param name="replace">Whether one of the same name may be replaced.</param>
    /// <returns>Its name.</returns>
    public static Awaitable<string> FunctionLoad(this IRedisCommands redis, Bytes code, bool replace = false) =>
        redis.Writes("FUNCTION LOAD", Reply.Text, [.. "REPLACE".If(replace), code]);

    /// <summary>Stores what <c>FunctionDump</c> gave.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="libraries">What it gave.</param>
    /// <param name="policy">What becomes of those that are there.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> FunctionRestore(this IRedisCommands redis, Bytes libraries, FunctionRestorePolicy policy = FunctionRestorePolicy.Append) =>
        redis.Writes("FUNCTION RESTORE", Reply.Ok, libraries, policy.ToString().ToUpperInvariant());

    /// <summary>Tells of the function that runs, and counts libraries.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns><c>running_script</c> and <c>engines</c>.</returns>
    public static Awaitable<IReadOnlyDictionary<string, RespValue>> FunctionStats(this IRedisCommands redis) =>
        redis.Reads("FUNCTION STATS", Reply.Named);
}
