using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>The connections to a server.</summary>
public static class RedisConnections
{
    /// <summary>Tells what this connection is called.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>Its name; null or empty: it has none.</returns>
    public static Awaitable<string?> ClientGetName(this IRedisCommands redis) => redis.Reads("CLIENT GETNAME", Reply.TextOrNull);

    /// <summary>Tells where to this connection's invalidations go.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>The number of a connection; 0: to this; -1: nowhere.</returns>
    public static Awaitable<long> ClientGetRedir(this IRedisCommands redis) => redis.Reads("CLIENT GETREDIR", Reply.Number);

    /// <summary>Tells this connection's number.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>They count up, and are used once.</returns>
    public static Awaitable<long> ClientId(this IRedisCommands redis) => redis.Reads("CLIENT ID", Reply.Number);

    /// <summary>Tells what the server knows of this connection.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns><c>id</c>, <c>addr</c>, <c>name</c>, <c>age</c>, …</returns>
    public static Awaitable<IReadOnlyDictionary<string, string>> ClientInfo(this IRedisCommands redis) => redis.Reads("CLIENT INFO", Reply.Line);

    /// <summary>Ends connections.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="which">Those that are all of what is said.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> ClientKill(this IRedisCommands redis, ClientKillOptions which) =>
        redis.Writes("CLIENT KILL", Reply.Number, which.Words());

    /// <summary>Lists the connections.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="kind">Those of a kind; null: all.</param>
    /// <returns><c>id</c>, <c>addr</c>, <c>name</c>, <c>age</c>, … of each.</returns>
    public static Awaitable<IReadOnlyList<IReadOnlyDictionary<string, string>>> ClientList(this IRedisCommands redis, ClientKind? kind = null) =>
        redis.Reads("CLIENT LIST", Reply.Lines, kind is { } one ? new Bytes[] { "TYPE", one.Word() } : []);

    /// <summary>Lists some connections.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="ids">At least one.</param>
    /// <returns><c>id</c>, <c>addr</c>, <c>name</c>, <c>age</c>, … of each that there is.</returns>
    public static Awaitable<IReadOnlyList<IReadOnlyDictionary<string, string>>> ClientListOf(this IRedisCommands redis, params ReadOnlySpan<long> ids) =>
        redis.Reads("CLIENT LIST", Reply.Lines, ["ID", .. Asking.Numbers(ids)]);

    /// <summary>Says whether this connection is spared when the server needs memory.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="isSpared">Whether it is.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClientNoEvict(this IRedisCommands redis, bool isSpared) =>
        redis.Writes("CLIENT NO-EVICT", Reply.Ok, isSpared ? "ON" : "OFF");

    /// <summary>Holds all connections up.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="span">For how long.</param>
    /// <param name="onlyWrites">Whether those that only read go on.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClientPause(this IRedisCommands redis, TimeSpan span, bool onlyWrites = false) =>
        redis.Writes("CLIENT PAUSE", Reply.Ok, Reply.Milliseconds(span), onlyWrites ? "WRITE" : "ALL");

    /// <summary>Says what this connection is called.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="name">Without spaces.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClientSetName(this IRedisCommands redis, string name) => redis.Writes("CLIENT SETNAME", Reply.Ok, name);

    /// <summary>Tells how this connection's reads are tracked.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns><c>flags</c>, <c>redirect</c>, <c>prefixes</c>.</returns>
    public static Awaitable<IReadOnlyDictionary<string, RespValue>> ClientTrackingInfo(this IRedisCommands redis) =>
        redis.Reads("CLIENT TRACKINGINFO", Reply.Named);

    /// <summary>Ends the wait of another connection's command that blocks.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="id">Which.</param>
    /// <param name="withError">Whether it gets an error (<c>UNBLOCKED</c>), and not nothing.</param>
    /// <returns>False: it does not block.</returns>
    public static Awaitable<bool> ClientUnblock(this IRedisCommands redis, long id, bool withError = false) =>
        redis.Writes("CLIENT UNBLOCK", Reply.Truth, id, withError ? "ERROR" : "TIMEOUT");

    /// <summary>Lets all connections go on.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClientUnpause(this IRedisCommands redis) => redis.Writes("CLIENT UNPAUSE", Reply.Ok);
}
