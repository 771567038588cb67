using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What holds for one connection: asked for within <c>client.Lease</c>.</summary>
public static class RedisSessions
{
    /// <summary>Goes on as another user.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="user">The name.</param>
    /// <param name="password">The secret.</param>
    /// <returns>When it is done; a wrong password is a <see cref="RedisErrorException"/> (<c>WRONGPASS</c>).</returns>
    public static Awaitable<Unit> Auth(this RedisSession redis, string user, string password) => redis.Writes("AUTH", Reply.Ok, user, password);

    /// <summary>Goes on in another database.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="database">Its number.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> Select(this RedisSession redis, int database) => redis.Writes("SELECT", Reply.Ok, database);

    /// <summary>Waits until replicas have what this connection has written.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="replicas">How many.</param>
    /// <param name="wait">How long at most; <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</param>
    /// <returns>How many have it: look whether they are enough.</returns>
    /// <remarks>It makes a loss rarer, not impossible.</remarks>
    public static Awaitable<long> Wait(this RedisSession redis, int replicas, TimeSpan wait) =>
        redis.Ask(new RedisCommand<long>("WAIT", Reply.Number, replicas, wait == TimeSpan.Zero ? 1 : Blocking.Milliseconds(wait)) { Blocks = wait });

    /// <summary>Watches keys: the next transaction is not carried out when one of them has changed.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> Watch(this RedisSession redis, params ReadOnlySpan<Bytes> keys) => redis.Writes("WATCH", Reply.Ok, keys);

    /// <summary>Watches no keys any more.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> Unwatch(this RedisSession redis) => redis.Writes("UNWATCH", Reply.Ok);
}
