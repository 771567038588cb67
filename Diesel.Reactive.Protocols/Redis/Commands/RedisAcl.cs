using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Users, and what they may do.</summary>
public static class RedisAcl
{
    /// <summary>Lists the categories of commands.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>Their names.</returns>
    public static Awaitable<IReadOnlyList<string>> AclCat(this IRedisCommands redis) => redis.Reads("ACL CAT", Reply.Texts);

    /// <summary>Lists the commands of a category.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="category">Its name.</param>
    /// <returns>Their names; a subcommand stands behind <c>|</c>.</returns>
    public static Awaitable<IReadOnlyList<string>> AclCat(this IRedisCommands redis, string category) =>
        redis.Reads("ACL CAT", Reply.Texts, category);

    /// <summary>Removes users, and ends their connections.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="users">Their names; at least one.</param>
    /// <returns>How many there were.</returns>
    public static Awaitable<long> AclDelUser(this IRedisCommands redis, params ReadOnlySpan<Bytes> users) =>
        redis.Writes("ACL DELUSER", Reply.Number, users);

    /// <summary>Tells whether a user may send a command, without carrying it out.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="user">The name.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="arguments">What it is given; may be none.</param>
    /// <returns>Why not; null: the user may.</returns>
    public static Awaitable<string?> AclDryRun(this IRedisCommands redis, string user, string command, params ReadOnlySpan<Bytes> arguments) =>
        redis.Reads("ACL DRYRUN", Refusal, [user, command, .. arguments]);

    /// <summary>Makes a password that nobody guesses.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="bits">How long it is.</param>
    /// <returns>Hexadecimal digits.</returns>
    public static Awaitable<string> AclGenPass(this IRedisCommands redis, int bits = 256) => redis.Reads("ACL GENPASS", Reply.Text, bits);

    /// <summary>Tells of a user.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="user">The name.</param>
    /// <returns><c>flags</c>, <c>passwords</c> (their SHA-256), <c>commands</c>, <c>keys</c>, <c>channels</c>; null: there is none.</returns>
    public static Awaitable<IReadOnlyDictionary<string, RespValue>?> AclGetUser(this IRedisCommands redis, string user) =>
        redis.Reads("ACL GETUSER", Reply.NamedOrNull, user);

    /// <summary>Lists the users with their rules.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>As the server's file has them.</returns>
    public static Awaitable<IReadOnlyList<string>> AclList(this IRedisCommands redis) => redis.Reads("ACL LIST", Reply.Texts);

    /// <summary>Reads the users from the server's file.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> AclLoad(this IRedisCommands redis) => redis.Writes("ACL LOAD", Reply.Ok);

    /// <summary>Tells what was refused last.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>The newest first: <c>reason</c>, <c>object</c>, <c>username</c>, …</returns>
    public static Awaitable<IReadOnlyList<IReadOnlyDictionary<string, RespValue>>> AclLog(this IRedisCommands redis, long count = 10) =>
        redis.Reads("ACL LOG", Reply.NamedList, count);

    /// <summary>Makes the server forget what it refused.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> AclLogReset(this IRedisCommands redis) => redis.Writes("ACL LOG", Reply.Ok, "RESET");

    /// <summary>Writes the users into the server's file.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> AclSave(this IRedisCommands redis) => redis.Writes("ACL SAVE", Reply.Ok);

    /// <summary>Makes a user, or changes one.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="user">The name.</param>
    /// <param name="rules"><c>on</c>, <c>&gt;password</c>, <c>~keys*</c>, <c>&amp;channels*</c>, <c>+@read</c>, …</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> AclSetUser(this IRedisCommands redis, string user, params ReadOnlySpan<Bytes> rules) =>
        redis.Writes("ACL SETUSER", Reply.Ok, [user, .. rules]);

    /// <summary>Lists the users.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>Their names.</returns>
    public static Awaitable<IReadOnlyList<string>> AclUsers(this IRedisCommands redis) => redis.Reads("ACL USERS", Reply.Texts);

    /// <summary>Tells who this connection is.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>The user's name.</returns>
    public static Awaitable<string> AclWhoAmI(this IRedisCommands redis) => redis.Reads("ACL WHOAMI", Reply.Text);

    private static readonly Func<RespValue, string?> Refusal = static reply => reply.ToText() is "OK" ? null : reply.ToText();
}
