namespace Diesel.Reactive.Protocols.Http;

/// <summary>The kinds of handlers, made alike.</summary>
internal static class HttpHandlers
{
    public static HttpAnswering Of(Func<HttpRequest, HttpResponse> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return (request, answer) => answer.Respond(request, handler(request));
    }

    public static HttpAnswering Of(Func<HttpRequest, Task<HttpResponse>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return (request, answer) => answer.Run(request, handler);
    }

    public static HttpAnswering Of(Func<HttpRequest, IObservable<HttpResponse>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return (request, answer) => answer.Observe(request, handler(request));
    }
}
