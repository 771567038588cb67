using System.Diagnostics;

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
        return (request, answer) => Run(request, answer, handler);
    }

    public static HttpAnswering Of(Func<HttpRequest, IObservable<HttpResponse>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return (request, answer) =>
            answer.Hold(request, (handler(request) ?? throw HttpAnswerErrors.Nothing(request)).Subscribe(new HttpFirstResponse(answer, request)));
    }

    // A loop of its own, which begins outside of whatever forked it: so the span is not the current one there by itself.
    private static void Run(HttpRequest request, HttpAnswer answer, Func<HttpRequest, Task<HttpResponse>> handler)
    {
        var activity = answer.Activity;
        var loop = answer.Hub.Fork(async () =>
        {
            Activity.Current = activity ?? Activity.Current;
            var response = await (handler(request) ?? throw HttpAnswerErrors.Nothing(request));
            if (response is not null && (response.HasStream(request) || response.Takeover is not null))
            {
                // What goes on for longer than the handler must not wait as a part of its loop, which ends now.
                answer.RespondLater(request, response);
            }
            else
            {
                answer.Respond(request, response);
            }
        }, $"handler of {request}");
        answer.Hold(request, loop);
        loop.Subscribe(static _ => { }, error => answer.Fail(request, error), static () => { });
    }
}
