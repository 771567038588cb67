using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Connections of their own for those who need one, besides the one that all share.</summary>
internal sealed class RedisLeases : IDisposable
{
    private static readonly RedisCommand<long> AskId = new("CLIENT ID", Reply.Number);
    private static readonly RedisCommand<RespValue> Ping = new("PING", Reply.Any) { IsReadOnly = true };

    private readonly RedisDialect _dialect;
    private readonly RedisLink _shared;
    private readonly Func<Exception, Exception> _why;
    private readonly Pool<LeasedConnection> _pool;
    private readonly HashSet<LeasedConnection> _open = [];

    /// <param name="dialect">How to connect.</param>
    /// <param name="max">How many there are at most.</param>
    /// <param name="shared">The connection that all share.</param>
    /// <param name="why">Says why nothing was lent, of the pool's error.</param>
    public RedisLeases(RedisDialect dialect, int max, RedisLink shared, Func<Exception, Exception> why)
    {
        (_dialect, _shared, _why) = (dialect, shared, why);
        _pool = new Pool<LeasedConnection>(Connection, options: new()
        {
            Name = $"connections to {dialect.Server.Shown()} for one caller each",
            Max = max,
            MaxIdle = max,
            AcquireTimeout = dialect.Options.Timeout,
            IsUsable = static connection => connection.IsUsable,
            Watch = static connection => connection.Pipeline.Ended,
        }, hub: shared.Hub);
    }

    public Hub Hub => _shared.Hub;

    /// <summary>Their numbers now. Any thread.</summary>
    public PoolCounts Counts => _pool.Counts;

    /// <summary>One more connection, which belongs to whoever subscribes.</summary>
    public IObservable<LeasedConnection> Connection => Observable.Create<LeasedConnection>(observer => Dial(observer));

    /// <summary>Lends a connection for some work. An error, and leaving before its end, closes it.</summary>
    public Awaitable<T> Use<T>(Func<LeasedConnection, Task<T>> work) => _shared.Published.IsObserved ? Observed(work) : _pool.Use(work);

    /// <summary>Why nothing was lent.</summary>
    public Exception Why(Exception error) => _why(error);

    /// <summary>Lends a connection until the lease is disposed.</summary>
    public Awaitable<Lease<LeasedConnection>> Borrow() => _shared.Published.IsObserved ? Observed() : _pool.Borrow();

    /// <summary>One that was lent then comes back.</summary>
    public void Used(long since) => _shared.Published.Used(Since(since));

    /// <summary>When it is, to be told later how long ago that was.</summary>
    public long Now => _shared.Site.Clock.GetTimestamp();

    /// <summary>Asks over the connection that all share.</summary>
    public Awaitable<T> Ask<T>(RedisCommand<T> command) => _shared.Ask(command);

    /// <summary>Lends nothing any more; what is in flight has its time to be answered.</summary>
    public void Dispose()
    {
        _pool.Dispose();
        Hub.Post(_ => _open.ToList().ForEach(static connection => connection.Pipeline.Dispose()));
    }

    /// <summary>Ends them at once. The hub's thread only.</summary>
    public void Abort() => _open.ToList().ForEach(static connection => connection.Dispose());

    private TimeSpan Since(long began) => _shared.Site.Clock.GetElapsedTime(began);

    private Awaitable<T> Observed<T>(Func<LeasedConnection, Task<T>> work) => Observable.Defer(() =>
    {
        var began = Now;
        return _pool.Use(async connection =>
        {
            var since = Now;
            _shared.Published.Waited(Since(began));
            try
            {
                return await work(connection);
            }
            finally
            {
                Used(since);
            }
        });
    }).ToAwaitable("a lease");

    private Awaitable<Lease<LeasedConnection>> Observed() => Observable.Defer(() =>
    {
        var began = Now;
        return _pool.Borrow().Do(_ => _shared.Published.Waited(Since(began)));
    }).ToAwaitable("a lease");

    private Loop Dial(IObserver<LeasedConnection> observer) => Hub.Fork(
        async () =>
        {
            LeasedConnection connection;
            try
            {
                connection = await Connect();
            }
            catch (EndOfStreamException ended)
            {
                observer.OnError(new ConnectionException($"{_dialect.Server.Shown()} has ended the connection before it was ready.", _dialect.Server, ended));
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                observer.OnError(failure);
                return;
            }

            observer.OnNext(connection);
            observer.OnCompleted();
        },
        $"connecting to {_dialect.Server.Shown()}");

    // The one that all share comes first: it knows whether the server is there, and how often one may try.
    private async Task<LeasedConnection> Connect()
    {
        await MeetServer();
        var began = Now;
        Connection? connection = null;
        try
        {
            var opened = connection = await Tcp.Connect(_dialect.Server, _dialect.Options, Hub);
            await _dialect.Prepare(opened);
            // What is asked there belongs to this connection: nothing waits for another one.
            var pipeline = _dialect.Begin(opened, queue: null);
            var leased = new LeasedConnection(opened, pipeline, await Id(pipeline));
            connection = null;
            _open.Add(leased);
            _shared.Published.Created(Since(began));
            pipeline.Ended.Subscribe(static _ => { }, _ => _open.Remove(leased), () => _open.Remove(leased));
            return leased;
        }
        finally
        {
            connection?.Abort();
        }
    }

    private async Task MeetServer()
    {
        try
        {
            await _shared.Ask(Ping);
        }
        catch (RedisErrorException)
        {
            // Who may not ask has been answered all the same.
        }
    }

    private static async Task<long?> Id(Pipeline<RespValue> pipeline)
    {
        try
        {
            return await pipeline.Ask(AskId);
        }
        catch (RedisErrorException)
        {
            return null;
        }
    }
}
