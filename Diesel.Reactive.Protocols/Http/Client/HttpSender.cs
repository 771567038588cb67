using System.Buffers;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Sends the requests of a connection, one after the other: heads at once, bodies as the server takes them.</summary>
internal sealed class HttpSender(HttpLink link, HttpExchange exchange)
{
    private HttpUpload? _upload;

    /// <summary>Whether all of the request is out.</summary>
    public bool IsWhole => exchange.Client is not (HttpState.Idle or HttpState.SendBody);

    /// <summary>Sends a head, and what of the body can go with it.</summary>
    /// <exception cref="ArgumentException">It has none; nothing was sent.</exception>
    public void Begin(HttpCall call)
    {
        HttpRequestWriter.Write(link.Connection.Output, call);
        exchange.TryNote(HttpRole.Client, HttpEvent.Request);
        if (!call.Headers.IsEmpty && call.Headers.Has("Connection", "close"))
        {
            exchange.EndKeepAlive();
        }

        if (call.ProposesSwitch)
        {
            exchange.Propose();
        }

        if (call.Body is not { Length: not 0 } body)
        {
            Complete();
        }
        else if (body.Stream is null && body.Content.Length <= HttpUpload.MostCopied && !call.ExpectsContinue)
        {
            link.Connection.Output.Write(body.Content.Span);
            Complete();
        }
        else
        {
            _upload = new HttpUpload(this, link.Connection, body, call.Options, link.Hub);
            _upload.Begin(call.ExpectsContinue);
        }
    }

    /// <summary>The server wants the body.</summary>
    public void Continue() => _upload?.Continue();

    /// <summary>There is an answer: a body that has not begun is not wanted.</summary>
    public void Answered() => _upload?.Answered();

    /// <summary>The request is whole.</summary>
    public void Complete() => exchange.TryNote(HttpRole.Client, HttpEvent.End);

    /// <summary>The body has failed: the server can be told in one way only.</summary>
    public void Fail(Exception error) => link.Break(error);

    public void End()
    {
        _upload?.Dispose();
        _upload = null;
    }
}
