using System.Diagnostics;
using System.Globalization;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>What is published of one request, and the trace it is a part of; there is none while nobody wants to know.</summary>
internal sealed class HttpCallSpan
{
    private readonly HttpCall _call;
    private readonly long _began;
    private readonly Activity? _activity;
    private readonly Activity? _parent;
    private readonly TagList _tags;
    private bool _hasConnection;

    private HttpCallSpan(HttpCall call, Activity? parent)
    {
        (_call, _parent, _began) = (call, parent, call.Hub.TimeProvider.GetTimestamp());
        var key = HttpOriginKey.Of(call.Uri, null);
        _tags = HttpTelemetry.Tags(key);
        _tags.Add("http.request.method", HttpTelemetry.MethodOf(call));

        // Whoever awaits is not within it: neither before nor afterwards may it be the current one there.
        var before = Activity.Current;
        Activity.Current = parent;
        _activity = HttpTelemetry.Activities.StartActivity("System.Net.Http.HttpRequestOut", ActivityKind.Client);
        Activity.Current = before;
        if (_activity is { IsAllDataRequested: true } activity)
        {
            activity.DisplayName = HttpTelemetry.MethodOf(call);
            activity.SetTag("http.request.method", HttpTelemetry.MethodOf(call)).SetTag("server.address", key.Host).SetTag("server.port", key.Port);
            activity.SetTag("url.full", $"{call.Uri.GetLeftPart(UriPartial.Path)}{(call.Uri.Query.Length > 0 ? "?*" : "")}");
        }

        HttpTelemetry.Active.Add(1, _tags);
    }

    private TimeProvider Clock => _call.Hub.TimeProvider;

    public static HttpCallSpan? Begin(HttpCall call)
    {
        var parent = Activity.Current;
        return parent is not null || HttpTelemetry.Duration.Enabled || HttpTelemetry.Active.Enabled || HttpTelemetry.Queue.Enabled || HttpTelemetry.Activities.HasListeners()
            ? new HttpCallSpan(call, parent) : null;
    }

    /// <summary>An answer leads elsewhere: each request on the way has its own, as with .NET's client.</summary>
    public HttpCallSpan Next(HttpReply reply)
    {
        End(reply);
        return new HttpCallSpan(_call, _parent);
    }

    /// <summary>The trace context (W3C) of the request; one that the caller has set stays.</summary>
    public HttpHeaders Add(HttpHeaders fields, HttpCall call)
    {
        if ((_activity ?? _parent) is { } activity && !call.Headers.Contains("traceparent") && !call.Headers.Contains("Request-Id"))
        {
            var added = new List<(string Name, string Value)>();
            DistributedContextPropagator.Current.Inject(activity, added, static (carrier, name, value) => ((List<(string, string)>)carrier!).Add((name, value)));
            foreach (var (name, value) in added)
            {
                fields = fields.Add(name, value);
            }
        }

        return fields;
    }

    /// <summary>It has a connection.</summary>
    public void Leaves(HttpLink link)
    {
        if (!_hasConnection && HttpTelemetry.Queue.Enabled && !link.IsReused)
        {
            HttpTelemetry.Queue.Record(Clock.GetElapsedTime(_began).TotalSeconds, _tags);
        }

        _hasConnection = true;
    }

    public void End(HttpReply reply)
    {
        const int Failed = 400;
        var error = reply.Status >= Failed ? reply.Status.ToString(CultureInfo.InvariantCulture) : null;
        End(error, reply);
    }

    public void End(Exception error) => End(error.GetType().FullName, null);

    private void End(string? error, HttpReply? reply)
    {
        HttpTelemetry.Active.Add(-1, _tags);
        var tags = _tags;
        if (reply is not null)
        {
            tags.Add("http.response.status_code", reply.Status);
            tags.Add("network.protocol.version", reply.Head.IsHttp10 ? "1.0" : "1.1");
            _activity?.SetTag("http.response.status_code", reply.Status).SetTag("network.protocol.version", reply.Head.IsHttp10 ? "1.0" : "1.1");
        }

        if (error is not null)
        {
            tags.Add("error.type", error);
            _activity?.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
        }

        HttpTelemetry.Duration.Record(Clock.GetElapsedTime(_began).TotalSeconds, tags);
        if (_activity is not null)
        {
            var before = Activity.Current;
            _activity.Stop();
            Activity.Current = before;
        }
    }
}
