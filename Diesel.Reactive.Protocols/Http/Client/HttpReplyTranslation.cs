using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>An answer as HttpClient gives it.</summary>
internal static class HttpReplyTranslation
{
    /// <summary>The message; a reply that is whole is used again then.</summary>
    public static HttpResponseMessage MessageOf(HttpReply reply, HttpCall call, HttpRequestMessage request, HttpFieldNames names)
    {
        var head = reply.Head;
        var message = new HttpResponseMessage((HttpStatusCode)head.Status)
        {
            RequestMessage = request,
            ReasonPhrase = names.Reason(head),
            Version = head.IsHttp10 ? HttpVersion.Version10 : HttpVersion.Version11,
        };
        var (fields, isWhole) = (reply.Headers, TryTakeWhole(reply, out var body));
        HttpContent content = isWhole ? new HttpWholeContent(body) : new HttpReplyContent(reply, message);
        message.Content = content;
        names.Add(fields, message.Headers, content.Headers);
        if (isWhole)
        {
            AddTrailers(message, reply);
        }

        if (call.Detours is { Redirects: > 0 })
        {
            request.RequestUri = call.Uri;
            request.Method = request.Method.Method == call.Method ? request.Method : new HttpMethod(call.Method);
        }

        if (isWhole)
        {
            reply.LetGo();
        }

        return message;
    }

    /// <summary>What stood behind the body.</summary>
    public static void AddTrailers(HttpResponseMessage message, HttpReply reply)
    {
        foreach (var field in reply.Trailers)
        {
            message.TrailingHeaders.TryAddWithoutValidation(field.Name, field.Value);
        }
    }

    private static bool TryTakeWhole(HttpReply reply, out ReadOnlyMemory<byte> body)
    {
        body = default;
        return reply.Encoding is null && reply.TryTakeWhole(out body);
    }
}
