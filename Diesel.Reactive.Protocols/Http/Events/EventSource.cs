namespace Diesel.Reactive.Protocols.Http;

/// <summary>An event stream as an observable of events, which comes back when it was lost (WHATWG HTML §9.2).</summary>
/// <remarks>
/// <para>Cold: each subscription connects, and comes back until it is unsubscribed, with the <c>Last-Event-ID</c> of the last event that it gave, behind the
/// time that the server asks for with <c>retry</c>; of failures in a row, twice as long each.</para>
/// <para>Completes when the server answers 204. Errors: <see cref="EventSourceRefusedException"/> for any other answer that is no event stream, and
/// <see cref="ProtocolException"/> for one that cannot be read: those would be the same the next time. What the network does is no error; it is told by
/// <see cref="Lost"/>. Redirects are followed. The hub's thread.</para>
/// </remarks>
public sealed class EventSource : IObservable<ServerSentEvent>
{
    private readonly HttpBroadcast<Exception> _lost = new();
    private readonly Hub? _hub;

    /// <summary>Prepares one; nothing is dialled before somebody subscribes.</summary>
    /// <param name="uri"><c>http://</c> or <c>https://</c>.</param>
    /// <param name="options">Time limits, header fields, where to begin; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub of who subscribes, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="uri"/> is null.</exception>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    public EventSource(Uri uri, EventSourceOptions? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(uri);
        (Uri, Options, _hub) = (EventStreamRequest.IsOne(uri) ? uri : throw new ArgumentException($"'{uri}' is no event stream: http://host/path or https://host/path.", nameof(uri)),
            options ?? EventSourceOptions.Default, hub);
    }

    /// <summary>As the other.</summary>
    /// <param name="uri">As of the other.</param>
    /// <param name="options">As of the other.</param>
    /// <param name="hub">As of the other.</param>
    /// <exception cref="UriFormatException">It is no URI.</exception>
    public EventSource(string uri, EventSourceOptions? options = null, Hub? hub = null)
        : this(new Uri(uri), options, hub)
    {
    }

    /// <summary>Where the events come from.</summary>
    public Uri Uri { get; }

    /// <summary>Each time a stream was lost, or could not be had, and why; another attempt follows. Hot, never ends.</summary>
    public IObservable<Exception> Lost => _lost;

    internal EventSourceOptions Options { get; }

    /// <summary>Connects, and comes back.</summary>
    /// <param name="observer">Gets the events, on the hub.</param>
    /// <returns>Ends it.</returns>
    public IDisposable Subscribe(IObserver<ServerSentEvent> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new EventSourceRun(this, observer, _hub ?? Hub.Current ?? Hub.Default).Begin();
    }

    /// <summary>Where the events come from.</summary>
    public override string ToString() => $"events of {Uri}";

    internal void Tell(Hub hub, Exception error) => _lost.Tell(hub, error);
}
