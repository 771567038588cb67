using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>One connection: reads requests, one after the other, hands each to the service's handler and sees to it that both messages of an
/// exchange are whole before the next begins.</summary>
/// <remarks>Reads as long as somebody wants what comes: a head, a body that is subscribed to, what is left of one. Else the input is
/// held, and the client waits. It is its own decoder and its own place among those that wait, as there may be ten thousand at rest.</remarks>
internal sealed class HttpConversation(Connection connection, HttpServer server)
    : Decoder<HttpPart>, IObservable<ReadOnlyMemory<byte>>, IObserver<HttpPart>, IHttpConversation, IDisposable
{
    /// <summary>Where it waits among others.</summary>
    public HttpWaiting.Place Place;
    private HttpWork? _work;
    private HttpPacing? _pacing;
    private HttpAhead? _ahead;
    private IObserver<ReadOnlyMemory<byte>>? _service;
    private IDisposable? _reading;

    public Hub Hub { get; } = ((IPausable)connection).Hub;
    public Connection Connection => connection;
    public EndPoint RemoteEndPoint => connection.RemoteEndPoint;
    public EndPoint LocalEndPoint => connection.LocalEndPoint;
    public CancellationToken Aborted => connection.Closed;
    public override bool IsOwed => _work is { Reader.IsOwed: true };

    /// <summary>The request that is being answered; null: none is.</summary>
    public HttpRequest? Current { get; set; }

    /// <summary>Nothing more is read, and nothing answered.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the whole request has come.</summary>
    public bool IsRequestWhole => _work is not { Exchange.Client: HttpState.Idle or HttpState.SendBody };

    /// <summary>What the application keeps of this connection; null: the service has no such application.</summary>
    public HttpSession? Session { get; private set; }

    /// <summary>Requests are known that come behind the one under way.</summary>
    public bool HasAhead => _ahead is { Count: > 0 };

    /// <summary>Made for the first that needs it: a connection at rest may never have waited.</summary>
    public HttpPacing Pacing => _pacing ??= new HttpPacing(this, connection, server.Options);

    private HttpWork Work => _work ??= server.Lend(this);

    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        (_service, Session) = (observer, server.Sessions?.Invoke(connection));
        _ahead = Session is { ForeseesRequests: true } ? new HttpAhead(this, Session, server) : null;
        server.AwaitRequest(this);
        _reading = connection.Decode(new HttpConversationFraming(this)).Subscribe(this);
        return this;
    }

    /// <summary>The service lets go of it.</summary>
    public void Dispose()
    {
        _service = null;
        if (IsOver)
        {
            _reading?.Dispose();
        }
        else
        {
            End(new ConnectionException($"{connection} is over.", RemoteEndPoint));
        }
    }

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out HttpPart frame, out int consumed)
    {
        (frame, consumed) = (default, 0);
        if (buffer.IsEmpty && Current is null && _work is not { Reader.IsInHead: true })
        {
            // Asked behind all there is: so requests that came together set one time, and one after the other have what was lent for the first.
            Rest();
            return false;
        }

        var (reader, wasInHead) = (Work.Reader, Work.Reader.IsInHead);
        var isFound = reader.TryDecode(buffer, out frame, out consumed);
        if (!isFound && reader.IsInHead && !wasInHead && Current is null)
        {
            server.AwaitHead(this);
        }

        return isFound;
    }

    public void OnNext(HttpPart value)
    {
        switch (value.Kind)
        {
            case HttpPartKind.Head when Current is null:
                Begin(MakeRequest(), value.IsLast);
                return;
            case HttpPartKind.Head:
                _ahead!.Take(MakeRequest(), value.IsLast);
                return;
            case HttpPartKind.Data:
                Work.Incoming.Give(value.Bytes);
                break;
            case HttpPartKind.End when !Work.Reader.Trailers.IsEmpty:
                Current!.Parts.Trailers = Work.Reader.Trailers;
                break;
            default:
                break;
        }

        if (!IsOver)
        {
            if (value.IsLast)
            {
                Work.EndRequest();
            }

            Settle();
        }
    }

    public void OnError(Exception error)
    {
        if (_ahead is null || !_ahead.TryDefer(error))
        {
            HttpInputEnd.Tell(this, error);
        }
    }

    // The client has ended, or the service stops.
    public void OnCompleted() => OnError(new EndOfStreamException($"{connection} has ended."));

    public T? Feature<T>()
        where T : class => connection.Feature<T>();

    public IDisposable Read(HttpRequest request, IObserver<ReadOnlyMemory<byte>> observer) =>
        request == Current && !IsOver ? Work.Incoming.Read(request, observer) : HttpIncoming.RefuseLate(request, observer);

    public IDisposable Pause() => connection.Pause();

    public void Inform(HttpRequest request, int status, HttpHeaders headers) =>
        (_work ?? throw HttpAnswerErrors.TooLate(request)).Answer.Inform(request, status, headers);

    /// <summary>Goes on to the next request when both messages are whole, and reads or waits until then.</summary>
    public void Settle()
    {
        if (IsOver || Current is null)
        {
            return;
        }

        var work = Work;
        if (work.Exchange.IsDone)
        {
            Next(work);
            return;
        }

        var isAnswered = work.Exchange.Server is HttpState.Done or HttpState.MustClose;
        var isRead = work.KnownIncoming is { IsRead: true };
        if (isAnswered && (IsRequestWhole || (!work.Exchange.KeepsAlive && !isRead)))
        {
            Close(null);
        }
        else if (_ahead is { IsOpen: true })
        {
            LetGo();
        }
        else if (IsRequestWhole || !(isAnswered || isRead || work.Answer.WaitsForRequest))
        {
            Pacing.Hold();
        }
        else
        {
            work.Incoming.Awaited();
            LetGo();
        }
    }

    /// <summary>The request breaks a rule: see <see cref="HttpWork.Refuse"/>.</summary>
    public void Refuse(HttpRefusedException refused, Exception? error = null)
    {
        if (!IsOver)
        {
            Work.Refuse(refused, error);
        }
    }

    /// <summary>Something is wrong here, not with the client.</summary>
    public void Break(Exception error)
    {
        var service = _service;
        End(error);
        service?.OnError(error);
    }

    /// <summary>Ends the connection when all is sent.</summary>
    /// <param name="error">What whoever still waits here is told; null: nobody does.</param>
    public void Close(Exception? error)
    {
        if (!IsOver)
        {
            var service = _service;
            End(error ?? new ConnectionException($"{connection} was closed behind its last answer.", RemoteEndPoint));
            Pacing.AskRate();
            service?.OnCompleted();
        }
    }

    /// <summary>Hands the connection to another protocol.</summary>
    public void HandOver(Func<Connection, IObservable<ReadOnlyMemory<byte>>> takeover)
    {
        End(new InvalidOperationException($"{connection} speaks another protocol by now."));
        _pacing?.EndRate();
        if (_service is { } service)
        {
            _reading = HttpTakeover.Begin(takeover, connection, service);
        }
    }

    public override string ToString() => $"HTTP on {connection}";

    /// <summary>It is the turn of a request.</summary>
    public void Begin(HttpRequest request, bool isWhole)
    {
        Place.Waiting?.Remove(this);
        _pacing?.EndRate();
        var work = Work;
        Current = request;
        work.Exchange.TryNote(HttpRole.Client, HttpEvent.Request);
        if (request.Head.IsProposal)
        {
            work.Exchange.Propose();
        }

        if (isWhole)
        {
            work.Exchange.TryNote(HttpRole.Client, HttpEvent.End);
        }

        _ahead?.Begin(request, isWhole);
        work.Answer.Begin(request);
        Settle();
    }

    private HttpRequest MakeRequest() => Session?.Make(Work.Reader.Head, this) ?? new HttpRequest(Work.Reader.Head, this);

    private void Next(HttpWork work)
    {
        if (connection.PendingBytes > server.Options.HighWaterMark)
        {
            Pacing.AwaitRoom();
            return;
        }

        if (_ahead is { } ahead)
        {
            ahead.GoOn(work);
            return;
        }

        work.BeginNext(isReading: true);
        Current = null;
        LetGo();
    }

    /// <summary>The input is wanted.</summary>
    public void LetGo() => _pacing?.LetGo();

    /// <summary>No request is known: what one is done with is given back, and the next is waited for.</summary>
    public void Rest()
    {
        if (_work is { } work)
        {
            work.BeginNext();
            (_work, Current) = (null, null);
            server.TakeBack(work);
        }

        if (Place.Waiting is null)
        {
            server.AwaitRequest(this);
        }
    }

    private void End(Exception error)
    {
        if (!IsOver)
        {
            IsOver = true;
            Place.Waiting?.Remove(this);
            _reading?.Dispose();
            _work?.Answer.End(error);
            _work?.KnownIncoming?.End(error);
            Session?.End();
            _work = null;
            _pacing?.Dispose();
        }
    }
}
