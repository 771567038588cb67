using System.Diagnostics;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The answer to the request under way: from the handler, or from what it threw, onto the wire.</summary>
internal sealed class HttpAnswer(HttpWork work, HttpServer server)
{
    private HttpRequest? _request;
    private HttpSight? _sight;
    private IDisposable? _handler;
    private HttpStreaming? _streaming;
    private HttpResponse? _takeover;
    private int _status;

    public Hub Hub => Conversation.Hub;
    public HttpSession? Session => Conversation.Session;
    public Connection Connection => Conversation.Connection;
    public HttpServiceOptions Options => server.Options;
    public bool IsHttp10 => _request!.Head.IsHttp10;
    public Activity? Activity => _sight?.Activity;

    /// <summary>It is another protocol, which begins when the request is whole.</summary>
    public bool WaitsForRequest => _takeover is not null;

    private HttpConversation Conversation => work.Conversation;

    private bool CanBegin => !Conversation.IsOver && _streaming is null && work.Exchange.Server is HttpState.Idle or HttpState.SendResponse;

    /// <summary>Asks the handler.</summary>
    public void Begin(HttpRequest request)
    {
        _request = request;
        if (!server.IsWatched)
        {
            Ask(request);
            return;
        }

        var outside = Activity.Current;
        _sight = new HttpSight(server, request, Hub);
        Ask(request);
        Activity.Current = outside;
    }

    /// <summary>What the handler does goes on: it ends when nobody waits for it any more.</summary>
    public void Hold(HttpRequest request, IDisposable handler)
    {
        if (Awaits(request))
        {
            _handler = handler;
        }
        else
        {
            handler.Dispose();
        }
    }

    /// <summary>Sends a response; one that comes too late goes nowhere.</summary>
    public void Respond(HttpRequest request, HttpResponse? response)
    {
        if (!Hub.IsCurrent)
        {
            RespondLater(request, response);
        }
        else if (!Awaits(request))
        {
            response?.Part?.Dispose();
        }
        else if (response is null)
        {
            Fail(request, HttpAnswerErrors.Nothing(request));
        }
        else
        {
            Send(request, response);
        }
    }

    /// <summary>Whether a request is the one, and nothing of its answer is sent.</summary>
    public bool Awaits(HttpRequest request) => request == _request && CanBegin;

    /// <summary>Sends an interim response.</summary>
    public void Inform(HttpRequest request, int status, HttpHeaders headers)
    {
        if (!Awaits(request))
        {
            throw HttpAnswerErrors.TooLate(request);
        }

        if (!request.Head.IsHttp10)
        {
            work.Exchange.TryNote(HttpRole.Server, HttpEvent.Interim);
            HttpCodec.WriteResponse(Connection.Output, status, headers);
        }
    }

    /// <summary>The handler threw, or its body failed.</summary>
    public void Fail(HttpRequest request, Exception error)
    {
        if (!Hub.IsCurrent)
        {
            Hub.Post(_ => Fail(request, error));
        }
        else if (request != _request || Conversation.IsOver)
        {
            HttpAnswerErrors.ReportLate(Hub, request, error);
        }
        else if (error is HttpRefusedException refused && CanBegin)
        {
            server.Tell(Conversation, refused);
            Send(request, HttpResponse.Text($"{refused.Reason} ({refused.Rule}).\n", refused.Status));
        }
        else
        {
            Hub.Report(error, $"handler of {request}");
            _sight?.Fails(error);
            if (CanBegin)
            {
                Send(request, HttpResponse.Text("The server has made a mistake.\n", 500));
            }
            else
            {
                Conversation.Close(null);
            }
        }
    }

    /// <summary>The body of the response failed.</summary>
    public void FailStream(HttpRequest request, Exception error, bool hasBegun, bool isFramed)
    {
        _streaming = null;
        if (hasBegun && !isFramed)
        {
            Connection.Abort();
        }

        Fail(request, error);
    }

    /// <summary>Says that a request is none; false: an answer is under way, which cannot be ended otherwise than by cutting it off.</summary>
    public bool TryRefuse(HttpRefusedException refused)
    {
        if (_streaming is { IsCommitted: false } streaming)
        {
            _streaming = null;
            streaming.Dispose();
        }

        if (!CanBegin)
        {
            return work.Exchange.Server is HttpState.Done or HttpState.MustClose;
        }

        var response = HttpResponse.Text($"{refused.Reason} ({refused.Rule}).\n", refused.Status);
        _status = refused.Status;
        work.Exchange.EndKeepAlive();
        work.Exchange.TryNote(HttpRole.Server, HttpEvent.Response);
        work.Exchange.TryNote(HttpRole.Server, HttpEvent.End);
        HttpResponseWriter.WriteHead(Connection, server.DateLine(Hub), response.Status, response.Headers.Lines.Span, HttpBodyLength.Of(response.Content.Length),
            HttpResponseWriter.ConnectionLine(response.Status, keeps: false, isHttp10: false), response.Content.Span);
        return true;
    }

