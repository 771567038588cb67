namespace Diesel.Reactive.Protocols.Http;

/// <summary>The answer to the request under way: from the handler, or from what it threw, onto the wire.</summary>
internal sealed class HttpAnswer(HttpConversation conversation, Connection connection, HttpServer server)
{
    private readonly HttpResponseWriter _writer = new(connection, server, conversation.Hub);
    private HttpSending? _ownSending;
    private HttpRequest? _request;
    private IDisposable? _work;
    private HttpStreaming? _streaming;
    private HttpResponse? _takeover;
    private DateTimeOffset _began;
    private int _status;

    public Hub Hub => conversation.Hub;

    public HttpResponseWriter Writer => _writer;

    public bool IsHttp10 => _request!.Head.IsHttp10;

    /// <summary>It is another protocol, which begins when the request is whole.</summary>
    public bool WaitsForRequest => _takeover is not null;

    private HttpSending Sending => _ownSending ??= new HttpSending(this, connection);

    private bool CanBegin => !conversation.IsOver && _streaming is null && conversation.Exchange.Server is HttpState.Idle or HttpState.SendResponse;

    /// <summary>Asks the handler.</summary>
    public void Begin(HttpRequest request)
    {
        _request = request;
        _began = server.IsWatched ? Hub.TurnTime : default;
        try
        {
            server.Answer(request, this);
        }
#pragma warning disable CA1031 // The handler is the user's: what it throws is its request's, and nobody else's.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(request, error);
        }
    }

    /// <summary>Runs a handler as a loop, which ends with the connection.</summary>
    public void Run(HttpRequest request, Func<HttpRequest, Task<HttpResponse>> handler)
    {
        var loop = Hub.Fork(async () => Respond(request, await (handler(request) ?? throw Nothing(request))), $"handler of {request}");
        _work = loop;
        loop.Subscribe(static _ => { }, error => Fail(request, error), static () => { });
    }

    /// <summary>Takes the first response that a handler gives.</summary>
    public void Observe(HttpRequest request, IObservable<HttpResponse> responses)
    {
        var first = new HttpFirstResponse(this, request);
        var work = (responses ?? throw Nothing(request)).Subscribe(first);
        if (request == _request && CanBegin)
        {
            _work = work;
        }
        else
        {
            work.Dispose();
        }
    }

    /// <summary>Sends a response; one that comes too late goes nowhere.</summary>
    public void Respond(HttpRequest request, HttpResponse? response)
    {
        if (!Hub.IsCurrent)
        {
            RespondLater(request, response);
        }
        else if (request != _request || !CanBegin)
        {
            response?.Part?.Dispose();
        }
        else if (response is null)
        {
            Fail(request, Nothing(request));
        }
        else
        {
            Send(request, response);
        }
    }

    // A method of its own: a lambda in the caller would cost it an allocation on the hub's thread, too.
    private void RespondLater(HttpRequest request, HttpResponse? response) => Hub.Post(_ => Respond(request, response));

    /// <summary>Sends an interim response.</summary>
    public void Inform(HttpRequest request, int status, HttpHeaders headers)
    {
        if (request != _request || !CanBegin)
        {
            throw new InvalidOperationException($"{request} is being answered, or was: what goes before the answer is sent before it.");
        }

        if (!request.Head.IsHttp10)
        {
            conversation.Exchange.TryNote(HttpRole.Server, HttpEvent.Interim);
            HttpCodec.WriteResponse(connection.Output, status, headers);
        }
    }

    /// <summary>The handler threw, or its body failed.</summary>
    public void Fail(HttpRequest request, Exception error)
    {
        if (!Hub.IsCurrent)
        {
            Hub.Post(_ => Fail(request, error));
        }
        else if (request != _request || conversation.IsOver)
        {
            ReportLate(error);
        }
        else if (error is HttpRefusedException refused && CanBegin)
        {
            server.Tell(conversation, refused);
            Send(request, HttpResponse.Text($"{refused.Reason} ({refused.Rule}).\n", refused.Status));
        }
        else
        {
            conversation.Hub.Report(error, $"handler of {request}");
            if (CanBegin)
            {
                Send(request, HttpResponse.Text("The server has made a mistake.\n", 500));
            }
            else
            {
                conversation.Close(null);
            }
        }
    }

    /// <summary>The body of the response failed.</summary>
    public void FailStream(HttpRequest request, Exception error, bool hasBegun, bool isFramed)
    {
        _streaming = null;
        if (hasBegun && !isFramed)
        {
            connection.Abort();
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
            return conversation.Exchange.Server is HttpState.Done or HttpState.MustClose;
        }

        var response = HttpResponse.Text($"{refused.Reason} ({refused.Rule}).\n", refused.Status);
        conversation.Exchange.EndKeepAlive();
        conversation.Exchange.TryNote(HttpRole.Server, HttpEvent.Response);
        conversation.Exchange.TryNote(HttpRole.Server, HttpEvent.End);
        _writer.WriteHead(response, HttpBodyLength.Of(response.Content.Length), HttpResponseWriter.ConnectionLine(response.Status, keeps: false, isHttp10: false), response.Content.Span);
        return true;
    }

    /// <summary>The whole request has come: what waited for that goes on.</summary>
    public void RequestIsWhole()
    {
        if (_takeover is { } response && !conversation.IsOver)
        {
            _takeover = null;
            TakeOver(_request!, response);
        }
    }

    /// <summary>Nobody waits for it any more.</summary>
    public void End()
    {
        var (work, streaming) = (_work, _streaming);
        (_work, _streaming, _takeover, _request) = (null, null, null, null);
        work?.Dispose();
        streaming?.Dispose();
    }

    /// <summary>Writes the head of the response under way, and decides whether the connection goes on.</summary>
    public void WriteHead(HttpResponse response, HttpBodyLength length, ReadOnlySpan<byte> body = default)
    {
        var head = _request!.Head;
        var keeps = head.KeepsAlive && !response.Closes && !server.IsStopping && length.Kind != HttpBodyKind.UntilEnd && conversation.CanBePassed;
        if (!keeps)
        {
            conversation.Exchange.EndKeepAlive();
        }

        conversation.Exchange.TryNote(HttpRole.Server, HttpEvent.Response);
        _status = response.Status;
        _writer.WriteHead(response, length, HttpResponseWriter.ConnectionLine(response.Status, keeps, head.IsHttp10), body);
    }

    /// <summary>Much of it waits for the peer.</summary>
    public void Crowded() => conversation.Crowded();

    /// <summary>All of it is queued.</summary>
    public void Sent(long bytes)
    {
        conversation.Exchange.TryNote(HttpRole.Server, HttpEvent.End);
        var (request, work) = (_request!, _work);
        (_request, _work, _streaming) = (null, null, null);
        if (server.IsWatched)
        {
            server.Tell(Hub, new HttpServed(request, _status, _began, Hub.TurnTime - _began, conversation.BodyRead, bytes));
        }

        conversation.Settle();

        // A loop has come to its end here; an observable might give more, which nobody wants.
        if (work is not Loop)
        {
            work?.Dispose();
        }
    }

    public static InvalidOperationException Nothing(HttpRequest request) => new($"The handler of {request} gave no response.");

    private void Send(HttpRequest request, HttpResponse response)
    {
        if (response.Takeover is not null)
        {
            TakeOver(request, response);
        }
        else if (response.IsReset)
        {
            connection.Abort();
        }
        else if (response.Status < 300 && IsConnect(request))
        {
            // A client would take what follows a success for the other side of its tunnel (RFC 9110 §9.3.6).
            Sending.Send(request, HttpResponse.Text("There are no tunnels here.\n", 501));
        }
        else if (response.HasStream(request))
        {
            _streaming = new HttpStreaming(this, request, response, connection, server.Options);
            _streaming.Begin();
        }
        else
        {
            SendWhole(request, response);
        }
    }

    private void SendWhole(HttpRequest request, HttpResponse response)
    {
        try
        {
            Sending.Send(request, response);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException && response.Path is not null)
        {
            Fail(request, error);
        }
    }

    private static bool IsConnect(HttpRequest request) => request.Head.MethodBytes.Span.SequenceEqual("CONNECT"u8);

    private void TakeOver(HttpRequest request, HttpResponse response)
    {
        if (response.Status == 101 ? !request.Proposes(response.Headers["Upgrade"]!) : !IsConnect(request))
        {
            Fail(request, new InvalidOperationException($"{request} does not propose {response.Headers["Upgrade"] ?? "a tunnel"}: ask request.Proposes(…) before."));
        }
        else if (!conversation.IsRequestWhole)
        {
            _takeover = response;
            conversation.Settle();
        }
        else
        {
            conversation.Exchange.TryNote(HttpRole.Server, HttpEvent.Switch);
            _writer.WriteHead(response, HttpBodyLength.Tunnel, HttpResponseWriter.ConnectionLine(response.Status, keeps: true, isHttp10: false));
            conversation.HandOver(response.Takeover!);
        }
    }

    // Whoever was waited for by nobody any more may have ended for that; what else it threw is worth a look.
    private void ReportLate(Exception error)
    {
        if (error is not (OperationCanceledException or ConnectionException or ObjectDisposedException or ProtocolException or EndOfStreamException))
        {
            Hub.Report(error, $"a handler that came too late on {connection}");
        }
    }
}
