using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A method that asks a Redis server: what it says, and how it reads a reply.</summary>
internal sealed class RedisRow
{
    private readonly Func<IRedisConnection, Task<object?>> _ask;
    private readonly string _reply;

    private RedisRow(Func<IRedisConnection, Task<object?>> ask, string words, string reply, object? value, bool reads) =>
        (_ask, Words, _reply, Value, Reads) = (ask, words, reply, value, reads);

    /// <summary>What it says.</summary>
    public string Words { get; }

    /// <summary>Whether it may be sent again.</summary>
    public bool Reads { get; }

    /// <summary>What it makes of the reply.</summary>
    public object? Value { get; }

    public static RedisRow Of<T>(Func<IRedisConnection, Awaitable<T>> call, string words, string reply, object? value, bool reads = false) =>
        new(async redis => await call(redis).AsTask(), words, reply, value, reads);

    /// <summary>One whose value is compared as a text.</summary>
    public static RedisRow Says<T>(Func<IRedisConnection, Awaitable<T>> call, string words, string reply, string shown, bool reads = false) =>
        new(async redis => Show(await call(redis).AsTask()), words, reply, shown, reads);

    /// <summary>Asks somebody who knows the reply.</summary>
    public (string Heard, bool WasReadOnly, object? Value) Ask()
    {
        var redis = new ScriptedRedis(_reply);
        var value = _ask(redis).GetAwaiter().GetResult();
        return (redis.Heard, redis.WasReadOnly, value);
    }

    /// <summary>Asks a server.</summary>
    public Task<object?> Ask(IRedisConnection redis) => _ask(redis);

    public override string ToString() => $"{Words} {_reply[..Math.Min(9, _reply.Length)].Replace("\r\n", " ", StringComparison.Ordinal)}";

    private static string Show(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string or Bytes or StreamId or StreamEntry or RespValue or System.Reactive.Unit => $"{value}",
        TimeSpan span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds}ms"),
        DateTimeOffset moment => string.Create(CultureInfo.InvariantCulture, $"@{moment.ToUnixTimeMilliseconds()}"),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Show(tuple[i])))})",
        IEnumerable all => $"[{string.Join(", ", all.Cast<object?>().Select(Show))}]",
        _ => $"{{{string.Join(" ", value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0).Select(property => Show(property.GetValue(value))))}}}",
    };
}
