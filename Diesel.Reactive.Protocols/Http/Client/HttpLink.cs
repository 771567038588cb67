namespace Diesel.Reactive.Protocols.Http;

/// <summary>One connection of a client: sends a request, and gives its answer to the call it belongs to; then the next.</summary>
/// <remarks>It is read from all its life. So what comes while no answer is due, a byte or the end, ends it at once, and it is never lent again. It
/// goes back to its pool when both messages are whole, and only if nothing is left unread behind the answer.</remarks>
internal sealed class HttpLink : IObserver<HttpPart>
{
    private readonly HttpResponseReader _reader;
    private readonly HttpExchange _exchange = new();
    private readonly HttpSender _sender;
    private readonly IDisposable? _reading;
    private readonly HttpLinkMeter? _meter;
    private HttpCall? _call;
    private HttpReply? _reply;
    private HttpReply? _spare;
    private Lease<HttpLink>? _lease;
    private HttpPatience _patience;
    private int _interims;
    private int _served;
    private bool _hasBegunAnswer;
    private bool _isToldAtTurnEnd;
    private bool _isOver;

    public HttpLink(Connection connection, HttpOrigin origin, Hub hub)
    {
        (Connection, Origin, Hub) = (connection, origin, hub);
        _reader = new HttpResponseReader(origin.Options.Limits);
        Pace = new HttpLinkPace(this, origin.Options);
        _sender = new HttpSender(this, _exchange);
        _patience = new HttpPatience(connection.AddressTimeToLive, hub.TurnTime);
        _meter = HttpLinkMeter.Of(origin, connection, hub);
        _reading = connection.Decode(new HttpAnswers(_reader)).Subscribe(this);
        if (_isOver)
        {
            _reading.Dispose();
        }
    }

    public Connection Connection { get; }

    public HttpOrigin Origin { get; }

    public Hub Hub { get; }

    /// <summary>When it reads, and how long it waits.</summary>
    public HttpLinkPace Pace { get; }

    /// <summary>Whether a request may be sent on it.</summary>
    public bool IsUsable => !_isOver && _call is null && _patience.Lasts(Hub.TurnTime);

    /// <summary>Whether it has given an answer before.</summary>
    public bool IsReused => _served > 0;

    /// <summary>Sends a request.</summary>
    public void Begin(HttpCall call, Lease<HttpLink> lease)
    {
        try
        {
            _sender.Begin(call);
        }
        catch (ArgumentException error)
        {
            lease.Dispose();
            call.Fail(error);
            return;
        }

        (_call, _lease, _interims, _hasBegunAnswer) = (call, lease, 0, false);
        _meter?.Use();
        _reader.Expect(call.Method);
        Pace.Begin(call.Left);
    }

    /// <summary>The pool lets go of it.</summary>
    public void Close() => End(new ObjectDisposedException(ToString(), $"{Connection} was closed."), aborts: false);

    public void OnNext(HttpPart value)
    {
        if (value.Kind == HttpPartKind.Head)
        {
            TakeHead(value.IsLast);
            return;
        }

        if (value.Kind == HttpPartKind.Data)
        {
            TakeData(value.Bytes);
        }
        else
        {
            _reply!.TakeTrailers(_reader.Trailers);
        }

        if (value.IsLast && !_isOver)
        {
            EndAnswer();
        }
    }

    public void OnError(Exception error) => End(error, aborts: error is ProtocolException);

    public void OnCompleted()
    {
        if (_reply is not null && _reader.Body.Kind == HttpBodyKind.UntilEnd)
        {
            EndAnswer();
        }
        else
        {
            End(HttpLinkErrors.Closed(this, _call), aborts: false);
        }
    }

    /// <summary>The answer waits for its reader, and is not late.</summary>
    public bool IsBodyHeld => _reply is { IsTold: true, IsHeld: true };

    /// <summary>Nobody wants the rest of the answer: it is read, if it is short and comes soon, so that the connection may go on.</summary>
    public void Drain()
    {
        if (_reader.Body.Kind == HttpBodyKind.Tunnel || !Pace.TryDrain(_reader.Body.Count - _reader.BodyRead))
        {
            End(HttpLinkErrors.Unwanted(this), aborts: true);
        }
    }

    /// <summary>Its time is over.</summary>
    public void Late()
    {
        if (_call is not null)
        {
            End(HttpLinkErrors.Late(_call, isBody: _reply is { IsTold: true }), aborts: true);
        }
    }

