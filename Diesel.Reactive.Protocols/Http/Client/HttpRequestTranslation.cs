using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>What HttpClient asks, as a call.</summary>
internal static class HttpRequestTranslation
{
    private static readonly string[] NotAsGiven = ["Host", "Expect", "Transfer-Encoding", "Content-Length"];

    /// <exception cref="HttpRequestException">It cannot be asked here.</exception>
    public static HttpCall CallOf(HttpRequestMessage request, HttpOrigins origins)
    {
        var uri = request.RequestUri is { IsAbsoluteUri: true } absolute ? absolute
            : throw new InvalidOperationException("A request needs a whole URI: set its RequestUri, or HttpClient.BaseAddress.");
        ThrowIfTooNew(request);
        var isHttp10 = request.Version == HttpVersion.Version10;
        var fields = new HttpFieldLines();
        foreach (var field in request.Headers.NonValidated)
        {
            fields.Add(field.Key, field.Value, NotAsGiven);
        }

        if (request.Headers.TransferEncodingChunked == true && request.Content is null)
        {
            throw new HttpRequestException("A request without content cannot be sent in chunks: set its Content, or do not set TransferEncodingChunked.");
        }

        var body = request.Content is { } content ? HttpContentSource.BodyOf(content, request.Headers.TransferEncodingChunked == true, isHttp10, origins.Hub) : null;
        return new HttpCall(origins, request.Method.Method, uri, fields.Headers, body)
        {
            IsHttp10 = isHttp10,
            Host = request.Headers.Host is { Length: > 0 } host ? HttpHeaders.Of(("Host", host)).Lines : default(ReadOnlyMemory<byte>?),
            ExpectsContinue = request.Headers.ExpectContinue == true && body is { Length: not 0 } && !isHttp10,
            ProposesSwitch = request.Method.Method == "CONNECT" || request.Headers.NonValidated.Contains("Upgrade"),
        };
    }

    private static void ThrowIfTooNew(HttpRequestMessage request)
    {
        if (request.Version > HttpVersion.Version11 && request.VersionPolicy != HttpVersionPolicy.RequestVersionOrLower)
        {
            throw new HttpRequestException(
                HttpRequestError.VersionNegotiationError,
                $"HTTP/{request.Version} is asked for with {request.VersionPolicy}, and HTTP/1.1 is what is spoken here: set VersionPolicy to RequestVersionOrLower.");
        }
    }
}
