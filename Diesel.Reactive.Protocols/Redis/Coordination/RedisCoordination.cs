using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Signals, events, countdowns, queues, locks, semaphores and fan-outs that several programs share, kept on a Redis server or cluster (version 7.0 and later).</summary>
/// <remarks>
/// <para>All keys of an object begin with its own in braces, <c>{shop:queue:jobs}</c>, so they are in one slot. Each step is one function at the server, by the
/// server's clock; nothing polls: the server tells who waits. What each object can promise over a network is in <c>docs/beyond-one-machine.md</c>.</para>
/// <para>Members may be called from any thread; the same name gives the same object. Observers are told on the client's hub.</para>
/// </remarks>
public sealed class RedisCoordination : IDisposable
{
    private const string ReflectionIsUsed = "Values are written as JSON by reflection. Hand over JsonSerializerOptions with a generated resolver, or codecs.";

    private readonly ConcurrentDictionary<(string Kind, string Name), Lazy<object>> _objects = [];
    private readonly Subject<Exception> _errors = new();
    private readonly JsonSerializerOptions _json;
    private readonly IStopwatch _clock;

    /// <summary>Begins to share; nothing is asked yet.</summary>
    /// <param name="redis">Where the objects are kept. Stays the caller's.</param>
    /// <param name="prefix">The application's: what all keys begin with, behind the brace. No braces in it.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="redis"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="prefix"/> is empty, or has braces.</exception>
    [RequiresUnreferencedCode(ReflectionIsUsed)]
    [RequiresDynamicCode(ReflectionIsUsed)]
    public RedisCoordination(RedisClient redis, string prefix, RedisCoordinationOptions? options = null)
        : this(redis, prefix, JsonSerializerOptions.Default, options)
    {
    }

    /// <summary>Begins to share; nothing is asked yet.</summary>
    /// <param name="redis">Where the objects are kept. Stays the caller's.</param>
    /// <param name="prefix">The application's: what all keys begin with, behind the brace. No braces in it.</param>
    /// <param name="json">How values are written where no codec is given; its resolver knows their types.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="redis"/> or <paramref name="json"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="prefix"/> is empty, or has braces.</exception>
    public RedisCoordination(RedisClient redis, string prefix, JsonSerializerOptions json, RedisCoordinationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentNullException.ThrowIfNull(json);
        (Redis, Prefix, _json, Options) = (redis, Whole(prefix, nameof(prefix)), json, options ?? new());
        Subscriptions = new RedisSubHub(redis);
        _clock = Hub.StartStopwatch();
    }

    /// <summary>What failed in the end and could not be told to whoever asked for it: puts, sets, ticks and acknowledgements that nobody waited for, and what was found in a queue and is no
    /// item. Told on the hub; never ends.</summary>
    public IObservable<Exception> Errors => _errors.AsObservable();

    /// <summary>What all keys begin with.</summary>
    public string Prefix { get; }

    internal RedisClient Redis { get; }

    internal RedisSubHub Subscriptions { get; }

    internal RedisCoordinationOptions Options { get; }

    internal Hub Hub => Redis.Hub;

    /// <summary>Of a clock that nobody sets.</summary>
    internal TimeSpan Now => _clock.Elapsed;

    /// <summary>Of-the-moment events by name.</summary>
    /// <returns>The same each time.</returns>
    public RedisSignals Signals() => Object("signals", "", () => new RedisSignals(this));

    /// <summary>A condition that stays set until it is cleared.</summary>
    /// <param name="name">Its own among events; no braces.</param>
    /// <returns>The same for the same name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, or has braces.</exception>
    public RedisEvent Event(string name) => Object("event", Whole(name), () => new RedisEvent(this, name));

