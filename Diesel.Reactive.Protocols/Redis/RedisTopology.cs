using System.Collections.Concurrent;
using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>One server, or several that are one to their callers, and the connections to them, with all that lives by those.</summary>
/// <param name="target">Where to, and as whom.</param>
/// <param name="hub">Where it runs.</param>
/// <param name="use">What the connections are for.</param>
internal abstract class RedisTopology(RedisConnectionString target, Hub hub, RedisUse use) : IDisposable
{
    private readonly ConcurrentDictionary<Type, Lazy<IDisposable>> _parts = [];

    public RedisConnectionString Target => target;

    public Hub Hub => hub;

    public RedisUse Use => use;

    /// <summary>Who is told of its connections.</summary>
    public RedisPushes Pushes { get; } = new();

    public abstract IObservable<ClientEvent> Events { get; }

    public abstract IObservable<ClientState> State { get; }

    public abstract PipelineCounts Counts { get; }

    /// <summary>Where it goes, for whoever measures.</summary>
    public abstract CallSite Site { get; }

    /// <summary>Whether the servers tell of changes to what was read.</summary>
    public abstract bool IsTracked { get; }

    /// <summary>Told, on the hub, when something may have another place than before.</summary>
    public abstract IObservable<Unit> Moved { get; }

    /// <summary>Asks whoever has the keys.</summary>
    public abstract Awaitable<T> Ask<T>(RedisCommand<T> command);

    /// <summary>A command that waits, over a connection of its own.</summary>
    public abstract Awaitable<T> AskAlone<T>(RedisCommand<T> command);

    /// <summary>A batch, or a transaction.</summary>
    public abstract Awaitable<T> Send<T>(RedisCalls<T> calls);

    /// <summary>Lends a connection.</summary>
    /// <param name="key">To whoever has it; null: to any.</param>
    /// <param name="work">For what.</param>
    public abstract Awaitable<T> Lease<T>(Bytes? key, Func<LeasedConnection, Task<T>> work);

    /// <summary>Connections that are made for whoever subscribes: one, or one to each primary.</summary>
    public abstract IObservable<LeasedConnection> Connections { get; }

    /// <summary>What a call that is late says.</summary>
    public abstract TimeoutException Late(string what, TimeSpan limit);

    /// <summary>Where something is to be listened to. The hub's thread only.</summary>
    /// <param name="where">Where in general.</param>
    /// <param name="name">What.</param>
    /// <param name="now">Where it is now; null: nowhere.</param>
    /// <returns>Null: that is not known.</returns>
    public abstract RedisLink[]? Places(RedisPlace where, Bytes name, RedisLink? now);

    /// <summary>Waits until more may be known about places. The hub's thread only.</summary>
    /// <param name="next">Called then.</param>
    /// <param name="fail">Called when nothing was found out for long: with why.</param>
    public abstract IDisposable WhenPlaced(Action next, Action<Exception> fail);

    /// <summary>The one server that has all these keys. The hub's thread only.</summary>
    /// <returns>Null: there is none, or it is not known.</returns>
    public abstract RedisLink? HolderOf(ReadOnlySpan<Bytes> keys);

    /// <summary>A server said no; perhaps because of its place (<c>MOVED</c>), and then that is heeded. The hub's thread only.</summary>
    /// <returns>Whether it may say something else soon, or another one.</returns>
    public abstract bool Heed(RedisLink from, RedisErrorException no);

    /// <summary>Whoever listens is told when a server is not there any more, or has become another's. The hub's thread only.</summary>
    /// <param name="more">One more listens, or one less.</param>
    public abstract void Listening(int more);

    /// <summary>Other connections to the same.</summary>
    public abstract RedisTopology Another(RedisUse another);

    /// <summary>What lives by these connections and is made when it is needed first.</summary>
    public T Part<T>(Func<T> make)
        where T : class, IDisposable =>
        (T)_parts.GetOrAdd(typeof(T), static (_, make) => new Lazy<IDisposable>(() => make()), make).Value;

    public void Dispose()
    {
        foreach (var part in _parts.Values)
        {
            part.Value.Dispose();
        }

        Close();
    }

    protected abstract void Close();
}
