using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>What clients publish, under the names that .NET's own HttpClient has: dashboards made for that show these as well.</summary>
/// <remarks>Source: .NET's "networking metrics" and OpenTelemetry's HTTP conventions.</remarks>
internal static class HttpTelemetry
{
    private const string Name = "System.Net.Http";

    private static readonly InstrumentAdvice<double> OfRequests = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };
    private static readonly InstrumentAdvice<double> OfConnections = new() { HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] };

    public static ActivitySource Activities { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    public static Histogram<double> Duration { get; } = Meter.CreateHistogram("http.client.request.duration", "s", "Duration of HTTP client requests.", tags: null, OfRequests);

    public static UpDownCounter<long> Active { get; } =
        Meter.CreateUpDownCounter<long>("http.client.active_requests", "{request}", "Number of outbound HTTP requests that are currently active on the client.");

    public static UpDownCounter<long> Open { get; } =
        Meter.CreateUpDownCounter<long>("http.client.open_connections", "{connection}", "Number of outbound HTTP connections that are currently active or idle on the client.");

    public static Histogram<double> Lifetime { get; } = Meter.CreateHistogram(
        "http.client.connection.duration", "s", "The duration of successfully established outbound HTTP connections.", tags: null, OfConnections);

    public static Histogram<double> Queue { get; } = Meter.CreateHistogram(
        "http.client.request.time_in_queue", "s", "The amount of time requests spent on a queue waiting for an available connection.", tags: null, OfRequests);

    /// <summary>Methods that are no standard's are one value.</summary>
    public static string MethodOf(HttpCall call) =>
        call.Method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "OPTIONS" or "TRACE" or "PATCH" or "CONNECT" ? call.Method : "_OTHER";

    public static TagList Tags(HttpOriginKey key) => new() { { "server.address", key.Host }, { "server.port", key.Port }, { "url.scheme", key.Scheme } };
}
