using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>.NET's <see cref="HttpClient"/> over connections of a hub: <c>new HttpClient(new DieselHttpHandler())</c>.</summary>
/// <remarks>
/// <para>What <see cref="HttpClient"/> promises: cancellation, answers with their bodies or behind their heads, redirects, cookies, decompression,
/// <c>Expect: 100-continue</c>, proxies, credentials (Basic and Digest), trailers, <c>http.client.*</c> metrics and the trace context. It
/// speaks HTTP/1.1 and 1.0: a higher version is asked for as 1.1 where <see cref="HttpRequestMessage.VersionPolicy"/> allows, and refused
/// otherwise.</para>
/// <para>Any thread. Awaited on the hub, it goes on there without a hop, in virtual time as well; the clock of
/// <see cref="HttpClient.Timeout"/> is the system's, though: set that to <see cref="Timeout.InfiniteTimeSpan"/> there, and <c>options.Timeout</c>
/// in its place. Errors are <see cref="HttpRequestException"/>s and <see cref="HttpIOException"/>s with the library's own inside.</para>
/// </remarks>
public sealed class DieselHttpHandler : HttpMessageHandler
{
    private readonly HttpOrigins _origins;
    private readonly HttpHandlerCalls _calls;

    /// <summary>Makes a handler.</summary>
    /// <param name="options">Null for the <see cref="Defaults"/>.</param>
    /// <param name="hub">Where its connections live; null for the current hub, or the default one.</param>
    public DieselHttpHandler(HttpClientOptions? options = null, Hub? hub = null)
    {
        _origins = new HttpOrigins(options ?? Defaults, hub ?? Hub.Current ?? Hub.Default);
        _calls = new HttpHandlerCalls(_origins.Hub);
    }

    /// <summary>As HttpClient is without options: a jar of cookies of its own, the proxies of the environment, and no time limit but
    /// <see cref="HttpClient.Timeout"/>. New ones each time: change them by <c>with</c>.</summary>
    public static HttpClientOptions Defaults => new()
    {
        Timeout = Timeout.InfiniteTimeSpan,
        QueueTimeout = Timeout.InfiniteTimeSpan,
        Cookies = new CookieContainer(),
        WebProxy = HttpClient.DefaultProxy,
    };

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<HttpResponseMessage>(cancellationToken);
        }

        try
        {
            var call = HttpRequestTranslation.CallOf(request, _origins);
            return _calls.Call().Begin(request, call, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or ArgumentException or NotSupportedException or ObjectDisposedException)
        {
            return Task.FromException<HttpResponseMessage>(HttpErrors.OfRequest(error));
        }
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        !_origins.Hub.IsCurrent ? SendAsync(request, cancellationToken).GetAwaiter().GetResult()
            : throw new InvalidOperationException("HttpClient.Send blocks, and this is the hub's thread, on which its answer comes: use SendAsync.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _origins.Hub.Within(_origins.Dispose);
        }

        base.Dispose(disposing);
    }
}
