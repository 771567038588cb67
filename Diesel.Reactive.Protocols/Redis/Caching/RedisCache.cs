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
    private readonly CacheStores _stores;
    private readonly TimeSpan _maxAge;

    internal RedisCache(RedisClient client, CacheStores stores, TimeSpan maxAge) => (_client, _stores, _maxAge) = (client, stores, maxAge);

    /// <summary>Its numbers now: those of all caches of the client.</summary>
    public RedisCacheCounts Counts => _stores.Counts;

    /// <inheritdoc/>
    public Awaitable<T> Ask<T>(RedisCommand<T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _stores.KeysOf(command) is { } keys ? new Reading<T>(this, command, keys).ToAwaitable(command.ToString()) : _client.Ask(command);
    }

    /// <summary>Drops all that is kept. Any thread.</summary>
    public void Clear() => _stores.Hub.Within(_stores.Flush);

    private sealed class Reading<T>(RedisCache cache, RedisCommand<T> command, Bytes[] keys) : IObservable<T>
    {
        public IDisposable Subscribe(IObserver<T> observer)
        {
            if (cache._stores.Hub.IsCurrent)
            {
                return SubscribeHere(observer);
            }

            var subscription = new SingleAssignmentDisposable();
            if (!cache._stores.Hub.Post(_ => subscription.Disposable = subscription.IsDisposed ? Disposable.Empty : SubscribeHere(observer)))
            {
                observer.OnError(new ObjectDisposedException(nameof(Hub), "The hub was disposed: nothing more happens on it."));
            }

            return subscription;
        }

        private IDisposable SubscribeHere(IObserver<T> observer)
        {
            if (cache._stores.Of(keys) is not { } store)
            {
                return cache._client.Ask(command).Subscribe(observer);
            }

            var query = CacheStore.QueryOf(command);
            if (!store.TryGet(query, cache._maxAge, out var reply))
            {
                return Ask(store, new CacheEntry(query, keys)).Subscribe(observer);
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

        private IObservable<T> Ask(CacheStore store, CacheEntry entry)
        {
            store.Expect(entry);
            var asked = cache._client.Send(store.Link, new CachedCall<T>(store, command, entry, cache._client.MoreTime), command.Name);
            return (cache._client.Topology == store.Link ? asked : asked.Catch((Exception error) => Elsewhere(error)))
                .Finally(() => store.Hub.Within(() => store.GiveUp(entry)));
        }

        // Of several servers another may have the key by now: that is found out without keeping anything.
        private IObservable<T> Elsewhere(Exception error) =>
            error is RedisErrorException { Code: "MOVED" or "ASK" or "TRYAGAIN" or "CLUSTERDOWN" or "LOADING" or "MASTERDOWN" } or ObjectDisposedException
                ? cache._client.Ask(command)
                : Observable.Throw<T>(error);
    }
}
