using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A client whose reads are kept until the server says that their keys changed. Made by <see cref="RedisCaching.Cached"/>.</summary>
/// <remarks>
/// <para>A value is never older than the word of its change takes to arrive; the client's own writes drop it at once. What is kept ends with the connection, as
/// changes are told there; and at <c>maxAge</c>, which bounds what the server does not tell (<c>SWAPDB</c>) and what it tells late (a key that has expired).</para>
/// <para>Kept are replies to commands that read keys named first, such as <c>GET</c>, <c>MGET</c>, <c>HGETALL</c>, <c>SMEMBERS</c>, <c>ZRANGE</c>, also that there is none. What changes by
/// itself (<c>TTL</c>), or is drawn at random, is always asked for, and so is everything with a server that speaks RESP2 alone.</para>
/// <para>Members may be called from any thread.</para>
/// </remarks>
public sealed class RedisCache : IRedisCommands
{
    private readonly RedisClient _client;
    private readonly CacheStore _store;
    private readonly TimeSpan _maxAge;

    internal RedisCache(RedisClient client, CacheStore store, TimeSpan maxAge) => (_client, _store, _maxAge) = (client, store, maxAge);

    /// <summary>Its numbers now: those of all caches of the client.</summary>
    public RedisCacheCounts Counts => _store.Counts;

    /// <inheritdoc/>
    public Awaitable<T> Ask<T>(RedisCommand<T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _store.KeysOf(command) is { } keys ? new Reading<T>(this, command, keys).ToAwaitable(command.ToString()) : _client.Ask(command);
    }

    /// <summary>Drops all that is kept. Any thread.</summary>
    public void Clear() => _store.Hub.Within(_store.Flush);

    private sealed class Reading<T>(RedisCache cache, RedisCommand<T> command, Bytes[] keys) : IObservable<T>
    {
        public IDisposable Subscribe(IObserver<T> observer)
        {
            if (cache._store.Hub.IsCurrent)
            {
                return SubscribeHere(observer);
            }

            var subscription = new SingleAssignmentDisposable();
            if (!cache._store.Hub.Post(_ => subscription.Disposable = subscription.IsDisposed ? Disposable.Empty : SubscribeHere(observer)))
            {
                observer.OnError(new ObjectDisposedException(nameof(Hub), "The hub was disposed: nothing more happens on it."));
            }

            return subscription;
        }

        private IDisposable SubscribeHere(IObserver<T> observer)
        {
            var query = CacheStore.QueryOf(command);
            if (!cache._store.TryGet(query, cache._maxAge, out var reply))
            {
                return Ask(new CacheEntry(query, keys)).Subscribe(observer);
            }

            T value;
            try
            {
                value = command.Parse(reply);
            }
            catch (Exception wrong)
            {
                observer.OnError(wrong);
                return Disposable.Empty;
            }

            observer.OnNext(value);
            observer.OnCompleted();
            return Disposable.Empty;
        }

        private IObservable<T> Ask(CacheEntry entry)
        {
            cache._store.Expect(entry);
            return cache._client.Send(new CachedCall<T>(cache._store, command, entry, cache._client.MoreTime), command.Name)
                .Finally(() => cache._store.Hub.Within(() => cache._store.GiveUp(entry)));
        }
    }
}
