using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Protocols;

/// <summary>The connections of a client at one moment.</summary>
/// <param name="Idle">Those that nobody uses.</param>
/// <param name="Used">Those that somebody does.</param>
/// <param name="Max">How many there may be.</param>
/// <param name="Waiting">Who waits for one.</param>
/// <param name="TimedOut">Who has given up so far.</param>
internal readonly record struct ConnectionCounts(int Idle, int Used, int Max, int Waiting, long TimedOut);

/// <summary>Publishes the connections of all clients there are: those to one server, and one of its databases, are one pool.</summary>
/// <remarks>Source: OpenTelemetry semantic conventions 1.4x, "Database client metrics", connection pools.</remarks>
internal static class ConnectionMeter
{
    private const string Name = "db.client.connection.pool.name";
    private const string State = "db.client.connection.state";

    private static readonly Histogram<double> CreateTime = ClientTelemetry.Seconds("db.client.connection.create_time", "The time it took to create a new connection.");
    private static readonly Histogram<double> WaitTime = ClientTelemetry.Seconds("db.client.connection.wait_time", "The time it took to obtain an open connection from the pool.");
    private static readonly Histogram<double> UseTime = ClientTelemetry.Seconds("db.client.connection.use_time", "The time between borrowing a connection and returning it to the pool.");
    private static readonly ConditionalWeakTable<object, Known> Clients = [];

    static ConnectionMeter()
    {
        var meter = ClientTelemetry.Meter;
        meter.CreateObservableUpDownCounter("db.client.connection.count", States, "{connection}", "Connections that are idle or used.");
        meter.CreateObservableUpDownCounter("db.client.connection.max", () => OfEach(static counts => counts.Max), "{connection}", "Open connections there may be.");
        meter.CreateObservableUpDownCounter("db.client.connection.idle.max", () => OfEach(static counts => counts.Max), "{connection}", "Idle connections there may be.");
        meter.CreateObservableUpDownCounter("db.client.connection.pending_requests", () => OfEach(static counts => counts.Waiting), "{request}", "Who waits for a connection.");
        meter.CreateObservableCounter("db.client.connection.timeouts", () => OfEach(static counts => counts.TimedOut), "{timeout}", "Who has waited for one in vain.");
    }

    /// <summary>Whether somebody wants to know how long connections are waited for, and used.</summary>
    public static bool IsObserved => WaitTime.Enabled || UseTime.Enabled;

    /// <summary>Publishes a client's connections as long as it lives.</summary>
    public static void Add(object client, CallSite site, Func<ConnectionCounts> counts) => Clients.Add(client, new(site, counts));

    public static void Remove(object client) => Clients.Remove(client);

    /// <summary>A connection is ready that was begun so long ago.</summary>
    public static void Created(CallSite site, TimeSpan time) => CreateTime.Record(time.TotalSeconds, Pool(site));

    /// <summary>One was lent that was waited for so long.</summary>
    public static void Waited(CallSite site, TimeSpan time) => WaitTime.Record(time.TotalSeconds, Pool(site));

    /// <summary>One came back.</summary>
    public static void Used(CallSite site, TimeSpan time) => UseTime.Record(time.TotalSeconds, Pool(site));

    private static KeyValuePair<string, object?> Pool(CallSite site) => new(Name, site.Pool);

    private static IEnumerable<Measurement<long>> States() =>
    [
        .. OfEach(static counts => counts.Idle, new KeyValuePair<string, object?>(State, "idle")),
        .. OfEach(static counts => counts.Used, new KeyValuePair<string, object?>(State, "used")),
    ];

    // Several clients of one server are one to whoever looks.
    private static IEnumerable<Measurement<long>> OfEach(Func<ConnectionCounts, long> measure, params KeyValuePair<string, object?>[] more) =>
        from client in Clients
        group client.Value.Counts() by client.Value.Site.Pool into pool
        select new Measurement<long>(pool.Sum(measure), [new(Name, pool.Key), .. more]);

    private sealed record Known(CallSite Site, Func<ConnectionCounts> Counts);
}
