namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a server understands.</summary>
public static class RedisCommandList
{
    private static readonly Func<RespValue, IReadOnlyList<(Bytes Key, IReadOnlyList<string> Flags)>> AllKeyAndFlags = Reply.ListOf(KeyAndFlags);
    private static readonly Func<RespValue, IReadOnlyList<RedisCommandInfo?>> AllInfoOrNull = Reply.ListOf(InfoOrNull);

    /// <summary>Counts the commands.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> CommandCount(this IRedisCommands redis) => redis.Reads("COMMAND COUNT", Reply.Number);

    /// <summary>Tells how commands are used.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="names">Which; empty: all.</param>
    /// <returns><c>summary</c>, <c>since</c>, <c>group</c>, <c>arguments</c>, … of each.</returns>
    public static Awaitable<IReadOnlyDictionary<string, RespValue>> CommandDocs(this IRedisCommands redis, params ReadOnlySpan<Bytes> names) =>
        redis.Reads("COMMAND DOCS", Reply.Named, names);

    /// <summary>Finds the keys within a command.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="words">The command and its arguments.</param>
    /// <returns>The keys.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> CommandGetKeys(this IRedisCommands redis, params ReadOnlySpan<Bytes> words) =>
        redis.Reads("COMMAND GETKEYS", Reply.List, words);

    /// <summary>Finds the keys within a command, and what becomes of them.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="words">The command and its arguments.</param>
    /// <returns>The keys, each with <c>RO</c>, <c>RW</c>, <c>access</c>, <c>update</c>, …</returns>
    public static Awaitable<IReadOnlyList<(Bytes Key, IReadOnlyList<string> Flags)>> CommandGetKeysAndFlags(this IRedisCommands redis, params ReadOnlySpan<Bytes> words) =>
        redis.Reads("COMMAND GETKEYSANDFLAGS", AllKeyAndFlags, words);

    /// <summary>Tells of commands.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="names">Which; empty: all.</param>
    /// <returns>What it says of each; null: there is none.</returns>
    public static Awaitable<IReadOnlyList<RedisCommandInfo?>> CommandInfo(this IRedisCommands redis, params ReadOnlySpan<Bytes> names) =>
        redis.Reads("COMMAND INFO", AllInfoOrNull, names);

    /// <summary>Lists the commands.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>Their names, in no order.</returns>
    public static Awaitable<IReadOnlyList<string>> CommandList(this IRedisCommands redis) => redis.Reads("COMMAND LIST", Reply.Texts);

    /// <summary>Lists the commands of a module.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="module">Its name.</param>
    /// <returns>Their names, in no order.</returns>
    public static Awaitable<IReadOnlyList<string>> CommandListByModule(this IRedisCommands redis, string module) =>
        redis.Reads("COMMAND LIST", Reply.Texts, "FILTERBY", "MODULE", module);

    /// <summary>Lists the commands of a category.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="category">Its name, as <c>AclCat</c> gives it.</param>
    /// <returns>Their names, in no order.</returns>
    public static Awaitable<IReadOnlyList<string>> CommandListByAclCat(this IRedisCommands redis, string category) =>
        redis.Reads("COMMAND LIST", Reply.Texts, "FILTERBY", "ACLCAT", category);

    /// <summary>Lists the commands whose names match.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="pattern">With <c>*</c>, <c>?</c> and <c>[…]</c>.</param>
    /// <returns>Their names, in no order.</returns>
    public static Awaitable<IReadOnlyList<string>> CommandListByPattern(this IRedisCommands redis, string pattern) =>
        redis.Reads("COMMAND LIST", Reply.Texts, "FILTERBY", "PATTERN", pattern);

    private static (Bytes Key, IReadOnlyList<string> Flags) KeyAndFlags(RespValue value) => value.ToItems() is [var key, var flags]
        ? (key.ToBytes(), [.. flags.ToItems().Select(static flag => flag.ToText())])
        : throw new ProtocolException("A reply arrived that is no key with flags.");

    private static RedisCommandInfo? InfoOrNull(RespValue value) => value.IsNull ? null : RedisCommandInfo.Read(value);
}
