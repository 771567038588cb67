using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>One connection: reads requests, one after the other, hands each to the service's handler and sees to it that both messages of an
/// exchange are whole before the next begins.</summary>
/// <remarks>Reads as long as somebody wants what comes: a head, a body that is subscribed to, what is left of one. Else the input is
/// held, and the client waits.</remarks>
internal sealed class HttpConversation : IObservable<ReadOnlyMemory<byte>>, IObserver<HttpPart>, IHttpConversation, IHttpHeadWatch, IDisposable
{
    private readonly Connection _connection;
    private readonly HttpServer _server;
    private readonly HttpRequestReader _reader;
    private readonly Deadline _deadline;
    private readonly HttpAnswer _answer;
    private HttpIncoming? _incoming;
    private HttpPacing? _pacing;
    private IObserver<ReadOnlyMemory<byte>>? _service;
    private IDisposable? _reading;

    public HttpConversation(Connection connection, HttpServer server)
    {
        (_connection, _server, Hub) = (connection, server, Hub.Current!);
        _reader = new HttpRequestReader(server.Options.Limits) { Watch = this };
        _deadline = new Deadline(Hub, static conversation => ((HttpConversation)conversation!).Late(), this);
        _answer = new HttpAnswer(this, connection, server);
    }

    public Hub Hub { get; }

    public EndPoint RemoteEndPoint => _connection.RemoteEndPoint;
    public EndPoint LocalEndPoint => _connection.LocalEndPoint;
    public CancellationToken Aborted => _connection.Closed;

    /// <summary>The exchange under way.</summary>
    public HttpExchange Exchange { get; } = new();

    /// <summary>The request that is being answered; null: none is.</summary>
    public HttpRequest? Current { get; private set; }

    /// <summary>Nothing more is read, and nothing answered.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the whole request has come.</summary>
    public bool IsRequestWhole => Exchange.Client is not (HttpState.Idle or HttpState.SendBody);

    /// <summary>Whether another request can follow as far as the body of this one is concerned.</summary>
    public bool CanBePassed => IsRequestWhole || Incoming.CanBePassed(Current!);

    /// <summary>How many bytes of its body were read.</summary>
    public long BodyRead => _reader.BodyRead;

    // Made for the first that needs them: a connection at rest may never have had a body, or waited.
    private HttpIncoming Incoming => _incoming ??= new HttpIncoming(this, _connection, _server);

