namespace Diesel.Reactive.Protocols.Http;

/// <summary>Sends responses that are complete: without a body, with one in memory, or with a file.</summary>
internal sealed class HttpSending(HttpAnswer answer, Connection connection)
{
    public void Send(HttpRequest request, HttpResponse response)
    {
        response = response.Opened();
        if (response.Status is 204 or 304)
        {
            SendHead(response, HttpBodyLength.None);
        }
        else if (response.Status == 205)
        {
            SendHead(response, HttpBodyLength.Of(0));
        }
        else if (IsHead(request))
        {
            SendHead(response, response.KnownLength is { } length ? HttpBodyLength.Of(length) : HttpBodyLength.None);
        }
        else if (response.Part is { } file)
        {
            SendFile(response, file);
        }
        else
        {
            SendContent(response);
        }
    }

    public static bool IsHead(HttpRequest request) => request.Head.MethodBytes.Span.SequenceEqual("HEAD"u8);

    private void SendHead(HttpResponse response, HttpBodyLength length)
    {
        answer.WriteHead(response, length);
        response.Part?.Dispose();
        answer.Sent(0);
    }

    private void SendContent(HttpResponse response)
    {
        var content = response.Content;
        var isShort = content.Length <= HttpResponseWriter.MostCopied;
        answer.WriteHead(response, HttpBodyLength.Of(content.Length), isShort ? content.Span : default);
        if (!isShort)
        {
            answer.Writer.Write(content);
        }

        answer.Sent(content.Length);
    }

    private void SendFile(HttpResponse response, HttpFileContent file)
    {
        answer.WriteHead(response, HttpBodyLength.Of(file.Count));
        using (file)
        {
            connection.SendFile(file.Handle, file.Offset, file.Count).Subscribe(static _ => { }, static _ => { });
        }

        answer.Sent(file.Count);
    }
}
