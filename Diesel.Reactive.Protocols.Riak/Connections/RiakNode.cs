using System.Net;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>A node, its connections, and how it has done. The hub's thread only.</summary>
internal sealed class RiakNode : IDisposable
{
    // How much of an error is left when its node is well again, and how many of them are counted.
    private const double Well = 0.5;
    private const double Most = 8;

    private readonly RiakOptions _options;
    private readonly ClientEvents _events;
    private readonly Hub _hub;
    private double _errors;
    private long _seen;

    public RiakNode(EndPoint server, RiakOptions options, Func<Bytes?> clientId, ClientEvents events, Hub hub)
    {
        (Server, _options, _events, _hub) = (server, options, events, hub);
        Dial = new(server, options, hub);
        Pool = new(
            Observable.Create<RiakConnection>(observer => Connect(clientId(), observer)),
            static connection => connection.Dispose(),
            new()
            {
                Name = $"connections to {server.Shown()}",
                Max = options.MaxPoolSize,
                MaxIdle = options.MaxPoolSize,
                MaxMaking = options.MaxConnecting,
                MaxWaiting = options.MaxWaiting,
                AcquireTimeout = Timeout.InfiniteTimeSpan,
                IdleTimeout = options.MaxIdleTime,
                IsUsable = connection => connection.IsUsable && connection.ClientId == clientId(),
                Watch = static connection => connection.Pipeline.Ended,
                ReusesLeases = true,
            },
            hub);
        Published = RiakTelemetry.Watch(server.Shown(), () => Pool.Counts);
    }

    public EndPoint Server { get; }

    public Pool<RiakConnection> Pool { get; }

    /// <summary>How the connections are published.</summary>
    public DatabasePool Published { get; }

    public RiakDial Dial { get; }

    /// <summary>How much there is to do for it.</summary>
    public int Load => Pool.Counts is var counts ? counts.Lent + counts.Waiting : 0;

    /// <summary>How many errors it has had, of which older ones count less.</summary>
    public double Errors => _errors == 0 ? 0
        : _options.ErrorHalfLife == Timeout.InfiniteTimeSpan ? _errors
        : _errors * Math.Pow(0.5, _hub.TimeProvider.GetElapsedTime(_seen) / _options.ErrorHalfLife);

    /// <summary>Whether others are asked, if there are others.</summary>
    public bool IsResting => Errors > Well;

    /// <summary>A call has failed with it.</summary>
    public void Failed(object call, Exception error)
    {
        (_errors, _seen) = (Math.Min(Most, Errors + 1), _hub.TimeProvider.GetTimestamp());
        _events.Tell(new RiakAttemptFailed(Server, $"{call}", error));
    }

    public void Dispose()
    {
        Published.Dispose();
        Pool.Dispose();
    }

    private Loop Connect(Bytes? clientId, IObserver<RiakConnection> observer) => _hub.Fork(
        async () =>
        {
            RiakConnection connection;
            var began = _hub.TimeProvider.GetTimestamp();
            try
            {
                connection = await Dial.Connect(clientId);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                _events.Tell(new ClientConnectFailed(Server, failure, TimeSpan.Zero));
                observer.OnError(failure);
                return;
            }

            Published.Created(_hub.TimeProvider.GetElapsedTime(began));
            _events.Tell(new ClientConnected(Server));
            connection.Pipeline.Ended.Subscribe(static _ => { }, why => _events.Tell(new ClientDisconnected(Server, why)));
            observer.OnNext(connection);
            observer.OnCompleted();
        },
        $"connecting to {Server.Shown()}");
}
