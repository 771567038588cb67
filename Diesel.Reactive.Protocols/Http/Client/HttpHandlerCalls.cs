namespace Diesel.Reactive.Protocols.Http;

/// <summary>The calls of a handler: those that are over are used again, and those that are young wait in a line to be registered with their tokens.</summary>
/// <remarks>To register costs as much as all that a call has of its own, and most are answered soon. So one is registered when it is ten milliseconds old, and told
/// then if it was cancelled before. They are due in the order in which they began, and one timer looks at the first.</remarks>
internal sealed class HttpHandlerCalls
{
    private const int MostSpare = 256;
    private static readonly TimeSpan Youth = TimeSpan.FromMilliseconds(10);

    private readonly Hub _hub;
    private readonly Deadline _grown;
    private HttpHandlerCall? _spare;
    private HttpHandlerCall? _eldest;
    private HttpHandlerCall? _youngest;
    private int _spares;

    public HttpHandlerCalls(Hub hub)
    {
        _hub = hub;
        _grown = new Deadline(hub, static calls => ((HttpHandlerCalls)calls!).Look(), this);
    }

    public HttpFieldNames Names { get; } = new();

    /// <summary>One for the next request. Any thread.</summary>
    public HttpHandlerCall Call()
    {
        if (!_hub.IsCurrent || _spare is not { } call)
        {
            return new HttpHandlerCall(this, _hub);
        }

        (_spare, call.Next) = (call.Next, null);
        _spares--;
        return call;
    }

    /// <summary>Keeps one that is over. On the hub, as what follows.</summary>
    public void Keep(HttpHandlerCall call)
    {
        if (_spares < MostSpare)
        {
            (call.Next, _spare) = (_spare, call);
            _spares++;
        }
    }

    /// <summary>One is young.</summary>
    public void Add(HttpHandlerCall call)
    {
        (call.Began, call.Previous, call.Next) = (_hub.TurnTime.UtcTicks, _youngest, null);
        if (_youngest is null)
        {
            _eldest = call;
        }
        else
        {
            _youngest.Next = call;
        }

        _youngest = call;
        if (!_grown.IsActive)
        {
            _grown.Reset(Youth);
        }
    }

    /// <summary>It is over, or no longer young.</summary>
    public void Remove(HttpHandlerCall call)
    {
        if (call.Previous is { } before)
        {
            before.Next = call.Next;
        }
        else
        {
            _eldest = call.Next;
        }

        if (call.Next is { } behind)
        {
            behind.Previous = call.Previous;
        }
        else
        {
            _youngest = call.Previous;
        }

        (call.Began, call.Previous, call.Next) = (null, null, null);
    }

    public override string ToString() => "the calls of a DieselHttpHandler";

    private void Look()
    {
        var now = _hub.TurnTime.UtcTicks;
        while (_eldest is { } call && call.Began + Youth.Ticks <= now)
        {
            Remove(call);
            call.Register();
        }

        if (_eldest is { } next)
        {
            _grown.Reset(TimeSpan.FromTicks(next.Began!.Value + Youth.Ticks - now));
        }
    }
}
