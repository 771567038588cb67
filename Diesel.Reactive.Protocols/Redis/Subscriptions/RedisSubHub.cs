namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What is published on a Redis server, as observables: channels, patterns, channels of a shard, and what happens to keys.</summary>
/// <remarks>
/// <para>However many observe a channel, the server has one subscription. When the connection is lost it is made again, and all subscriptions with it; what was
/// published meanwhile is lost, which <see cref="RedisSubscription{T}.Gaps"/> tells.</para>
/// <para>Members may be called from any thread; messages arrive on the hub. Idea: diesel's <c>RedisSubHub</c>, which had to be run as a loop: this
/// need not.</para>
/// </remarks>
public sealed class RedisSubHub : IDisposable
{
    private readonly RedisTopology _link;
    private readonly SubscriptionPlaces _places;
    private readonly bool _isShared;
    private readonly HashSet<SubscriptionListener> _listeners = [];
    private bool _isDisposed;

    /// <summary>Prepares a hub with a connection of its own; nothing is dialled yet.</summary>
    /// <param name="connectionString">See <see cref="RedisConnectionString"/>; a bare host is one.</param>
    /// <param name="options">What the string does not say; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException">The string is none.</exception>
    public RedisSubHub(string connectionString = "redis://localhost", RedisOptions? options = null, Hub? hub = null)
        : this(RedisTopologies.Open(RedisConnectionString.Parse(connectionString, options), hub ?? Hub.Current ?? Hub.Default, RedisUse.Listening), isShared: false)
    {
    }

    /// <summary>Prepares a hub on a client's connection; with a server that speaks RESP2 alone it has one of its own.</summary>
    /// <param name="client">Its disposal ends what is observed here, too.</param>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is null.</exception>
    public RedisSubHub(RedisClient client)
        : this((client ?? throw new ArgumentNullException(nameof(client))).Topology, isShared: true)
    {
    }

    /// <summary>A hub on connections that somebody else ends.</summary>
    internal RedisSubHub(RedisTopology link)
        : this(link, isShared: true)
    {
    }

    private RedisSubHub(RedisTopology link, bool isShared)
    {
        (_link, _isShared) = (link, isShared);
        _places = link.Part(() => new SubscriptionPlaces(link));
    }

    /// <summary>What happens to the connection, for a log; never ends, never fails.</summary>
    public IObservable<ClientEvent> Events => _link.Events;

    /// <summary>What is published on channels.</summary>
    /// <param name="names">Exactly these; at least one.</param>
    /// <returns>A hot source, once somebody observes it.</returns>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public RedisSubscription<RedisMessage> Channels(params string[] names) => Messages(SubscriptionKind.Channel, names);

    /// <summary>What is published on all channels whose names match a pattern. Who observes two that match the same channel gets its messages twice.</summary>
    /// <param name="globs"><c>?</c> for a character, <c>*</c> for any, <c>[ab]</c> for one of these, a backslash before what is none of it; at least
    /// one.</param>
    /// <returns>A hot source, once somebody observes it.</returns>
    /// <exception cref="ArgumentException">There is no pattern.</exception>
    public RedisSubscription<RedisMessage> Patterns(params string[] globs) => Messages(SubscriptionKind.Pattern, globs);

    /// <summary>What is published on channels of a shard (<c>SPUBLISH</c>): these are apart from the others of the same name.</summary>
    /// <param name="names">Exactly these; at least one.</param>
    /// <returns>A hot source, once somebody observes it.</returns>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public RedisSubscription<RedisMessage> Shards(params string[] names) => Messages(SubscriptionKind.Shard, names);

    /// <summary>What happens to keys of the connection's database. The server tells only what its setting <c>notify-keyspace-events</c> names: <c>KA</c> for
    /// all.</summary>
    /// <param name="keys">Which, as a pattern of <see cref="Patterns"/>.</param>
    /// <param name="events">Which events, as the server calls them; empty: all.</param>
    /// <returns>A hot source, once somebody observes it.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public RedisSubscription<RedisKeyEvent> KeyEvents(string keys = "*", params string[] events)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(events);
        var prefix = $"__keyspace@{_link.Target.Options.Database}__:";
        return new(
            this, SubscriptionKind.Pattern, RedisPlace.All, [prefix + keys], message => new RedisKeyEvent(message.Channel[prefix.Length..], message.Text),
            events.Length == 0 ? null : message => events.Contains(message.Text, StringComparer.Ordinal));
    }

    /// <summary>Ends all subscriptions: their observers complete.</summary>
    public void Dispose()
    {
        _link.Hub.Within(End);
        if (!_isShared)
        {
            _link.Dispose();
        }
    }

    /// <summary>Somebody begins to listen. Any thread.</summary>
    internal void Enter(SubscriptionListener listener)
    {
        if (!_link.Hub.Within(() => EnterHere(listener)))
        {
            listener.End(new ObjectDisposedException(nameof(Hub), "The hub was disposed: nothing more happens on it."));
        }
    }

    /// <summary>Somebody has left. Any thread.</summary>
    internal void Leave(SubscriptionListener listener) => _link.Hub.Within(() =>
    {
        _listeners.Remove(listener);
        _places.Remove(listener);
    });

    internal void Report(Exception thrown, object source) => _link.Hub.Report(thrown, $"an observer of {source}");

    private RedisSubscription<RedisMessage> Messages(SubscriptionKind kind, string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Length == 0 ? throw new ArgumentException("Name at least one.", nameof(names)) : new(this, kind, kind == SubscriptionKind.Shard ? RedisPlace.Slot : RedisPlace.Any, names, static message => message);
    }

    private void EnterHere(SubscriptionListener listener)
    {
        if (_isDisposed)
        {
            listener.End(new ObjectDisposedException(nameof(RedisSubHub)));
            return;
        }

        _listeners.Add(listener);
        _places.Add(listener);
    }

    private void End()
    {
        _isDisposed = true;
        foreach (var listener in _listeners.ToArray())
        {
            listener.End(null);
        }
    }
}
