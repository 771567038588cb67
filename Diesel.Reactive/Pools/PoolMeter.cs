using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>The instruments of pools, each by its name, as OpenTelemetry has them for the pools of database clients.</summary>
internal static class PoolMeter
{
    private const string Name = "diesel.pool.name";
    private const string State = "diesel.pool.state";

    // A pool that nobody has any more is gone, drained or not.
    private static readonly ConditionalWeakTable<IPoolView, IPoolView> Known = [];

    static PoolMeter()
    {
        var meter = HubMeter.Meter;
        meter.CreateObservableUpDownCounter("diesel.pool.count", States, "{item}", "Items of a pool: idle, used, or being made.");
        meter.CreateObservableUpDownCounter("diesel.pool.max", () => OfEach(static counts => counts.Max), "{item}", "Items there may be.");
        meter.CreateObservableUpDownCounter("diesel.pool.pending_requests", () => OfEach(static counts => counts.Waiting), "{request}", "Borrowers that wait.");
        meter.CreateObservableCounter("diesel.pool.timeouts", () => OfEach(static counts => counts.TimedOut), "{timeout}", "Borrowers whose time was up.");
        meter.CreateObservableCounter("diesel.pool.created", () => OfEach(static counts => counts.Created), "{item}", "Items that were made.");
        meter.CreateObservableCounter("diesel.pool.closed", () => OfEach(static counts => counts.Closed), "{item}", "Items that were closed.");
        meter.CreateObservableCounter("diesel.pool.failed", () => OfEach(static counts => counts.Failed), "{item}", "Items that could not be made.");
    }

    /// <summary>The pools there are of a hub that has not ended.</summary>
    public static IEnumerable<IPoolView> Pools => Known.Select(static each => each.Key).Where(static pool => !pool.Hub.IsDisposed);

    /// <summary>From now on a pool is observed.</summary>
    public static void Watch(IPoolView pool) => Known.Add(pool, pool);

    /// <summary>It is drained.</summary>
    public static void Leave(IPoolView pool) => Known.Remove(pool);

    private static IEnumerable<Measurement<long>> States() =>
    [
        .. OfEach(static counts => counts.Idle, new KeyValuePair<string, object?>(State, "idle")),
        .. OfEach(static counts => counts.Lent, new KeyValuePair<string, object?>(State, "used")),
        .. OfEach(static counts => counts.Pending, new KeyValuePair<string, object?>(State, "pending")),
    ];

    // Several of one name are one to whoever looks.
    private static IEnumerable<Measurement<long>> OfEach(Func<PoolCounts, long> measure, params KeyValuePair<string, object?>[] more) =>
        from pool in Pools
        group pool.Counts by (pool.Hub, pool.Name) into named
        select HubMeter.Measured(named.Sum(measure), [HubMeter.Tag(named.Key.Hub), new(Name, named.Key.Name), .. more]);
}