    private HttpPacing Pacing => _pacing ??= new HttpPacing(this, _connection, _server.Options);

    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        _service = observer;
        _deadline.Reset(_server.Options.KeepAliveTimeout);
        _reading = _connection.Decode(new Requests(_reader)).Subscribe(this);
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
            End(new ConnectionException($"{_connection} is over.", RemoteEndPoint));
        }
    }

    public void OnNext(HttpPart value)
    {
        switch (value.Kind)
        {
            case HttpPartKind.Head:
                Begin(value.IsLast);
                return;
            case HttpPartKind.Data:
                Incoming.Give(value.Bytes);
                break;
            case HttpPartKind.End when !_reader.Trailers.IsEmpty:
                Current!.Parts.Trailers = _reader.Trailers;
                break;
            default:
                break;
        }

        if (!IsOver)
        {
            if (value.IsLast)
            {
                EndRequest();
            }

            Settle();
        }
    }

    public void OnError(Exception error)
    {
        switch (error)
        {
            case HttpRefusedException refused:
                Refuse(refused);
                break;
            case TruncatedFrameException when Current is not null:
                Refuse(new HttpRefusedException(400, "RFC 9112 §8", "The request ends before its body does"), error);
                break;
            case TruncatedFrameException or ConnectionException or ObjectDisposedException or EndOfStreamException:
                Close(error);
                break;
            default:
                var service = _service;
                End(error);
                service?.OnError(error);
                break;
        }
    }

    // The client has ended, or the service stops: there is no request under way, as the input would be held.
    public void OnCompleted() => Close(new EndOfStreamException($"{_connection} has ended."));

    public T? Feature<T>()
        where T : class => _connection.Feature<T>();

    public IDisposable Read(HttpRequest request, IObserver<ReadOnlyMemory<byte>> observer) => Incoming.Read(request, observer);

    public IDisposable Pause() => _connection.Pause();

    public void Inform(HttpRequest request, int status, HttpHeaders headers) => _answer.Inform(request, status, headers);

    /// <summary>Much waits for the peer.</summary>
    public void Crowded() => Pacing.Crowded();

    /// <summary>Goes on to the next request when both messages are whole, and reads or waits until then.</summary>
    public void Settle()
    {
        if (IsOver || Current is null)
        {
            return;
        }

        if (Exchange.IsDone)
        {
            Next();
            return;
        }

        var isAnswered = Exchange.Server is HttpState.Done or HttpState.MustClose;
        if (isAnswered && (IsRequestWhole || (!Exchange.KeepsAlive && _incoming is not { IsRead: true })))
        {
            Close(null);
        }
        else if (IsRequestWhole || !(isAnswered || _incoming is { IsRead: true } || _answer.WaitsForRequest))
        {
            Pacing.Hold();
        }
        else
        {
            Incoming.Awaited();
            _pacing?.LetGo();
        }
    }

    /// <summary>The request breaks a rule: the client is told, if it still can be, and the connection ends.</summary>
    /// <param name="refused">What is answered.</param>
    /// <param name="error">What whoever reads the body is told; null: the same.</param>
    public void Refuse(HttpRefusedException refused, Exception? error = null)
    {
        if (!IsOver)
        {
            Exchange.TryNote(HttpRole.Client, HttpEvent.Fault);
            _server.Tell(this, refused);
            var isTold = _answer.TryRefuse(refused);
            Close(error ?? refused);
            if (!isTold)
            {
                _connection.Abort();
            }
        }
    }

    /// <summary>Ends the connection when all is sent.</summary>
    /// <param name="error">What whoever still waits here is told; null: nobody does.</param>
    public void Close(Exception? error)
    {
        if (!IsOver)
        {
            var service = _service;
            End(error ?? new ConnectionException($"{_connection} was closed behind its last answer.", RemoteEndPoint));
            if (_connection.PendingBytes > 0)
            {
                Pacing.AskRate();
            }

            service?.OnCompleted();
        }
    }

    /// <summary>Hands the connection to another protocol.</summary>
    public void HandOver(Func<Connection, IObservable<ReadOnlyMemory<byte>>> takeover)
    {
        End(new InvalidOperationException($"{_connection} speaks another protocol by now."));
        _pacing?.EndRate();
        if (_service is { } service)
        {
            _reading = HttpTakeover.Begin(takeover, _connection, service);
        }
    }

    public override string ToString() => $"HTTP on {_connection}";

    private void Begin(bool isWhole)
    {
        Current = new HttpRequest(_reader.Head, this);
        Exchange.TryNote(HttpRole.Client, HttpEvent.Request);
        if (_reader.Head.ProposesUpgrade || _reader.Head.MethodBytes.Span.SequenceEqual("CONNECT"u8))
        {
            Exchange.Propose();
        }

        if (isWhole)
        {
            Exchange.TryNote(HttpRole.Client, HttpEvent.End);
        }

        _answer.Begin(Current);
        Settle();
    }

    private void EndRequest()
    {
        Exchange.TryNote(HttpRole.Client, HttpEvent.End);
        _incoming?.End(null);
        _answer.RequestIsWhole();
    }

    private void Next()
    {
        if (_connection.PendingBytes > _server.Options.HighWaterMark)
        {
            Pacing.AwaitRoom();
            return;
        }

        Exchange.TryBeginNext();
        Current = null;
        _reader.Forget();
        _incoming?.Begin();
        _deadline.Reset(_server.Options.KeepAliveTimeout);
        _pacing?.LetGo();
    }

    void IHttpHeadWatch.HeadBegins() => _deadline.Reset(_server.Options.HeadTimeout);

    private void Late()
    {
        if (Current is not null || IsOver)
        {
            return;
        }

        if (_reader.IsInHead)
        {
            Refuse(new HttpRefusedException(408, "RFC 9110 §15.5.9", $"The head was not whole within {_server.Options.HeadTimeout}"));
        }
        else
        {
            Close(null);
        }
    }

    private void End(Exception error)
    {
        if (!IsOver)
        {
            IsOver = true;
            _deadline.Cancel();
            _reading?.Dispose();
            _answer.End();
            _incoming?.End(error);
            _pacing?.Dispose();
        }
    }

    private sealed class Requests(HttpRequestReader reader) : Framing<HttpPart>
    {
        public override Decoder<HttpPart> CreateDecoder() => reader;
    }
}
