using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>An answer as HttpClient gives it.</summary>
internal static class HttpReplyTranslation
{
    public static HttpResponseMessage MessageOf(HttpReply reply, HttpRequestMessage request, HttpFieldNames names)
    {
        var head = reply.Head;
        var message = new HttpResponseMessage((HttpStatusCode)head.Status)
        {
            RequestMessage = request,
            ReasonPhrase = names.Reason(head),
            Version = head.IsHttp10 ? HttpVersion.Version10 : HttpVersion.Version11,
        };
        var content = new HttpReplyContent(reply, message);
        message.Content = content;
        var place = 0;
        foreach (var field in reply.Headers)
        {
            var (name, value) = names.Of(place++, field);
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (reply.Call!.Detours is { Redirects: > 0 })
        {
            request.RequestUri = reply.Uri;
            request.Method = request.Method.Method == reply.Call.Method ? request.Method : new HttpMethod(reply.Call.Method);
        }

        return message;
    }
}
