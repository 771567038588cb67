using System.Reactive.Linq;
using System.Security.Cryptography;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A Lua script, of which only the SHA-1 is sent once the server has it: <c>static readonly Script Add = Script.Of("return …")</c>.</summary>
/// <remarks>A server that has it not, as after a restart, is given it with the call. In a batch or a transaction the whole script is sent, as there is no second
/// try within. Immutable: share it.</remarks>
public sealed class Script
{
    private readonly Bytes _code;
    private readonly Bytes _sha1;
    private readonly bool _isReadOnly;

    // Whether it may be sent twice, though it changes something.
    private readonly bool _isRepeatable;

    private Script(Bytes code, bool isReadOnly, bool isRepeatable) =>
        (_code, _isReadOnly, _isRepeatable, _sha1) = (code, isReadOnly, isRepeatable, Sha1Of(code));

    /// <summary>Its SHA-1 in hexadecimal digits: what the server calls it.</summary>
    public string Sha1 => _sha1.ToText();

    /// <summary>Makes a script; nothing is sent.</summary>
    /// <param name="lua">Its code.</param>
    /// <param name="isReadOnly">Whether it changes nothing: the server refuses what would, and it is sent again when a connection was lost.</param>
    /// <returns>The script.</returns>
    /// <exception cref="ArgumentException"><paramref name="lua"/> is empty.</exception>
    public static Script Of(string lua, bool isReadOnly = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(lua);
        return new(lua, isReadOnly, isRepeatable: false);
    }

    /// <summary>A script that may change something, and is sent again when a connection was lost all the same.</summary>
    internal static Script Repeatable(string lua) => new(lua, isReadOnly: false, isRepeatable: true);

    /// <summary>Runs it.</summary>
    /// <param name="redis">Where.</param>
    /// <param name="keys">What it uses (<c>KEYS</c>); null: none.</param>
    /// <param name="arguments">What it is given besides (<c>ARGV</c>).</param>
    /// <returns>What it returns; cold, as every command.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="redis"/> is null.</exception>
    public Awaitable<RespValue> Run(IRedisCommands redis, IReadOnlyList<Bytes>? keys = null, params ReadOnlySpan<Bytes> arguments) => Run(redis, Reply.Any, keys, arguments);

    /// <summary>Runs it.</summary>
    /// <typeparam name="T">What the caller gets.</typeparam>
    /// <param name="redis">Where.</param>
    /// <param name="read">What its reply means: <c>reply =&gt; reply.ToInt64()</c>.</param>
    /// <param name="keys">What it uses (<c>KEYS</c>); null: none.</param>
    /// <param name="arguments">What it is given besides (<c>ARGV</c>).</param>
    /// <returns>What it returns; cold, as every command.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="redis"/> or <paramref name="read"/> is null.</exception>
    public Awaitable<T> Run<T>(IRedisCommands redis, Func<RespValue, T> read, IReadOnlyList<Bytes>? keys = null, params ReadOnlySpan<Bytes> arguments)
    {
        ArgumentNullException.ThrowIfNull(redis);
        Bytes[] words = [keys?.Count ?? 0, .. keys ?? [], .. arguments];
        return redis is RedisBatch ? redis.Ask(Whole(read, words)) : Run(redis.Ask, read, words);
    }

    /// <summary>Runs it where a second try is possible.</summary>
    /// <param name="ask">Asks the server.</param>
    /// <param name="read">What its reply means.</param>
    /// <param name="words">How many keys, they, and the arguments.</param>
    internal Awaitable<T> Run<T>(Func<RedisCommand<T>, Awaitable<T>> ask, Func<RespValue, T> read, Bytes[] words) => ask(Named(read, words))
        .Catch((RedisErrorException no) => no.Code == "NOSCRIPT" ? ask(Whole(read, words)) : Observable.Throw<T>(no))
        .ToAwaitable("a script");

    /// <summary>What is sent where the server may not have it, and there is no second try.</summary>
    internal RedisCommand<T> Whole<T>(Func<RespValue, T> read, Bytes[] words) => Command(_isReadOnly ? "EVAL_RO" : "EVAL", _code, read, words);

    /// <summary>The first line of its code.</summary>
    public override string ToString() => _code.ToText().AsSpan().Trim().EnumerateLines() is var lines && lines.MoveNext() ? lines.Current.ToString() : "";

    private RedisCommand<T> Named<T>(Func<RespValue, T> read, Bytes[] words) => Command(_isReadOnly ? "EVALSHA_RO" : "EVALSHA", _sha1, read, words);

    private RedisCommand<T> Command<T>(string name, Bytes script, Func<RespValue, T> read, Bytes[] words) =>
        new(name, read, [script, .. words]) { IsReadOnly = _isReadOnly || _isRepeatable, IsWrite = _isRepeatable };

#pragma warning disable CA5350 // Redis names scripts by their SHA-1; nothing is kept secret by it.
    private static Bytes Sha1Of(Bytes code) => Convert.ToHexStringLower(SHA1.HashData(code.Span));
#pragma warning restore CA5350
}
