using System.Reactive.Subjects;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Answers a request, at once or later.</summary>
internal delegate void HttpAnswering(HttpRequest request, HttpAnswer answer);

/// <summary>What the conversations of a service share.</summary>
internal sealed class HttpServer(HttpServiceOptions options, HttpAnswering answer)
{
    private readonly Subject<HttpRefusal> _refusals = new();
    private readonly Subject<HttpServed> _served = new();
    private readonly HttpDateLine _date = new();

    public HttpServiceOptions Options => options;

    public HttpAnswering Answer => answer;

    public IObservable<HttpRefusal> Refusals => _refusals;

    public IObservable<HttpServed> Served => _served;

    /// <summary>No further requests are wanted.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Whether somebody wants to know what was served.</summary>
    public bool IsWatched => _served.HasObservers;

    /// <summary>The Date field as of this turn.</summary>
    public ReadOnlySpan<byte> DateLine(Hub hub) => _date.At(hub.TurnTime);

    public void Tell(HttpConversation conversation, HttpRefusedException refused) => Tell(
        conversation.Hub, _refusals, new HttpRefusal(refused.Status, refused.Rule, refused.Reason, conversation.RemoteEndPoint));

    public void Tell(Hub hub, HttpServed served) => Tell(hub, _served, served);

    public void End(Hub? hub)
    {
        Tell(hub, _refusals.OnCompleted);
        Tell(hub, _served.OnCompleted);
    }

    private static void Tell<T>(Hub hub, Subject<T> observers, T what)
    {
        if (observers.HasObservers)
        {
            Tell(hub, () => observers.OnNext(what));
        }
    }

    // Who watches the service may throw; the service goes on.
    private static void Tell(Hub? hub, Action notify)
    {
        try
        {
            notify();
        }
#pragma warning disable CA1031 // The observers are the user's.
        catch (Exception error)
#pragma warning restore CA1031
        {
            hub?.Report(error, "an observer of an HTTP service");
        }
    }
}