    /// <summary>The whole request has come: what waited for that goes on.</summary>
    public void RequestIsWhole()
    {
        if (_takeover is { } response && !Conversation.IsOver)
        {
            _takeover = null;
            TakeOver(_request!, response);
        }
    }

    /// <summary>Nobody waits for it any more, and why.</summary>
    public void End(Exception error)
    {
        var (handler, streaming) = (_handler, _streaming);
        (_handler, _streaming, _takeover, _request) = (null, null, null, null);
        handler?.Dispose();
        streaming?.Dispose();
        EndSight(streaming?.Total ?? 0, error);
    }

    /// <summary>Writes the head of the response under way, and decides whether the connection goes on.</summary>
    public void WriteHead(HttpResponse response, HttpBodyLength length, ReadOnlySpan<byte> body = default) =>
        WriteHead(response.Status, response.Headers.Lines.Span, response.Closes, length, body);

    /// <summary>The same, of its parts.</summary>
    public void WriteHead(int status, ReadOnlySpan<byte> fields, bool closes, HttpBodyLength length, ReadOnlySpan<byte> body)
    {
        // Who stops answers what it knows of, as that may have been carried out.
        var head = _request!.Head;
        var keeps = head.KeepsAlive && !closes && (!server.IsStopping || Conversation.HasAhead) && length.Kind != HttpBodyKind.UntilEnd
            && (Conversation.IsRequestWhole || work.Incoming.CanBePassed(_request!));
        if (!keeps)
        {
            work.Exchange.EndKeepAlive();
        }

        work.Exchange.TryNote(HttpRole.Server, HttpEvent.Response);
        _status = status;
        HttpResponseWriter.WriteHead(Connection, server.DateLine(Hub), status, fields, length, HttpResponseWriter.ConnectionLine(_status, keeps, head.IsHttp10), body);
    }

    /// <summary>Much of it waits for the peer.</summary>
    public void Crowded() => Conversation.Pacing.Crowded();

    /// <summary>All of it is queued.</summary>
    public void Sent(long bytes)
    {
        work.Exchange.TryNote(HttpRole.Server, HttpEvent.End);
        var (handler, conversation) = (_handler, Conversation);
        (_handler, _streaming) = (null, null);
        EndSight(bytes, null);
        _request = null;
        conversation.Settle();

        // A loop has come to its end here; an observable might give more, which nobody wants.
        if (handler is not Loop)
        {
            handler?.Dispose();
        }
    }

    private void Ask(HttpRequest request)
    {
        try
        {
            server.Answer(request, this);
        }
        catch (Exception error)
        {
            // The handler is the user's: what it throws is its request's, and nobody else's.
            Fail(request, error);
        }
    }

    /// <summary>Responds in a turn of its own, from any thread.</summary>
    /// <remarks>A method of its own: a lambda in the caller would cost it an allocation on the hub's thread, too.</remarks>
    public void RespondLater(HttpRequest request, HttpResponse? response) => Hub.Post(_ => Respond(request, response));

    private void Send(HttpRequest request, HttpResponse response)
    {
        if (response.Takeover is not null)
        {
            TakeOver(request, response);
        }
        else if (response.IsReset)
        {
            Connection.Abort();
        }
        else if (response.Status < 300 && request.Head.IsConnect)
        {
            // A client would take what follows a success for the other side of its tunnel (RFC 9110 §9.3.6).
            HttpSending.Send(this, request, HttpResponse.Text("There are no tunnels here.\n", 501));
        }
        else if (response.HasStream(request))
        {
            _streaming = new HttpStreaming(this, request, response);
            _streaming.Begin();
        }
        else
        {
            HttpSending.Send(this, request, response);
        }
    }

    private void TakeOver(HttpRequest request, HttpResponse response)
    {
        if (response.Status == 101 ? !request.Proposes(response.Headers["Upgrade"]!) : !request.Head.IsConnect)
        {
            Fail(request, new InvalidOperationException($"{request} does not propose {response.Headers["Upgrade"] ?? "a tunnel"}: ask request.Proposes(…) before."));
        }
        else if (!Conversation.IsRequestWhole)
        {
            _takeover = response;
            Conversation.Settle();
        }
        else
        {
            work.Exchange.TryNote(HttpRole.Server, HttpEvent.Switch);
            _status = response.Status;
            HttpResponseWriter.WriteHead(Connection, server.DateLine(Hub), _status, response.Headers.Lines.Span, HttpBodyLength.Tunnel, HttpResponseWriter.ConnectionLine(_status, keeps: true, isHttp10: false));
            EndSight(0, null);
            Conversation.HandOver(response.Takeover!);
        }
    }

    private void EndSight(long sent, Exception? error)
    {
        var sight = _sight;
        _sight = null;
        sight?.End(_status, work.Reader.BodyRead, sent, error);
    }
}