    /// <summary>Something is wrong with the request on its way.</summary>
    public void Break(Exception error) => End(error, aborts: true);

    /// <summary>An answer that nobody has any more, for the next.</summary>
    public void Keep(HttpReply reply) => _spare = reply;

    /// <summary>Hands the connection over: it speaks another protocol.</summary>
    public Connection TakeOver()
    {
        _isOver = true;
        Pace.End();
        _meter?.End();
        (_call, _reply) = (null, null);
        _lease!.Discard();
        return Connection;
    }

    public override string ToString() => $"HTTP on {Connection}";

    private void TakeHead(bool isLast)
    {
        var head = _reader.Head;
        _hasBegunAnswer = true;
        if (head.IsInterim)
        {
            TakeInterim(head.Status);
            return;
        }

        if (head.Body.Kind == HttpBodyKind.Tunnel)
        {
            TakeSwitch(head);
            return;
        }

        _exchange.TryNote(HttpRole.Server, HttpEvent.Response);
        if (!head.KeepsAlive)
        {
            _exchange.EndKeepAlive();
        }

        _patience.Note(head.Headers, Hub.TurnTime);
        _sender.Answered();
        _reply = _spare?.Again(head) ?? new HttpReply(head, this);
        _spare = null;
        if (isLast)
        {
            EndAnswer();
        }
        else if (!_isToldAtTurnEnd)
        {
            // An answer that comes as a whole is told as a whole.
            _isToldAtTurnEnd = true;
            Hub.AtTurnEnd(static link => ((HttpLink)link!).Tell(), this);
        }
    }

    // What follows is another protocol's, and stays unread for it.
    private void TakeSwitch(HttpResponseHead head)
    {
        if (!_exchange.TryNote(HttpRole.Server, HttpEvent.Switch))
        {
            OnError(HttpLinkErrors.NotProposed(_call));
            return;
        }

        _reading!.Dispose();
        _reply = new HttpReply(head, this);
        _call!.Answered(_reply);
    }

    private void TakeInterim(int status)
    {
        if (++_interims > Origin.Options.MaxInterim)
        {
            OnError(HttpLinkErrors.TooManyInterims(_call));
        }
        else if (status == 100)
        {
            _sender.Continue();
        }
    }

    private void TakeData(ReadOnlyMemory<byte> bytes)
    {
        if (!_reply!.Give(bytes) && !Pace.TryDrop(bytes.Length))
        {
            End(HttpLinkErrors.Unwanted(this), aborts: true);
        }
    }

    // What has come of the answer so far is told, and what still comes waits for whoever wants it.
    private void Tell()
    {
        _isToldAtTurnEnd = false;
        if (_reply is { IsTold: false } reply)
        {
            _call!.Answered(reply);
            reply.HoldIfUnread();
        }
    }

    private void EndAnswer()
    {
        var (call, reply) = (_call!, _reply!);
        _exchange.TryNote(HttpRole.Server, HttpEvent.End);
        reply.IsWhole = true;
        Release();
        if (reply.IsTold)
        {
            reply.Deliver();
        }
        else
        {
            call.Answered(reply);
        }
    }

    // Before anybody is told: who is, and asks again, finds it in the pool.
    private void Release()
    {
        if (_exchange is { IsDone: true, KeepsAlive: true } && Connection.Input.Peek().IsEmpty)
        {
            var lease = _lease!;
            (_call, _reply, _lease) = (null, null, null);
            _sender.End();
            Pace.Rest();
            _exchange.TryBeginNext();
            _reader.Forget();
            _served++;
            _meter?.Rest();
            lease.Dispose();
        }
        else
        {
            (_call, _reply) = (null, null);
            End(HttpLinkErrors.Unwanted(this), aborts: !_sender.IsWhole);
        }
    }

    private void End(Exception error, bool aborts)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        var (call, reply, lease) = (_call, _reply, _lease);
        (_call, _reply, _lease) = (null, null, null);
        _reading?.Dispose();
        Pace.End();
        _sender.End();
        _meter?.End();
        (aborts ? Connection.Abort : (Action)Connection.Dispose)();
        lease?.Discard();
        if (reply is { IsTold: true })
        {
            reply.Fail(error);
        }
        else
        {
            call?.Lost(error, isUnanswered: !_hasBegunAnswer && !_reader.IsInHead);
        }
    }
}
