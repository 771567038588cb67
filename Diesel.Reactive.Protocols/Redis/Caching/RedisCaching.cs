namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Values that are kept where they are read.</summary>
public static class RedisCaching
{
    /// <summary>The same client, with what it reads kept until the server says that it changed.</summary>
    /// <param name="client">Where to; all its caches are one.</param>
    /// <param name="maxAge">How long a value is kept at most, whatever the server says; more than zero.</param>
    /// <param name="options">Null for the defaults, or for those that were given before.</param>
    /// <returns>Takes commands: those that only read keys may be answered from what is kept.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is not positive.</exception>
    /// <exception cref="InvalidOperationException">The client has a cache with other options.</exception>
    public static RedisCache Cached(this RedisClient client, TimeSpan maxAge, RedisCacheOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxAge, TimeSpan.Zero);
        var store = client.Topology.Part(() => new CacheStores(client.Topology, options ?? new()));
        return options is null || options == store.Options
            ? new RedisCache(client, store, maxAge)
            : throw new InvalidOperationException("The client has a cache with other options: a connection has one way to be told of changes. Make another client.");
    }
}
