using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Values of your own types in memcached, by way of an <see cref="IValueCodec{T}"/>.</summary>
public static class MemcachedCoding
{
    /// <summary>A value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="cache">Where.</param>
    /// <param name="key">Its key.</param>
    /// <param name="codec">How it is read.</param>
    /// <returns>As <see cref="MemcachedClient.Get"/>; for a value type the default means missing as well, unless it is asked for as nullable.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="cache"/> or <paramref name="codec"/> is null.</exception>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    /// <remarks>Errors: also what the codec throws for bytes that are no such value.</remarks>
    public static Awaitable<T?> Get<T>(this MemcachedClient cache, Bytes key, IValueCodec<T> codec)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(codec);
        return cache.Get(key).Select(found => found is { } bytes ? codec.Read(bytes) : default).ToAwaitable("mg");
    }

    /// <summary>Stores a value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="cache">Where.</param>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value.</param>
    /// <param name="codec">How it is written.</param>
    /// <param name="ttl">When it is gone; left out: never.</param>
    /// <param name="flags">Kept with it: to tell kinds of values apart.</param>
    /// <returns>As <see cref="MemcachedClient.Set"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="cache"/> or <paramref name="codec"/> is null.</exception>
    /// <exception cref="ArgumentException">No server would take the key or the value.</exception>
    public static Awaitable<Stored> Set<T>(this MemcachedClient cache, Bytes key, T value, IValueCodec<T> codec, Expiry ttl = default, uint flags = 0)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(codec);
        return cache.Set(key, codec.Encode(value), ttl, flags);
    }

    /// <summary>A value that is computed once, however many ask for it.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="cache">Where.</param>
    /// <param name="key">Its key.</param>
    /// <param name="ttl">When it is gone.</param>
    /// <param name="compute">Runs on the hub when this caller is the one to compute.</param>
    /// <param name="codec">How it is written and read.</param>
    /// <param name="options">How long others wait, and more; null for the defaults.</param>
    /// <returns>As <see cref="MemcachedClient.GetOrCompute"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument but <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public static Awaitable<T> GetOrCompute<T>(this MemcachedClient cache, Bytes key, TimeSpan ttl, Func<Task<T>> compute, IValueCodec<T> codec, StampedeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(codec);
        return cache.GetOrCompute(key, ttl, async () => codec.Encode(await compute()), options).Select(bytes => codec.Read(bytes)).ToAwaitable("a value that is computed once");
    }
}