    /// <summary>A condition that is set after a number of ticks.</summary>
    /// <param name="name">Its own among countdowns; no braces.</param>
    /// <param name="count">Ticks until it is set, the same in all programs; 0: it is set from the start.</param>
    /// <returns>The same for the same name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, has braces, or is one with another count.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public RedisCountdown Countdown(string name, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var countdown = Object("countdown", Whole(name), () => new RedisCountdown(this, name, count));
        return countdown.Count == count ? countdown : throw new ArgumentException($"{countdown} began with {countdown.Count}.", nameof(count));
    }

    /// <summary>Items for competing consumers.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="name">Its own among queues; no braces.</param>
    /// <param name="options">Null for the defaults. Those of the first call hold in this program.</param>
    /// <param name="codec">How items are written; null: as JSON.</param>
    /// <returns>The same for the same name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, or has braces.</exception>
    /// <exception cref="InvalidOperationException">There is one of this name with items of another type.</exception>
    public RedisQueue<T> Queue<T>(string name, RedisQueueOptions? options = null, IValueCodec<T>? codec = null) =>
        Object("queue", Whole(name), () => new RedisQueue<T>(this, name, options ?? new(), codec ?? CodecOf<T>()));

    /// <summary>A lock: fair, with a fencing number.</summary>
    /// <param name="name">Its own among locks; no braces.</param>
    /// <param name="expiry">After what time the server frees it when its holder is gone; default 30 s. Renewed at a third of it.</param>
    /// <returns>The lock.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, or has braces.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="expiry"/> is less than a millisecond.</exception>
    public RedisLock Lock(string name, TimeSpan? expiry = null) => new(Redis.LockTable(), $"{{{Prefix}:lock:{Whole(name)}}}", RedisLocks.Expiry(expiry), (lease, what) => lease.Known(this, what));

    /// <summary>Something that a number of loops may hold at a time.</summary>
    /// <param name="name">Its own among semaphores; no braces.</param>
    /// <param name="count">How many, the same in all programs.</param>
    /// <param name="expiry">After what time the server frees the place of a holder that is gone; default 30 s. Renewed at a third of it.</param>
    /// <returns>The semaphore.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, or has braces.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive, or <paramref name="expiry"/> is less than a millisecond.</exception>
    public RedisSemaphore Semaphore(string name, int count, TimeSpan? expiry = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new RedisSemaphore(this, Redis.LockTable(), Whole(name), count, RedisLocks.Expiry(expiry));
    }

    /// <summary>Items that every inbox gets.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="name">Its own among fan-outs; no braces.</param>
    /// <param name="options">Null for the defaults. Those of the first call hold in this program.</param>
    /// <param name="codec">How items are written; null: as JSON.</param>
    /// <returns>The same for the same name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, or has braces.</exception>
    /// <exception cref="InvalidOperationException">There is one of this name with items of another type.</exception>
    public RedisFanout<T> Fanout<T>(string name, RedisFanoutOptions? options = null, IValueCodec<T>? codec = null) =>
        Object("fanout", Whole(name), () => new RedisFanout<T>(this, name, options ?? new(), codec ?? CodecOf<T>()));

    /// <summary>Ends what waits here with <see cref="ObjectDisposedException"/>; what is kept at the server stays there.</summary>
    public void Dispose()
    {
        foreach (var each in _objects.Values)
        {
            (each.Value as IDisposable)?.Dispose();
        }

        Subscriptions.Dispose();
    }

    internal IValueCodec<T> CodecOf<T>() => ValueCodec.Json((JsonTypeInfo<T>)_json.GetTypeInfo(typeof(T)));

    /// <summary>The next who asks for it gets another. Any thread.</summary>
    internal void Forget((string Kind, string Name) place) => _objects.TryRemove(place, out _);

    /// <summary>Tells what nobody else is told. The hub's thread only.</summary>
    internal void Report(Exception error)
    {
        try
        {
            _errors.OnNext(error);
        }
        catch (Exception thrown)
        {
            Hub.Report(thrown, $"an observer of the errors of '{Prefix}'");
        }
    }

    private T Object<T>(string kind, string name, Func<T> make)
        where T : class
    {
        var found = _objects.GetOrAdd((kind, name), static (_, make) => new Lazy<object>(() => make()), make).Value;
        return found as T ?? throw new InvalidOperationException($"The {kind} '{name}' is a {found.GetType().Name} of another type here.");
    }

    private static string Whole(string text, string parameter = "name")
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameter);
        return text.AsSpan().ContainsAny('{', '}') ? throw new ArgumentException("Keys have braces around it: it has none itself.", parameter) : text;
    }
}
