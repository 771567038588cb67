namespace Diesel.Reactive.Protocols.Http;

/// <summary>Reads requests, as a server does.</summary>
/// <param name="limits">What a peer may send; null for the defaults.</param>
public sealed class HttpRequestReader(HttpLimits? limits = null) : HttpReader(limits, isRequest: true)
{
    /// <summary>The head that was read last.</summary>
    public HttpRequestHead Head { get; private set; }

    internal override void Forget()
    {
        base.Forget();
        Head = default;
    }

    private protected override HttpBodyLength Take(ReadOnlyMemory<byte> head)
    {
        if ((Scan.Facts.Flags & (HttpHeadFlags.Host | HttpHeadFlags.Http10)) == 0)
        {
            throw new HttpRefusedException(400, "RFC 9112 §3.2", "There is no Host, which HTTP/1.1 needs");
        }

        var length = HttpBodyRules.Of(Scan.Facts);
        Head = new HttpRequestHead(head, Scan);
        return length;
    }
}
