using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Lua scripts; <see cref="Script"/> sends each only once.</summary>
public static class RedisScripting
{
    /// <summary>Runs a script.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="script">In Lua.</param>
    /// <param name="keys">What it uses (<c>KEYS</c>); null: none.</param>
    /// <param name="arguments">What it is given besides (<c>ARGV</c>).</param>
    /// <returns>What it returns.</returns>
    public static Awaitable<RespValue> Eval(this IRedisCommands redis, Bytes script, IReadOnlyList<Bytes>? keys = null, params ReadOnlySpan<Bytes> arguments) =>
        redis.Writes("EVAL", Reply.Any, [script, .. Asking.Numbered(keys), .. arguments]);

    /// <summary>Runs a script that changes nothing.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="script">In Lua; the server refuses what would change something.</param>
    /// <param name="keys">What it uses (<c>KEYS</c>); null: none.</param>
    /// <param name="arguments">What it is given besides (<c>ARGV</c>).</param>
    /// <returns>What it returns.</returns>
    public static Awaitable<RespValue> EvalRo(this IRedisCommands redis, Bytes script, IReadOnlyList<Bytes>? keys = null, params ReadOnlySpan<Bytes> arguments) =>
        redis.Reads("EVAL_RO", Reply.Any, [script, .. Asking.Numbered(keys), .. arguments]);

    /// <summary>Runs a script the server has.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="sha1">Its SHA-1 in hexadecimal digits.</param>
    /// <param name="keys">What it uses (<c>KEYS</c>); null: none.</param>
    /// <param name="arguments">What it is given besides (<c>ARGV</c>).</param>
    /// <returns>What it returns; one that the server has not is a <see cref="RedisErrorException"/> (<c>NOSCRIPT</c>).</returns>
    public static Awaitable<RespValue> EvalSha(this IRedisCommands redis, string sha1, IReadOnlyList<Bytes>? keys = null, params ReadOnlySpan<Bytes> arguments) =>
        redis.Writes("EVALSHA", Reply.Any, [sha1, .. Asking.Numbered(keys), .. arguments]);

    /// <summary>Runs a script the server has, which changes nothing.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="sha1">Its SHA-1 in hexadecimal digits.</param>
    /// <param name="keys">What it uses (<c>KEYS</c>); null: none.</param>
    /// <param name="arguments">What it is given besides (<c>ARGV</c>).</param>
    /// <returns>What it returns; one that the server has not is a <see cref="RedisErrorException"/> (<c>NOSCRIPT</c>).</returns>
    public static Awaitable<RespValue> EvalShaRo(this IRedisCommands redis, string sha1, IReadOnlyList<Bytes>? keys = null, params ReadOnlySpan<Bytes> arguments) =>
        redis.Reads("EVALSHA_RO", Reply.Any, [sha1, .. Asking.Numbered(keys), .. arguments]);

    /// <summary>Tells which scripts the server has.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="sha1s">Their SHA-1 in hexadecimal digits.</param>
    /// <returns>Whether it has it, for each.</returns>
    public static Awaitable<IReadOnlyList<bool>> ScriptExists(this IRedisCommands redis, params ReadOnlySpan<Bytes> sha1s) =>
        redis.Reads("SCRIPT EXISTS", Reply.Truths, sha1s);

    /// <summary>Makes the server forget all scripts.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="wait">Whether their memory is freed before the reply.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ScriptFlush(this IRedisCommands redis, bool wait = true) =>
        redis.Writes("SCRIPT FLUSH", Reply.Ok, wait ? "SYNC" : "ASYNC");

    /// <summary>Ends the script that runs, unless it has written something.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done; that none runs is a <see cref="RedisErrorException"/> (<c>NOTBUSY</c>).</returns>
    public static Awaitable<Unit> ScriptKill(this IRedisCommands redis) => redis.Writes("SCRIPT KILL", Reply.Ok);

    /// <summary>Gives the server a script, without running it.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="script">In Lua.</param>
    /// <returns>Its SHA-1 in hexadecimal digits.</returns>
    public static Awaitable<string> ScriptLoad(this IRedisCommands redis, Bytes script) => redis.Writes("SCRIPT LOAD", Reply.Text, script);

    /// <summary>Runs a function of a library.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="name">Which.</param>
    /// <param name="keys">What it uses; null: nothing.</param>
    /// <param name="arguments">What it is given; may be none.</param>
    /// <returns>What it returns.</returns>
    public static Awaitable<RespValue> FCall(this IRedisCommands redis, string name, IReadOnlyList<Bytes>? keys = null, params ReadOnlySpan<Bytes> arguments) =>
        redis.Writes("FCALL", Reply.Any, [name, .. Asking.Numbered(keys), .. arguments]);

    /// <summary>Runs a function of a library, which changes nothing.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="name">Which.</param>
    /// <param name="keys">What it uses; null: nothing.</param>
    /// <param name="arguments">What it is given; may be none.</param>
    /// <returns>What it returns.</returns>
    public static Awaitable<RespValue> FCallRo(this IRedisCommands redis, string name, IReadOnlyList<Bytes>? keys = null, params ReadOnlySpan<Bytes> arguments) =>
        redis.Reads("FCALL_RO", Reply.Any, [name, .. Asking.Numbered(keys), .. arguments]);
}
