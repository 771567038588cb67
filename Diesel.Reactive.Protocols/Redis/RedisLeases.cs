using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Connections of their own for those who need one, besides the one that all share.</summary>
internal sealed class RedisLeases : IDisposable
{
    private static readonly RedisCommand<long> AskId = new("CLIENT ID", Reply.Number);
    private static readonly RedisCommand<RespValue> Ping = new("PING", Reply.Any) { IsReadOnly = true };

    private readonly IClientDialect<RespValue> _dialect;
    private readonly PipelineOptions _pipelining;
    private readonly RedisLink _shared;
    private readonly Func<Exception, Exception> _why;
    private readonly Pool<LeasedConnection> _pool;
    private readonly HashSet<LeasedConnection> _open = [];

    /// <param name="dialect">How to connect.</param>
    /// <param name="pipelining">What bounds a connection.</param>
    /// <param name="max">How many there are at most.</param>
    /// <param name="shared">The connection that all share.</param>
    /// <param name="why">Says why nothing was lent, of the pool's error.</param>
    public RedisLeases(IClientDialect<RespValue> dialect, PipelineOptions pipelining, int max, RedisLink shared, Func<Exception, Exception> why)
    {
        (_dialect, _pipelining, _shared, _why) = (dialect, pipelining, shared, why);
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

    /// <summary>One more connection, which belongs to whoever subscribes.</summary>
    public IObservable<LeasedConnection> Connection => Observable.Create<LeasedConnection>(observer => Dial(observer));

    /// <summary>Lends a connection for some work. An error, and leaving before its end, closes it.</summary>
    public Awaitable<T> Use<T>(Func<LeasedConnection, Task<T>> work) => _pool.Use(work);

    /// <summary>Why nothing was lent.</summary>
    public Exception Why(Exception error) => _why(error);

    /// <summary>Lends a connection until the lease is disposed.</summary>
    public Awaitable<Lease<LeasedConnection>> Borrow() => _pool.Borrow();

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
        Connection? connection = null;
        try
        {
            var opened = connection = await Tcp.Connect(_dialect.Server, _dialect.Options, Hub);
            await _dialect.Prepare(opened);
            var pipeline = _dialect.Begin(opened, new CallQueue<RespValue>(_pipelining, Hub));
            var leased = new LeasedConnection(opened, pipeline, await Id(pipeline));
            connection = null;
            _open.Add(leased);
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
