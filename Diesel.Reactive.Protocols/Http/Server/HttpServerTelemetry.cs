using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>What servers publish of their requests, under ASP.NET Core's own names: whatever shows its metrics and spans shows these.</summary>
/// <remarks>Source: OpenTelemetry semantic conventions, "HTTP server metrics" and "HTTP server span"; what ASP.NET Core 10 publishes.</remarks>
internal static class HttpServerTelemetry
{
    public const string MeterName = "Microsoft.AspNetCore.Hosting";
    public const string SourceName = "Microsoft.AspNetCore";

    private const string Operation = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private static readonly Meter Meter = new(MeterName);

    private static readonly ActivitySource Source = new(SourceName);

    // Statuses as objects, as tags are: a box for each request would be garbage.
    private static readonly object?[] Statuses = new object?[600];

    /// <summary>How long requests took.</summary>
    public static Histogram<double> Duration { get; } = Meter.CreateHistogram(
        "http.server.request.duration", "s", "Duration of HTTP server requests.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] });

    /// <summary>How many are under way.</summary>
    public static UpDownCounter<long> Active { get; } = Meter.CreateUpDownCounter<long>(
        "http.server.active_requests", "{request}", "Number of active HTTP server requests.");

    /// <summary>Whether somebody wants to know.</summary>
    public static bool IsObserved => Duration.Enabled || Active.Enabled || Source.HasListeners();

    public static object StatusTag(int status) => Statuses[status] ??= status;

    /// <summary>The method, if it is one that all know: others are made up by whoever likes, and would be as many series.</summary>
    public static string MethodTag(string method) => HttpMethods.IsKnown(method) ? method : "_OTHER";

    public static string SchemeTag(HttpRequest request) => request.Feature<TlsInfo>() is null ? "http" : "https";

    /// <summary>Begins the span of a request, in the trace that the request names (W3C Trace Context), and makes it the current one.</summary>
    /// <returns>Null: nobody wants it.</returns>
    public static Activity? Begin(HttpRequest request, string method, string scheme)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var propagator = DistributedContextPropagator.Current;
        propagator.ExtractTraceIdAndState(request, Field, out var parent, out var state);
        _ = ActivityContext.TryParse(parent, state, isRemote: true, out var context);
        Activity.Current = null;
        var tags = Tags(request, method, scheme);
        var activity = Source.CreateActivity(Operation, ActivityKind.Server, context, tags);
        if (activity is null)
        {
            return null;
        }

        // The first of a name is the one that counts: so they are added from behind.
        foreach (var (name, value) in (propagator.ExtractBaggage(request, Field) ?? []).Reverse())
        {
            activity.AddBaggage(name, value);
        }

        activity.DisplayName = method == "_OTHER" ? "HTTP" : method;
        return activity.Start();
    }

    // What is looked for in a query may be a secret, and is not told.
    private static List<KeyValuePair<string, object?>> Tags(HttpRequest request, string method, string scheme)
    {
        List<KeyValuePair<string, object?>> tags =
        [
            new("http.request.method", method),
            new("url.scheme", scheme),
            new("url.path", request.Path),
            new("network.protocol.version", Version(request)),
        ];
        Add("http.request.method_original", method == "_OTHER" ? request.Method : null);
        Add("user_agent.original", request.Headers["User-Agent"]);
        var port = request.Host.LastIndexOf(':') is var colon && colon > request.Host.LastIndexOf(']') ? colon : request.Host.Length;
        Add("server.address", port > 0 ? request.Host[..port] : null);
        Add("server.port", int.TryParse(request.Host.AsSpan(Math.Min(port + 1, request.Host.Length)), out var number) ? number : null);
        Add("client.address", (request.RemoteEndPoint as IPEndPoint)?.Address.ToString());
        return tags;

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                tags.Add(new(name, value));
            }
        }
    }

    public static string Version(HttpRequest request) => request.Head.IsHttp10 ? "1.0" : "1.1";

    private static void Field(object? carrier, string name, out string? value, out IEnumerable<string>? values) =>
        (value, values) = (((HttpRequest)carrier!).Headers[name], null);
}
