using System.Net;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>The connections to a server. What the driver specifications call a generation is a <see cref="Pool{T}"/> of its own: clearing drains it, and
/// the next takes its place.</summary>
/// <remarks>The hub's thread only. Source: the driver specifications' <c>connection-monitoring-and-pooling</c>.</remarks>
internal sealed class MongoPool : IDisposable
{
    private readonly MongoOptions _options;
    private readonly MongoDial _dial;
    private readonly MongoEvents _events;
    private readonly HashSet<MongoConnection> _open = [];
    private Pool<MongoConnection> _pool;
    private Exception? _cleared;
    private bool _isFilled;
    private bool _isDisposed;

    public MongoPool(EndPoint server, MongoOptions options, MongoLogIn logIn, MongoEvents events, Hub hub)
    {
        (Server, _options, _events, Hub) = (server, options, events, hub);
        _dial = new(server, options, logIn, events, hub);
        _pool = NewGeneration();
    }

    public EndPoint Server { get; }

    public Hub Hub { get; }

    /// <summary>How often it was cleared.</summary>
    public int Generation { get; private set; }

    public PoolCounts Counts => _pool.Counts;

    /// <summary>What a call waits for that has no connection yet.</summary>
    public string Stage => _dial.Greeting > 0 ? "the greeting of a new connection" : _dial.Dialling > 0 ? "a new connection" : "a connection that others use";

    public static string Shown(EndPoint server) => server is DnsEndPoint name ? $"{name.Host}:{name.Port}" : $"{server}";

    /// <summary>Lends a connection for one call.</summary>
    /// <param name="work">What is done with it. An error, and leaving before its end, closes it.</param>
    public Awaitable<T> Use<T>(Func<MongoConnection, Awaitable<T>> work)
    {
        Fill();
        return _pool.Use(_events.AreHeard ? Told(work) : work);
    }

    /// <summary>Lends a connection until the lease is disposed.</summary>
    public Awaitable<Lease<MongoConnection>> Borrow() => _pool.Borrow();

    /// <summary>Why a call got no connection.</summary>
    /// <param name="error">What the pool said.</param>
    /// <param name="generation">When it was asked.</param>
    public Exception Why(Exception error, int generation)
    {
        var why = error is ObjectDisposedException && !_isDisposed && generation != Generation ? new MongoPoolClearedException(Server, _cleared!) : error;
        _events.Tell(new MongoCheckOutFailed(Server, why));
        return why;
    }

    /// <summary>A connection has failed: the others to this server are not trusted either.</summary>
    /// <param name="why">What was told.</param>
    /// <param name="generation">That of the connection: of an older one nothing is learned.</param>
    /// <param name="interrupt">Whether those that are used are ended at once.</param>
    public void Clear(Exception why, int generation, bool interrupt = false)
    {
        if (generation != Generation || _isDisposed)
        {
            return;
        }

        (Generation, _cleared, _isFilled) = (Generation + 1, why, false);
        var (old, used) = (_pool, _open.ToArray());
        _events.Tell(new MongoPoolCleared(Server, why));
        _pool = NewGeneration();
        old.Dispose();
        if (interrupt)
        {
            Array.ForEach(used, static connection => connection.Connection.Abort());
        }
    }

    /// <summary>Lends nothing any more; a connection that is used is closed when it comes back.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _pool.Dispose();
            _events.Tell(new MongoPoolClosed(Server));
        }
    }

    private Pool<MongoConnection> NewGeneration()
    {
        var generation = Generation;
        _events.Tell(new MongoPoolReady(Server));
        return new Pool<MongoConnection>(
            Observable.Create<MongoConnection>(observer => Dial(observer, generation)),
            connection => Close(connection, generation),
            new()
            {
                Name = $"connections to {Shown(Server)}",
                Max = _options.MaxPoolSize,
                MaxIdle = _options.MaxPoolSize,
                MaxMaking = _options.MaxConnecting,
                MaxWaiting = _options.MaxWaiting,
                AcquireTimeout = Timeout.InfiniteTimeSpan,
                IdleTimeout = _options.MaxIdleTime,
                IsUsable = static connection => connection.IsUsable,
                Watch = static connection => connection.Pipeline.Ended,
            },
            Hub);
    }

    private void Fill()
    {
        if (!_isFilled && _options.MinPoolSize > 0)
        {
            _isFilled = true;
            _pool.Fill(_options.MinPoolSize);
        }
    }

    private Loop Dial(IObserver<MongoConnection> observer, int generation) => Hub.Fork(
        async () =>
        {
            MongoConnection connection;
            try
            {
                connection = await _dial.Connect();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // Whoever waits longest is told why; the others, that all was given up. Who asks again does so in another turn.
                observer.OnError(failure);
                Clear(failure, generation);
                return;
            }

            _open.Add(connection);
            observer.OnNext(connection);
            observer.OnCompleted();
        },
        $"connecting to {Shown(Server)}");

    private void Close(MongoConnection connection, int generation)
    {
        var reason = _isDisposed ? "poolClosed" : generation != Generation ? "stale" : connection.IsUsable ? "idle" : "error";
        _open.Remove(connection);
        connection.Dispose();
        _events.Tell(new MongoConnectionClosed(Server, connection.Id, reason));
    }

    private Func<MongoConnection, Awaitable<T>> Told<T>(Func<MongoConnection, Awaitable<T>> work)
    {
        var began = Hub.TimeProvider.GetTimestamp();
        _events.Tell(new MongoCheckOutStarted(Server));
        return connection =>
        {
            _events.Tell(new MongoCheckedOut(Server, connection.Id, Hub.TimeProvider.GetElapsedTime(began)));
            var isBack = false;
            return work(connection).Do(_ => Back(), _ => Back()).Finally(Back).ToAwaitable("a call");

            void Back()
            {
                if (!isBack)
                {
                    isBack = true;
                    _events.Tell(new MongoCheckedIn(Server, connection.Id));
                }
            }
        };
    }
}
