using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Publishes the connections of all clients there are: those to one server are one pool.</summary>
internal static class MongoPoolMeter
{
    private const string Name = "db.client.connection.pool.name";
    private const string State = "db.client.connection.state";

    private static readonly ConditionalWeakTable<object, Known> Pools = [];

    private static readonly Histogram<double> CreateTime = MongoTelemetry.Seconds("db.client.connection.create_time", "The time it took to create a new connection.");
    private static readonly Histogram<double> WaitTime = MongoTelemetry.Seconds("db.client.connection.wait_time", "The time it took to obtain an open connection from the pool.");
    private static readonly Histogram<double> UseTime = MongoTelemetry.Seconds("db.client.connection.use_time", "The time between borrowing a connection and returning it to the pool.");

    static MongoPoolMeter()
    {
        var meter = MongoTelemetry.Meter;
        meter.CreateObservableUpDownCounter("db.client.connection.count", States, "{connection}", "Connections that are idle or used.");
        meter.CreateObservableUpDownCounter("db.client.connection.max", () => OfEach(static counts => counts.Max), "{connection}", "Open connections there may be.");
        meter.CreateObservableUpDownCounter("db.client.connection.idle.max", () => OfEach(static counts => counts.Max), "{connection}", "Idle connections there may be.");
        meter.CreateObservableUpDownCounter("db.client.connection.pending_requests", () => OfEach(static counts => counts.Waiting), "{request}", "Who waits for a connection.");
        meter.CreateObservableCounter("db.client.connection.timeouts", () => OfEach(static counts => counts.TimedOut), "{timeout}", "Who has waited for one in vain.");
    }

    /// <summary>Whether somebody wants to know how long connections are waited for, and used.</summary>
    public static bool IsObserved => WaitTime.Enabled || UseTime.Enabled;

    /// <summary>Publishes a pool as long as it lives.</summary>
    public static void Add(object pool, string name, Func<PoolCounts> counts) => Pools.Add(pool, new(name, counts));

    public static void Remove(object pool) => Pools.Remove(pool);

    public static void Created(string name, TimeSpan took) => CreateTime.Record(took.TotalSeconds, new KeyValuePair<string, object?>(Name, name));

    public static void Waited(string name, TimeSpan took) => WaitTime.Record(took.TotalSeconds, new KeyValuePair<string, object?>(Name, name));

    public static void Used(string name, TimeSpan took) => UseTime.Record(took.TotalSeconds, new KeyValuePair<string, object?>(Name, name));

    private static IEnumerable<Measurement<long>> States() =>
    [
        .. OfEach(static counts => counts.Idle, new KeyValuePair<string, object?>(State, "idle")),
        .. OfEach(static counts => counts.Lent, new KeyValuePair<string, object?>(State, "used")),
    ];

    private static IEnumerable<Measurement<long>> OfEach(Func<PoolCounts, long> measure, params KeyValuePair<string, object?>[] more) =>
        from pool in Pools
        group pool.Value.Counts() by pool.Value.Name into same
        select new Measurement<long>(same.Sum(measure), [new(Name, same.Key), .. more]);

    private sealed record Known(string Name, Func<PoolCounts> Counts);
}
