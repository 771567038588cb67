namespace Diesel.Reactive.Protocols.Http;

/// <summary>A request as it is asked for, and nothing of how it goes: each who awaits it, or subscribes, has it sent once.</summary>
/// <param name="origins">Whom its client knows.</param>
/// <param name="method">A token.</param>
/// <param name="target">A path at the client's own authority; of one that has a URI, nothing.</param>
internal class HttpRecipe(HttpOrigins origins, string method, string target) : Awaitable<HttpReply>
{
    public string Method => method;

    public string Target => target;

    /// <summary>The whole URI, if it was asked by that.</summary>
    public virtual Uri? Whole => null;

    public virtual HttpHeaders Headers => default;

    public virtual HttpRequestBody? Body => null;

    /// <summary>A Host line that the caller has chosen; empty: the authority's own.</summary>
    public virtual ReadOnlyMemory<byte> Host => default;

    public virtual bool ExpectsContinue => false;

    public virtual bool ProposesSwitch => method == "CONNECT";

    protected override bool TellsOnce => true;

    public override IDisposable Subscribe(IObserver<HttpReply> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return origins.CallOf(this).Begin(observer, IsAwait(observer));
    }

    /// <summary>Whether a request for these would be this one; then it is this one.</summary>
    public bool Is(string otherMethod, string otherTarget) => otherMethod == method && otherTarget == target;

    public override string ToString() => $"{method} {(Whole is { } uri ? uri.GetLeftPart(UriPartial.Path) : $"{origins.Home.Scheme}://{origins.Home.Authority}{target.Split('?')[0]}")}";
}
