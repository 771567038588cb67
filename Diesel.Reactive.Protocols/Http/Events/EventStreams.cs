namespace Diesel.Reactive.Protocols.Http;

/// <summary>Server-Sent Events of a server.</summary>
public static class EventStreams
{
    private static readonly TimeSpan DefaultKeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>A response of events, each sent as it comes (<c>text/event-stream</c>).</summary>
    /// <param name="events">Subscribed when the response is sent, and unsubscribed when the client has left. Held, if it can be, while the client does
    /// not take them. Its end ends the response: a browser comes back for more, and is told to stay away by
    /// <c>HttpResponse.Of(204)</c>.</param>
    /// <param name="keepAlive">Of silence, behind which a comment is sent, so that neither a proxy nor this side takes a client for gone that is there, or
    /// the other way round; null: 15 s. <see cref="Timeout.InfiniteTimeSpan"/>: never.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is null.</exception>
    /// <remarks>An event that cannot be written (a line end in its type or id) cuts the response off. Source: WHATWG HTML §9.2.</remarks>
    public static HttpResponse AsEventStream(this IObservable<ServerSentEvent> events, TimeSpan? keepAlive = null)
    {
        ArgumentNullException.ThrowIfNull(events);
        return HttpResponse.Streamed(new EventStreamBody(events, keepAlive ?? DefaultKeepAlive), "text/event-stream").With("Cache-Control", "no-store");
    }

    /// <summary>The id of the last event that a client has got which comes back.</summary>
    /// <param name="request">Its request.</param>
    /// <returns>Null: it is new.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    public static string? LastEventId(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers["Last-Event-ID"];
    }
}
