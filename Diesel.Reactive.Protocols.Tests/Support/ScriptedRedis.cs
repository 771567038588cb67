using System.Buffers;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Takes one command, notes it, and answers it with these bytes.</summary>
internal sealed class ScriptedRedis(string reply) : IRedisConnection
{
    /// <summary>What was asked.</summary>
    public string Heard { get; private set; } = "";

    /// <summary>Whether it may be sent again.</summary>
    public bool WasReadOnly { get; private set; }

    public Hub Hub => Hub.Default;

    public Awaitable<T> Ask<T>(RedisCommand<T> command)
    {
        var output = new ArrayBufferWriter<byte>();
        ((IRedisCommand)command).Write(output);
        Heard = string.Join(' ', new RespFraming().Feed(output.WrittenSpan.ToArray()).Frames.Single().Items);
        WasReadOnly = command.IsReadOnly;
        return Observable.Return(command.Parse(new RespFraming().Decode(reply))).ToAwaitable();
    }

    Awaitable<T> IRedisConnection.Send<T>(RedisCalls<T> call) => throw new NotSupportedException();
}
