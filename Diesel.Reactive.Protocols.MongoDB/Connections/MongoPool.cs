using System.Net;
using System.Reactive.Linq;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>The connections to a server. What the driver specifications call a generation is a <see cref="Pool{T}"/> of its own: clearing drains it, and
/// there is another one when the server is known again.</summary>
/// <remarks>The hub's thread only. Source: the driver specifications' <c>connection-monitoring-and-pooling</c>.</remarks>
internal sealed class MongoPool : IDisposable
{
    private readonly MongoOptions _options;
    private readonly MongoDial _dial;
    private readonly ClientEvents _events;
    private readonly Action<Exception, int> _failed;
    private readonly HashSet<MongoConnection> _open = [];
    private readonly Dictionary<ObjectId, int> _services = [];
    private readonly string _name;
    private readonly DatabasePool _published;
    private Pool<MongoConnection>? _pool;
    private Exception? _cleared;
    private bool _isDisposed;

    /// <param name="dial">Opens connections.</param>
    /// <param name="options">How many.</param>
    /// <param name="events">Is told what happens.</param>
    /// <param name="failed">Is told that one could not be made ready, and in which generation.</param>
    /// <param name="server">Where to.</param>
    /// <param name="hub">Where it lives.</param>
    public MongoPool(EndPoint server, MongoOptions options, MongoDial dial, ClientEvents events, Action<Exception, int> failed, Hub hub)
    {
        (Server, _options, _dial, _events, _failed, Hub) = (server, options, dial, events, failed, hub);
        _name = MongoEndPoint.Shown(server);
        _published = MongoTelemetry.All.Watch(_name, () => Counts);
        _events.Tell(new MongoPoolCreated(server));
    }

    public EndPoint Server { get; }

    public Hub Hub { get; }

    /// <summary>How often it was cleared.</summary>
    public int Generation { get; private set; }

    /// <summary>Whether connections are opened.</summary>
    public bool IsReady => _pool is not null;

