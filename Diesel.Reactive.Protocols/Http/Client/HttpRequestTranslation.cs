using System.Net;
using System.Net.Http.Headers;

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
        var headers = request.Headers;

        // To look for a field makes .NET's headers an object more; mostly there are none.
        var hasFields = headers.NonValidated.Count > 0;
        var fields = hasFields ? FieldsOf(headers) : default;
        var isChunked = hasFields && headers.TransferEncodingChunked == true;
        if (isChunked && request.Content is null)
        {
            throw new HttpRequestException("A request without content cannot be sent in chunks: set its Content, or do not set TransferEncodingChunked.");
        }

        var body = request.Content is { } content ? HttpContentSource.BodyOf(content, isChunked, isHttp10, origins.Hub) : null;
        var call = origins.Call();
        call.Ask(request.Method.Method, "", uri);
        call.Send(fields, body, hasFields && headers.ExpectContinue == true && body is { Length: not 0 } && !isHttp10);
        call.Speak(isHttp10, request.Method.Method == "CONNECT" || (hasFields && headers.NonValidated.Contains("Upgrade")));
        if (hasFields && headers.Host is { Length: > 0 } host)
        {
            call.More.Host = HttpHeaders.Of(("Host", host)).Lines;
        }

        return call;
    }

    private static HttpHeaders FieldsOf(HttpRequestHeaders headers)
    {
        var fields = new HttpFieldLines();
        foreach (var field in headers.NonValidated)
        {
            fields.Add(field.Key, field.Value, NotAsGiven);
        }

        return fields.Headers;
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
