namespace Diesel.Reactive.Protocols.Http;

/// <summary>What an application keeps of a connection, and how it is asked: for a server that is built upon this one. On the hub.</summary>
internal abstract class HttpSession
{
    /// <summary>Whether it wants to know what comes behind the request under way; by default nothing is read before that is answered.</summary>
    public virtual bool ForeseesRequests => false;

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