    public PoolCounts Counts => _pool?.Counts ?? new(_options.MaxPoolSize, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>What a call waits for that has no connection yet.</summary>
    public string Stage => _dial.Greeting > 0 ? "the greeting of a new connection" : _dial.Dialling > 0 ? "a new connection" : "a connection that others use";

    /// <summary>The server is known: connections may be opened.</summary>
    public void Ready()
    {
        if (_pool is null && !_isDisposed)
        {
            _events.Tell(new MongoPoolReady(Server));
            _pool = NewGeneration();
            if (_options.MinPoolSize > 0)
            {
                _pool.Fill(_options.MinPoolSize);
            }
        }
    }

    /// <summary>Lends a connection for one call.</summary>
    /// <param name="work">What is done with it. An error, and leaving before its end, closes it.</param>
    public Awaitable<T> Use<T>(Func<MongoConnection, Awaitable<T>> work)
    {
        var pool = _pool;
        return pool is null ? Observable.Throw<T>(Gone()).ToAwaitable("a call") : pool.Use(_events.AreHeard || _published.IsObserved ? Told(work) : work);
    }

    /// <summary>Lends a connection for more than one call: who has it gives it back.</summary>
    public Awaitable<MongoLoan> Borrow()
    {
        var (began, pool) = (Started(), _pool);
        return pool is null
            ? Observable.Throw<MongoLoan>(Gone()).ToAwaitable("a connection")
            : pool.Borrow().Select(lease => new MongoLoan(lease, Lent(lease.Value, began))).ToAwaitable("a connection");
    }

    /// <summary>Why a call got no connection.</summary>
    /// <param name="error">What the pool said.</param>
    /// <param name="generation">When it was asked.</param>
    public Exception Why(Exception error, int generation)
    {
        var why = error is ObjectDisposedException && !_isDisposed && generation != Generation ? new MongoPoolClearedException(Server, _cleared!) : error;
        _events.Tell(new MongoCheckOutFailed(Server, why));
        return why;
    }

    /// <summary>A connection has failed, or the server: the others are not trusted either, and no new ones are opened before it is known again.</summary>
    /// <param name="why">What was told.</param>
    /// <param name="generation">That of the connection: of an older one nothing is learned.</param>
    /// <param name="interrupt">Whether those that are used are ended at once.</param>
    public void Clear(Exception why, int generation, bool interrupt = false)
    {
        if (generation != Generation || _isDisposed || _pool is null)
        {
            return;
        }

        (Generation, _cleared) = (Generation + 1, why);
        var (old, used) = (_pool, _open.ToArray());
        _pool = null;
        _events.Tell(new MongoPoolCleared(Server, why));
        old.Dispose();
        if (interrupt)
        {
            Array.ForEach(used, static connection => connection.Connection.Abort());
        }
    }

    /// <summary>Of a balancer: the connections to one of those behind it are not trusted.</summary>
    /// <param name="why">What was told.</param>
    /// <param name="service">Which.</param>
    /// <param name="generation">That of the connection.</param>
    public void Clear(Exception why, ObjectId service, int generation)
    {
        if (_services.GetValueOrDefault(service) == generation)
        {
            _services[service] = generation + 1;
            _events.Tell(new MongoPoolCleared(Server, why));
        }
    }

    /// <summary>Lends nothing any more; a connection that is used is closed when it comes back.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _published.Dispose();
            _pool?.Dispose();
            _events.Tell(new MongoPoolClosed(Server));
        }
    }

    private Exception Gone() => _isDisposed ? new ObjectDisposedException("MongoClient") : new MongoPoolClearedException(Server, _cleared ?? new ConnectionException("Nobody knows it yet.", Server));

    private Pool<MongoConnection> NewGeneration()
    {
        var generation = Generation;
        return new Pool<MongoConnection>(
            Observable.Create<MongoConnection>(observer => Dial(observer, generation)),
            connection => Close(connection, generation),
            new()
            {
                Name = $"connections to {_name}",
                Max = _options.MaxPoolSize,
                MaxIdle = _options.MaxPoolSize,
                MaxMaking = _options.MaxConnecting,
                MaxWaiting = _options.MaxWaiting,
                AcquireTimeout = Timeout.InfiniteTimeSpan,
                IdleTimeout = _options.MaxIdleTime,
                IsUsable = IsUsable,
                Watch = static connection => connection.Pipeline.Ended,
                ReusesLeases = true,
            },
            Hub);
    }

    private bool IsUsable(MongoConnection connection) =>
        connection.IsUsable && (connection.Hello.Service is not { } service || connection.Generation == _services.GetValueOrDefault(service));

    private Loop Dial(IObserver<MongoConnection> observer, int generation) => Hub.Fork(
        async () =>
        {
            MongoConnection connection;
            var began = Hub.TimeProvider.GetTimestamp();
            try
            {
                connection = await _dial.Connect();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // Whoever waits longest is told why; if all is given up, the others that. Who asks again does so in another turn.
                observer.OnError(failure);
                _failed(failure, generation);
                return;
            }

            _published.Created(Hub.TimeProvider.GetElapsedTime(began));
            connection.Generation = connection.Hello.Service is { } service ? _services.GetValueOrDefault(service) : generation;
            _open.Add(connection);
            observer.OnNext(connection);
            observer.OnCompleted();
        },
        $"connecting to {_name}");

    private void Close(MongoConnection connection, int generation)
    {
        var reason = _isDisposed ? "poolClosed" : generation != Generation ? "stale" : !connection.IsUsable ? "error" : IsUsable(connection) ? "idle" : "stale";
        _open.Remove(connection);
        connection.Dispose();
        _events.Tell(new MongoConnectionClosed(Server, connection.Id, reason));
    }

    private Func<MongoConnection, Awaitable<T>> Told<T>(Func<MongoConnection, Awaitable<T>> work)
    {
        var began = Started();
        return connection =>
        {
            var back = Lent(connection, began);
            return work(connection).Do(_ => back(), _ => back()).Finally(back).ToAwaitable("a call");
        };
    }

    private long Started()
    {
        _events.Tell(new MongoCheckOutStarted(Server));
        return Hub.TimeProvider.GetTimestamp();
    }

    private Action Lent(MongoConnection connection, long began)
    {
        var (waited, lent) = (Hub.TimeProvider.GetElapsedTime(began), Hub.TimeProvider.GetTimestamp());
        _published.Waited(waited);
        _events.Tell(new MongoCheckedOut(Server, connection.Id, waited));
        var isBack = false;
        return () =>
        {
            if (!isBack)
            {
                isBack = true;
                _published.Used(Hub.TimeProvider.GetElapsedTime(lent));
                _events.Tell(new MongoCheckedIn(Server, connection.Id));
            }
        };
    }
}
