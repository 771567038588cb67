using System.Diagnostics.Metrics;

namespace Diesel.Reactive;

/// <summary>The instruments of services, each by where it listens.</summary>
internal static class ServiceMeter
{
    private const string State = "diesel.connection.state";
    private const string Direction = "network.io.direction";

    private static readonly ServiceLimit[] Limits = Enum.GetValues<ServiceLimit>();

    static ServiceMeter()
    {
        var meter = HubMeter.Meter;
        meter.CreateObservableUpDownCounter("diesel.service.connections", Connections, "{connection}", "Connections of a service: open, or lingering until their peer ends.");
        meter.CreateObservableUpDownCounter("diesel.service.pending", Pending, "By", "Bytes received that no handler has taken, and queued that the system has not taken.");
        meter.CreateObservableCounter("diesel.service.rejected", Rejected, "{connection}", "Connections that a limit has refused or ended; error.type: which.");
    }

    /// <summary>A service has started: there is something to observe.</summary>
    public static void Started(Hub hub, TcpService service) => Tell(hub, service, "ServiceStarted", "{Service} has started");

    public static void Stopped(Hub hub, TcpService service) => Tell(hub, service, "ServiceStopped", "{Service} has stopped");

    private static void Tell(Hub hub, TcpService service, string kind, string template)
    {
        if (hub.Sight.Log.IsObserved)
        {
            hub.Write(HubLogLevel.Information, kind, template, null, new KeyValuePair<string, object?>("Service", service));
        }
    }

    private static IEnumerable<Measurement<long>> Connections() => OfEach(static (counts, tags) =>
    [
        HubMeter.Measured((long)counts.Open, [.. tags, new(State, "open")]),
        HubMeter.Measured((long)counts.Lingering, [.. tags, new(State, "lingering")]),
    ]);

    private static IEnumerable<Measurement<long>> Pending() => OfEach(static (counts, tags) =>
    [
        HubMeter.Measured((long)counts.BufferedInput, [.. tags, new(Direction, "receive")]),
        HubMeter.Measured((long)counts.PendingOutput, [.. tags, new(Direction, "transmit")]),
    ]);

    private static IEnumerable<Measurement<long>> Rejected() => OfEach(static (counts, tags) =>
        Limits.Select(limit => HubMeter.Measured(counts.Ended(limit), [.. tags, new("error.type", SnakeCase.Of(limit))])));

    private static IEnumerable<Measurement<long>> OfEach(Func<ServiceCounts, KeyValuePair<string, object?>[], IEnumerable<Measurement<long>>> measure) =>
        from hub in HubMeter.Hubs
        from service in hub.Sight.ResourcesOf<TcpService>()
        from measurement in measure(service.Counts, [HubMeter.Tag(hub), .. EndPointTags.Of(service.EndPoint)])
        select measurement;
}
