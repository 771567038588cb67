using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Protocols;

/// <summary>Publishes the connections of all clients of one meter. Those of one name are one pool to whoever looks.</summary>
/// <remarks>Source: OpenTelemetry semantic conventions 1.4x, "Database client metrics", connection pools.</remarks>
internal sealed class PoolMeter
{
    private const string Name = "db.client.connection.pool.name";
    private const string State = "db.client.connection.state";

    private readonly ConditionalWeakTable<DatabasePool, Func<PoolCounts>> _pools = [];

    /// <summary>Makes the instruments.</summary>
    public PoolMeter(Meter meter)
    {
        CreateTime = ClientTelemetry.Seconds(meter, "db.client.connection.create_time", "The time it took to create a new connection.");
        WaitTime = ClientTelemetry.Seconds(meter, "db.client.connection.wait_time", "The time it took to obtain an open connection from the pool.");
        UseTime = ClientTelemetry.Seconds(meter, "db.client.connection.use_time", "The time between borrowing a connection and returning it to the pool.");
        meter.CreateObservableUpDownCounter("db.client.connection.count", States, "{connection}", "Connections that are idle or used.");
        meter.CreateObservableUpDownCounter("db.client.connection.max", () => OfEach(static counts => counts.Max), "{connection}", "Open connections there may be.");
        meter.CreateObservableUpDownCounter("db.client.connection.idle.max", () => OfEach(static counts => counts.Max), "{connection}", "Idle connections there may be.");
        meter.CreateObservableUpDownCounter("db.client.connection.pending_requests", () => OfEach(static counts => counts.Waiting), "{request}", "Who waits for a connection.");
        meter.CreateObservableCounter("db.client.connection.timeouts", () => OfEach(static counts => counts.TimedOut), "{timeout}", "Who has waited for one in vain.");
    }

    public Histogram<double> CreateTime { get; }

    public Histogram<double> WaitTime { get; }

    public Histogram<double> UseTime { get; }

    /// <summary>Publishes a pool's numbers, until it is disposed or nobody knows it any more.</summary>
    /// <param name="name">Of which server.</param>
    /// <param name="counts">Its numbers now. Any thread.</param>
    public DatabasePool Watch(string name, Func<PoolCounts> counts)
    {
        var pool = new DatabasePool(this, new(Name, name));
        _pools.Add(pool, counts);
        return pool;
    }

    public void Leave(DatabasePool pool) => _pools.Remove(pool);

    private IEnumerable<Measurement<long>> States() =>
    [
        .. OfEach(static counts => counts.Idle, new KeyValuePair<string, object?>(State, "idle")),
        .. OfEach(static counts => counts.Lent, new KeyValuePair<string, object?>(State, "used")),
    ];

    private IEnumerable<Measurement<long>> OfEach(Func<PoolCounts, long> measure, params KeyValuePair<string, object?>[] more) =>
        from pool in _pools
        group pool.Value() by pool.Key.Name.Value into same
        select new Measurement<long>(same.Sum(measure), [new(Name, same.Key), .. more]);
}
