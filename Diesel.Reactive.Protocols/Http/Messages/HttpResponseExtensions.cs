using System.Reactive.Linq;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Observables as responses.</summary>
public static class HttpResponseExtensions
{
    /// <summary>A response whose body comes.</summary>
    /// <param name="body">As of <see cref="HttpResponse.Streamed"/>.</param>
    /// <param name="contentType">What it is; null: it is not said.</param>
    /// <param name="length">How many bytes it has, where that is known before it ends.</param>
    /// <param name="status">200 to 599.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    public static HttpResponse AsResponse(
        this IObservable<ReadOnlyMemory<byte>> body, string? contentType = HttpMediaType.Bytes, long? length = null, int status = 200) =>
        HttpResponse.Streamed(body, contentType, length, status);

    /// <summary>A response whose body is asked for piece after piece, as fast as the client takes it: an async iterator, say.</summary>
    /// <param name="body">Enumerated on the hub when the response is sent, and anew each time it is sent; cancelled when the client has left.</param>
    /// <param name="contentType">What it is; null: it is not said.</param>
    /// <param name="length">How many bytes it has, where that is known before it ends.</param>
    /// <param name="status">200 to 599.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <remarks>While more than the connection's <c>HighWaterMark</c> waits to be taken, no piece is asked for. Errors: as of an observable's.</remarks>
    public static HttpResponse AsResponse(
        this IAsyncEnumerable<ReadOnlyMemory<byte>> body, string? contentType = HttpMediaType.Bytes, long? length = null, int status = 200)
    {
        ArgumentNullException.ThrowIfNull(body);
        return HttpResponse.Streamed(new HttpPulledBody(body), contentType, length, status);
    }

    /// <summary>A response whose text comes, as UTF-8.</summary>
    /// <param name="text">Subscribed when the response is sent.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="status">200 to 599.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static HttpResponse AsResponse(this IObservable<string> text, string? contentType = HttpMediaType.Text, int status = 200)
    {
        ArgumentNullException.ThrowIfNull(text);
        return HttpResponse.Streamed(text.Select(static part => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(part)), contentType, status: status);
    }
}
