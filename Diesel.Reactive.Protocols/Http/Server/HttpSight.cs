using System.Diagnostics;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>One request that somebody wants to know about: it is counted, traced, and told of when it is over.</summary>
internal sealed class HttpSight
{
    private readonly HttpServer _server;
    private readonly HttpRequest _request;
    private readonly Hub _hub;
    private readonly DateTimeOffset _began;
    private readonly long _timestamp;
    private readonly string _method;
    private readonly string _scheme;
    private readonly bool _isCounted;
    private Exception? _error;

    /// <summary>The request begins; its span is the current one, if there is one.</summary>
    public HttpSight(HttpServer server, HttpRequest request, Hub hub)
    {
        (_server, _request, _hub) = (server, request, hub);
        (_began, _timestamp) = (hub.TurnTime, hub.TimeProvider.GetTimestamp());
        (_method, _scheme) = (HttpServerTelemetry.MethodTag(request.Method), HttpServerTelemetry.SchemeTag(request));
        _isCounted = HttpServerTelemetry.Active.Enabled;
        if (_isCounted)
        {
            HttpServerTelemetry.Active.Add(1, OfAll());
        }

        Activity = HttpServerTelemetry.Begin(request, _method, _scheme);
    }

    /// <summary>Its span; null: nobody wants one.</summary>
    public Activity? Activity { get; }

    /// <summary>The handler threw.</summary>
    public void Fails(Exception error) => _error ??= error;

    /// <summary>It is over.</summary>
    /// <param name="status">What was answered; 0: nothing was.</param>
    /// <param name="read">Bytes of its body that were read.</param>
    /// <param name="sent">Bytes of the answer's body that were queued.</param>
    /// <param name="error">Why the answer is not whole; null: it is.</param>
    public void End(int status, long read, long sent, Exception? error)
    {
        var elapsed = _hub.TimeProvider.GetElapsedTime(_timestamp);
        var fault = _error ?? error;
        if (_isCounted)
        {
            HttpServerTelemetry.Active.Add(-1, OfAll());
        }

        var type = fault?.GetType().FullName ?? (status >= 500 ? HttpServerTelemetry.StatusTag(status).ToString() : null);
        HttpServerTelemetry.Duration.Record(elapsed.TotalSeconds, Tags(status, type));
        Stop(status, type, fault);
        _server.Tell(_hub, new HttpServed(_request, status, _began, elapsed, read, sent, fault));
    }

    private TagList OfAll() => new([new("http.request.method", _method), new("url.scheme", _scheme)]);

    private TagList Tags(int status, string? error)
    {
        var tags = OfAll();
        tags.Add("network.protocol.version", HttpServerTelemetry.Version(_request));
        if (status > 0)
        {
            tags.Add("http.response.status_code", HttpServerTelemetry.StatusTag(status));
        }

        if (_request.Parts.Pattern is { } route)
        {
            tags.Add("http.route", route);
        }

        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        return tags;
    }

    private void Stop(int status, string? type, Exception? fault)
    {
        if (Activity is not { } activity)
        {
            return;
        }

        if (status > 0)
        {
            activity.SetTag("http.response.status_code", HttpServerTelemetry.StatusTag(status));
        }

        if (_request.Parts.Pattern is { } route)
        {
            activity.SetTag("http.route", route);
            activity.DisplayName = $"{activity.DisplayName} {route}";
        }

        if (type is not null)
        {
            activity.SetTag("error.type", type);
            activity.SetStatus(ActivityStatusCode.Error, fault?.Message);
        }

        // Who ends it is not within it, and stays where it is.
        var current = Activity.Current;
        activity.Stop();
        Activity.Current = current;
    }
}
