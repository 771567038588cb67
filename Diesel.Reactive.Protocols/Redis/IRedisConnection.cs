namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Takes commands one by one, and those that only make sense so: a client, or a <see cref="RedisSession"/>; no batch. Commands that
/// wait, batches and sequences are extension methods of it.</summary>
public interface IRedisConnection : IRedisCommands
{
    /// <summary>Where it runs.</summary>
    Hub Hub { get; }

    /// <summary>A batch, or a transaction.</summary>
    internal Awaitable<T> Send<T>(RedisCalls<T> call);
}
