namespace Diesel.Reactive.Protocols.Http;

/// <summary>What an application keeps of a connection, and how it is asked: for a server that is built upon this one. On the hub.</summary>
internal abstract class HttpSession
{
    /// <summary>Whether it wants to know what comes behind the request under way; by default nothing is read before that is answered.</summary>
    public virtual bool ForeseesRequests => false;

    /// <summary>The head of a request has come.</summary>
    /// <param name="head">Of this connection.</param>
    /// <param name="conversation">The same for all of them.</param>
    /// <returns>The request: by default a new one.</returns>
    public virtual HttpRequest Make(in HttpRequestHead head, IHttpConversation conversation) => new(head, conversation);

    /// <summary>It is the turn of a request.</summary>
    /// <param name="request">Of this connection.</param>
    /// <param name="answer">Takes its response.</param>
    public abstract void Ask(HttpRequest request, HttpAnswer answer);

    /// <summary>A request has come behind others; its turn will follow, unless the connection ends before.</summary>
    /// <param name="request">Of this connection.</param>
    /// <param name="isWhole">Whether it has no body.</param>
    public virtual void Foresee(HttpRequest request, bool isWhole)
    {
    }

    /// <summary>The connection is over, or another protocol's.</summary>
    public abstract void End();
}
