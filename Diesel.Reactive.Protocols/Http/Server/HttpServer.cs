namespace Diesel.Reactive.Protocols.Http;

/// <summary>Answers a request, at once or later.</summary>
internal delegate void HttpAnswering(HttpRequest request, HttpAnswer answer);

/// <summary>What the conversations of a service share.</summary>
internal sealed class HttpServer(HttpServiceOptions options, HttpAnswering answer)
{
    // As many requests as may be under way at a time without anything being made for them; more are rare, and are let go of.
    private const int MostLent = 1024;

    private readonly HttpBroadcast<HttpRefusal> _refusals = new();
    private readonly HttpBroadcast<HttpServed> _served = new();
    private readonly HttpDateLine _date = new();
    private readonly Stack<HttpWork> _idle = new();
    private HttpWaiting? _settling;
    private HttpWaiting? _resting;
    private HttpWaiting? _beginning;

    public HttpServiceOptions Options => options;

    public HttpAnswering Answer => answer;

    /// <summary>Makes what an application keeps of a connection; null: there is none.</summary>
    public Func<Connection, HttpSession>? Sessions { get; init; }

    public IObservable<HttpRefusal> Refusals => _refusals;

    public IObservable<HttpServed> Served => _served;

    /// <summary>No further requests are wanted.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Whether somebody wants to know what was served, how long it took, or what it led to. An application that has sessions says that itself.</summary>
    public bool IsWatched => Sessions is null && (_served.IsObserved || HttpServerTelemetry.IsObserved);

    /// <summary>The Date field as of this turn.</summary>
    public ReadOnlySpan<byte> DateLine(Hub hub) => _date.At(hub.TurnTime);

    /// <summary>Lends a conversation what it needs for a request.</summary>
    public HttpWork Lend(HttpConversation conversation)
    {
        if (!_idle.TryPop(out var work))
        {
            work = new HttpWork(this);
        }

        work.Conversation = conversation;
        return work;
    }

    /// <summary>Takes it back, as new.</summary>
    public void TakeBack(HttpWork work)
    {
        if (_idle.Count < MostLent)
        {
            _idle.Push(work);
        }
    }

    /// <summary>A conversation has no request: it may be so for a while, and is to take what was sent to it meanwhile.</summary>
    public void AwaitRequest(HttpConversation conversation)
    {
        _settling ??= new HttpWaiting(conversation.Hub, Grace, HasSettled);
        _settling.Add(conversation);
    }

    // The same, for the rest of the time.
    private void GoOnAwaitingRequest(HttpConversation conversation)
    {
        _resting ??= new HttpWaiting(
            conversation.Hub, options.KeepAliveTimeout == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : options.KeepAliveTimeout - Grace, static one => one.Close(null));
        _resting.Add(conversation);
    }

    /// <summary>A conversation has begun a head.</summary>
    public void AwaitHead(HttpConversation conversation)
    {
        _beginning ??= new HttpWaiting(conversation.Hub, options.HeadTimeout, one => one.Refuse(
            new HttpRefusedException(408, "RFC 9110 §15.5.9", $"The head was not whole within {options.HeadTimeout}")));
        _beginning.Add(conversation);
    }

    // It has had no request for as long as a peer may take to begin with what was sent to it: from now on it is to take that at a rate.
    private void HasSettled(HttpConversation conversation)
    {
        if (conversation.Connection.PendingBytes > 0)
        {
            conversation.Pacing.AskRate();
        }

        GoOnAwaitingRequest(conversation);
    }

    public void Tell(HttpConversation conversation, HttpRefusedException refused)
    {
        if (_refusals.IsObserved)
        {
            _refusals.Tell(conversation.Hub, new HttpRefusal(refused.Status, refused.Rule, refused.Reason, conversation.RemoteEndPoint));
        }
    }

    public void Tell(Hub hub, HttpServed served) => _served.Tell(hub, served);

    public void End(Hub? hub)
    {
        _refusals.End(hub);
        _served.End(hub);
    }

    private TimeSpan Grace => options.KeepAliveTimeout == Timeout.InfiniteTimeSpan || options.MinimumRateGrace < options.KeepAliveTimeout
        ? options.MinimumRateGrace : options.KeepAliveTimeout;
}
