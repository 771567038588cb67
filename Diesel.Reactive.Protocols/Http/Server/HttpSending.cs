using System.Buffers;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Sends responses that are complete: without a body, with one in memory, or with a file.</summary>
internal static class HttpSending
{
    public static void Send(HttpAnswer answer, HttpRequest request, HttpResponse response)
    {
        if (response.Path is null)
        {
            SendOpen(answer, request, response);
            return;
        }

        try
        {
            SendOpen(answer, request, response.Opened());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            answer.Fail(request, error);
        }
    }

    /// <summary>Sends a response to a request that gets a body, which is in memory and copied. On the hub.</summary>
    /// <returns>False: it comes too late.</returns>
    public static bool TrySendCopied(
        HttpAnswer answer, HttpRequest request, int status, ReadOnlySpan<byte> fields, ReadOnlyMemory<byte> first, List<ReadOnlyMemory<byte>>? others, int length, bool closes)
    {
        if (!answer.Awaits(request))
        {
            return false;
        }

        answer.WriteHead(status, fields, closes, HttpBodyLength.Of(length), first.Span);
        for (var i = 0; i < others?.Count; i++)
        {
            answer.Connection.Output.Write(others[i].Span);
        }

        answer.Sent(length);
        return true;
    }

    private static void SendOpen(HttpAnswer answer, HttpRequest request, HttpResponse response)
    {
        if (!HttpStatus.AllowsContent(response.Status))
        {
            SendHead(answer, response, response.Status == 205 ? HttpBodyLength.Of(0) : HttpBodyLength.None);
        }
        else if (request.Head.IsHead)
        {
            SendHead(answer, response, response.KnownLength is { } length ? HttpBodyLength.Of(length) : HttpBodyLength.None);
        }
        else if (response.Part is { } file)
        {
            SendFile(answer, response, file);
        }
        else
        {
            SendContent(answer, response);
        }
    }

    private static void SendHead(HttpAnswer answer, HttpResponse response, HttpBodyLength length)
    {
        answer.WriteHead(response, length);
        response.Part?.Dispose();
        answer.Sent(0);
    }

    private static void SendContent(HttpAnswer answer, HttpResponse response)
    {
        var content = response.Content;
        var isShort = content.Length <= HttpResponseWriter.MostCopied;
        answer.WriteHead(response, HttpBodyLength.Of(content.Length), isShort ? content.Span : default);
        if (!isShort)
        {
            HttpResponseWriter.Write(answer.Connection, content);
        }

        answer.Sent(content.Length);
    }

    private static void SendFile(HttpAnswer answer, HttpResponse response, HttpFileContent file)
    {
        answer.WriteHead(response, HttpBodyLength.Of(file.Length));
        using (file)
        {
            file.SendOn(answer.Connection);
        }

        answer.Sent(file.Length);
    }
}
