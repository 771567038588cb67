using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.AspNetCore;

/// <summary>What the server keeps of a connection: the objects of its requests, which its next requests use again. On the hub.</summary>
/// <remarks>They never go to another connection: whoever keeps a request for longer than it lives sees another of the same client, and of nobody else.</remarks>
internal abstract class HubSession(Func<HubSession, HubRequest> make, ServedEndPoint served, Hub hub) : HttpSession
{
    private Spares<HubRequest> _idle;
    private Spares<HttpRequest> _idleHttp;
    private string? _id;

    public ServedEndPoint Served => served;

    public Hub Hub => hub;

    /// <summary>The same for all requests of the connection.</summary>
    public string Id => LazyInitializer.EnsureInitialized(ref _id, ConnectionFeature.Next);

    public override HttpRequest Make(in HttpRequestHead head, IHttpConversation conversation)
    {
        if (!_idleHttp.TryTake(out var request))
        {
            return base.Make(head, conversation);
        }

        request.Become(head);
        return request;
    }

    /// <summary>Has a response sent, from the thread that has made it. On the hub, soon.</summary>
    public virtual void PushLater(ResponseSending sending, bool isWhole) => hub.Post(static sending => ((ResponseSending)sending!).Push(), sending);

    /// <summary>A request is over, and nothing that was made of it is known to anybody who was not told so.</summary>
    public void Return(HubRequest request)
    {
        if (served.ReusesRequests)
        {
            var http = request.Http;
            request.Forget();
            _idle.Keep(request);
            http.Become(default);
            _idleHttp.Keep(http);
        }
    }

    protected HubRequest Rent(HttpRequest http)
    {
        if (!_idle.TryTake(out var request))
        {
            request = make(this);
        }

        request.Begin(http);
        return request;
    }
}
