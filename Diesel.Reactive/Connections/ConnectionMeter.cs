using System.Diagnostics.Metrics;

namespace Diesel.Reactive;

/// <summary>The instruments of connections.</summary>
internal static class ConnectionMeter
{
    private const string Direction = "network.io.direction";

    // Those that OpenTelemetry recommends for durations of requests.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    static ConnectionMeter()
    {
        var meter = HubMeter.Meter;
        meter.CreateObservableCounter("diesel.connection.opened", () => HubMeter.OfEachHub(static hub => (long?)Volatile.Read(ref hub.Sight.Tally.Opened)), "{connection}", "Connections that were opened.");
        meter.CreateObservableUpDownCounter("diesel.connection.active", () => HubMeter.OfEachHub(static hub => (long?)hub.Sight.ResourcesOf<ConnectionLife>().Count), "{connection}", "Connections that are open.");
        meter.CreateObservableCounter("diesel.network.io", Bytes, "By", "Bytes that connections have received, and handed to the system.");
        meter.CreateObservableUpDownCounter("diesel.handshake.active", () => HubMeter.OfEachHub(Handshaking), "{handshake}", "Handshakes of layers, as TLS's, that are under way.");
        Handshakes = meter.CreateHistogram("diesel.handshake.duration", "s", "How long handshakes of layers took; error.type: of those that failed.", advice: Durations);
        Dials = meter.CreateHistogram("diesel.connect.duration", "s", "How long it took to connect, or not to; error.type: of what failed.", advice: Durations);
    }

    public static Histogram<double> Handshakes { get; }

    public static Histogram<double> Dials { get; }

    /// <summary>There are connections to observe.</summary>
    public static void Begin()
    {
    }

    private static long? Handshaking(Hub hub) =>
        Volatile.Read(ref hub.Sight.Tally.HandshakesBegun) - Volatile.Read(ref hub.Sight.Tally.HandshakesEnded);

    private static IEnumerable<Measurement<long>> Bytes()
    {
        foreach (var hub in HubMeter.Hubs)
        {
            yield return HubMeter.Measured(Volatile.Read(ref hub.Sight.Tally.Received), HubMeter.Tag(hub), new(Direction, "receive"));
            yield return HubMeter.Measured(Volatile.Read(ref hub.Sight.Tally.Sent), HubMeter.Tag(hub), new(Direction, "transmit"));
        }
    }
}
