using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Running a server: saving, replicas, modules, its end.</summary>
public static class RedisOperations
{
    /// <summary>Begins to write its log of commands anew, in the background.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>What it says.</returns>
    public static Awaitable<string> BgRewriteAof(this IRedisCommands redis) => redis.Writes("BGREWRITEAOF", Reply.Text);

    /// <summary>Begins to save, in the background.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="schedule">Whether it may begin later, when the log is being written anew now.</param>
    /// <returns>What it says.</returns>
    public static Awaitable<string> BgSave(this IRedisCommands redis, bool schedule = false) =>
        redis.Writes("BGSAVE", Reply.Text, "SCHEDULE".If(schedule));

    /// <summary>Hands over to a replica: that becomes the primary.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="options">To whom, and how.</param>
    /// <returns>When it has begun.</returns>
    public static Awaitable<Unit> Failover(this IRedisCommands redis, FailoverOptions options = default) =>
        redis.Writes("FAILOVER", Reply.Ok, options.Words());

    /// <summary>Stops handing over.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> FailoverAbort(this IRedisCommands redis) => redis.Writes("FAILOVER", Reply.Ok, "ABORT");

    /// <summary>Tells when it has saved last.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>To the second.</returns>
    public static Awaitable<DateTimeOffset> LastSave(this IRedisCommands redis) => redis.Reads("LASTSAVE", Reply.UnixSeconds);

    /// <summary>Draws a picture, and tells the version.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="version">Of the picture; null: the server's own.</param>
    /// <param name="arguments">Of the picture.</param>
    /// <returns>For a person to look at.</returns>
    public static Awaitable<string> LolWut(this IRedisCommands redis, int? version = null, params ReadOnlySpan<Bytes> arguments) =>
        redis.Reads("LOLWUT", Reply.Text, [.. version is { } number ? new Bytes[] { "VERSION", number } : [], .. arguments]);

    /// <summary>Moves keys to another server: here they are gone when they are there.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="host">Its name or address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="options">What else; default: nothing.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>False: there is none of the keys.</returns>
    /// <remarks>The server does nothing else meanwhile.</remarks>
    public static Awaitable<bool> Migrate(this IRedisCommands redis, string host, int port, MigrateOptions options, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("MIGRATE", Moved, [host, port, "", options.Database, options.Milliseconds, .. options.Words(), "KEYS", .. keys]);

    /// <summary>Lists the modules.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns><c>name</c>, <c>ver</c>, <c>path</c>, <c>args</c> of each.</returns>
    public static Awaitable<IReadOnlyList<IReadOnlyDictionary<string, RespValue>>> ModuleList(this IRedisCommands redis) =>
        redis.Reads("MODULE LIST", Reply.NamedList);

    /// <summary>Loads a module.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="path">Of its file, at the server.</param>
    /// <param name="arguments">What it is given; may be none.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ModuleLoad(this IRedisCommands redis, string path, params ReadOnlySpan<Bytes> arguments) =>
        redis.Writes("MODULE LOAD", Reply.Ok, [path, .. arguments]);

    /// <summary>Loads a module with settings.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="path">Of its file, at the server.</param>
    /// <param name="settings">Names and values.</param>
    /// <param name="arguments">What it is given; may be none.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ModuleLoadEx(this IRedisCommands redis, string path, IReadOnlyList<(Bytes Name, Bytes Value)> settings, params ReadOnlySpan<Bytes> arguments) =>
        redis.Writes("MODULE LOADEX", Reply.Ok, [path, .. settings.SelectMany(static one => new Bytes[] { "CONFIG", one.Name, one.Value }), .. arguments.IsEmpty ? [] : (Bytes[])["ARGS", .. arguments]]);

    /// <summary>Unloads a module.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="name">Which.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ModuleUnload(this IRedisCommands redis, string name) => redis.Writes("MODULE UNLOAD", Reply.Ok, name);

    /// <summary>Makes the server follow another.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="host">Its name or address.</param>
    /// <param name="port">Its port.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ReplicaOf(this IRedisCommands redis, string host, int port) => redis.Writes("REPLICAOF", Reply.Ok, host, port);

    /// <summary>Makes the server follow nobody: it becomes a primary.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ReplicaOfNoOne(this IRedisCommands redis) => redis.Writes("REPLICAOF", Reply.Ok, "NO", "ONE");

    /// <summary>Tells whether the server is a primary, and who follows whom.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns><c>master</c>, how far it is, its replicas; or <c>slave</c>, its primary's address and port, how they stand, how far it is.</returns>
    public static Awaitable<IReadOnlyList<RespValue>> Role(this IRedisCommands redis) => redis.Reads("ROLE", Reply.Values);

    /// <summary>Saves; the server does nothing else meanwhile.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> Save(this IRedisCommands redis) => redis.Writes("SAVE", Reply.Ok);

    /// <summary>Ends the server.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="options">How.</param>
    /// <returns>When it is gone; what keeps it is a <see cref="RedisErrorException"/>.</returns>
    public static Awaitable<Unit> Shutdown(this IRedisConnection redis, ShutdownOptions options = default) =>
        redis.Writes("SHUTDOWN", Reply.Ok, options.Words()).Catch((ReplyLostException _) => Observable.Return(Unit.Default)).ToAwaitable("SHUTDOWN");

    /// <summary>Stops ending the server, while it waits for its replicas.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ShutdownAbort(this IRedisCommands redis) => redis.Writes("SHUTDOWN", Reply.Ok, "ABORT");

    /// <summary>Exchanges two databases.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="one">A number.</param>
    /// <param name="other">Another.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> SwapDb(this IRedisCommands redis, int one, int other) => redis.Writes("SWAPDB", Reply.Ok, one, other);

    /// <summary>Tells the server's time.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>To the microsecond.</returns>
    public static Awaitable<DateTimeOffset> Time(this IRedisCommands redis) => redis.Reads("TIME", Reply.UnixMicroseconds);

    private static readonly Func<RespValue, bool> Moved = static reply => reply.ToText() != "NOKEY";
}
