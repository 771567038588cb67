namespace Diesel.Reactive.Protocols.Http;

/// <summary>A request that has more than a method and a path: fields, a body, or an authority of its own.</summary>
internal sealed class HttpFullRecipe(HttpOrigins origins, string method, string target, HttpHeaders headers, HttpRequestBody? body, Uri? whole = null)
    : HttpRecipe(origins, method, target)
{
    private static readonly string[] Framing = ["Content-Length", "Transfer-Encoding", "Proxy-Authorization"];

    private readonly HttpHeaders _headers = Sent(headers);

    public override Uri? Whole => whole;

    public override HttpHeaders Headers => _headers;

    public override HttpRequestBody? Body => body;

    public override ReadOnlyMemory<byte> Host { get; } = headers["Host"] is { } host ? HttpHeaders.Of(("Host", host)).Lines : default;

    public override bool ExpectsContinue { get; } = body is { Length: not 0 } && headers.Has("Expect", "100-continue");

    public override bool ProposesSwitch { get; } = method == "CONNECT" || headers.Contains("Upgrade");

    // Host has a place of its own, and what waits for 100 is said where the body is known.
    private static HttpHeaders Sent(HttpHeaders headers)
    {
        if (headers.IsEmpty)
        {
            return headers;
        }

        foreach (var name in Framing)
        {
            if (headers.Contains(name))
            {
                throw new ArgumentException($"{name} is not for the caller to set: it follows from the body, and from the options.", nameof(headers));
            }
        }

        var sent = headers.Remove("Host");
        return sent.Has("Expect", "100-continue") ? sent.Remove("Expect") : sent;
    }
}
