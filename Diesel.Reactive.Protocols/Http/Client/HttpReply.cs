using System.Diagnostics.CodeAnalysis;
using System.Reactive.Disposables;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The answer to a request: its head, and a body that comes when it is asked for.</summary>
/// <remarks>Strings are made when they are asked for. A body that nobody reads holds its connection: read it, or dispose the answer. May be kept;
/// small answers kept for long hold the block they came in.</remarks>
public sealed class HttpReply : IObservable<ReadOnlyMemory<byte>>, IPausable, IDisposable
{
    private const string ReflectionIsUsed = "Values are read by reflection. Hand over a JsonTypeInfo, which a JsonSerializerContext generates.";

    private readonly HttpLink _link;
    private HttpResponseHead _head;

    // Of most answers this is the whole body; the flow is made for those of which it is not.
    private HttpNearby _first;
    private HttpReplyFlow? _flow;

    // The URI, or the path at the client's own authority.
    private object? _asked;
    private bool _isTaken;

    internal HttpReply(HttpResponseHead head, HttpLink link) => (_head, _link) = (head, link);

    /// <summary>101, or 200 to 599.</summary>
    public int Status => _head.Status;

    /// <summary>What stands behind the status; may be empty, and means nothing.</summary>
    public string Reason => _head.Reason;

    /// <summary><c>HTTP/1.1</c> or <c>HTTP/1.0</c>.</summary>
    public string Protocol => _head.IsHttp10 ? "HTTP/1.0" : "HTTP/1.1";

    /// <summary>The header fields, without those of an encoding that is undone here.</summary>
    public HttpHeaders Headers => Encoding is null ? _head.Headers : _head.Headers.Remove("Content-Encoding").Remove("Content-Length");

    /// <summary>What stood behind a body in chunks; empty before its end.</summary>
    public HttpHeaders Trailers => _flow?.Trailers ?? default;

    /// <summary>What was asked in the end: redirects lead elsewhere.</summary>
    public Uri Uri => _asked as Uri ?? _link.Origin.Key.UriOf((string)_asked!);

    /// <summary>How many bytes the body has, if that is known before; else null.</summary>
    public long? Length => Encoding is null && _head.Body.Count >= 0 ? _head.Body.Count : null;

    /// <summary>The body, in pieces as they come.</summary>
    /// <remarks>Cold around a hot source, for one subscriber. Held while nobody has subscribed, by <c>Pause</c>, and by operators that hold their
    /// source (<c>SelectAsync</c>, <c>ReadAllAsync</c>, <c>ObserveOnBounded</c>): the server waits then, as TCP makes it. What is left when
    /// somebody unsubscribes is read and thrown away, if it is short, and ends the connection otherwise. Errors:
    /// <see cref="HttpRefusedException"/> when a limit is passed or its framing is broken, <see cref="TruncatedFrameException"/>
    /// when the server ends within it, <see cref="ConnectionException"/>, <see cref="TimeoutException"/>.</remarks>
    public IObservable<ReadOnlyMemory<byte>> Body => Encoding is null ? this : new HttpInflating(this, Encoding, _link.Origin.Options.MaxInflated);

    Hub IPausable.Hub => _link.Hub;

    internal HttpResponseHead Head => _head;

    internal Hub Hub => _link.Hub;

    internal HttpOrigin Origin => _link.Origin;

    /// <summary>The encoding that is to be undone; null: none.</summary>
    internal string? Encoding => _flow?.Encoding;

    /// <summary>The whole body has come.</summary>
    internal bool IsWhole { get; set; }

    /// <summary>The caller has it.</summary>
    internal bool IsTold { get; set; }

    /// <summary>Somebody reads it, or it is thrown away.</summary>
    internal bool IsWanted => _isTaken;

    /// <summary>It waits for its reader.</summary>
    internal bool IsHeld => !_isTaken || _flow is { IsHeld: true };

    private HttpReplyFlow Flow
    {
        get
        {
            if (_flow is null)
            {
                _flow = new HttpReplyFlow(this, _link, _first.Of(_head.Bytes));
                _first = default;
            }

            return _flow;
        }
    }

    /// <summary>Reads the whole body.</summary>
    /// <param name="limit">Bytes; a longer one is refused. Null: as the options say.</param>
    /// <returns>Cold: the bytes.</returns>
    /// <remarks>Errors: as of <see cref="Body"/>.</remarks>
    public Awaitable<ReadOnlyMemory<byte>> Read(long? limit = null) => limit is { } most ? new HttpReplyReading.Limited(this, most) : new HttpReplyReading(this);

    /// <summary>Reads the whole body as text, in the encoding its type names; UTF-8 if it names none.</summary>
    /// <param name="limit">As of <see cref="Read"/>.</param>
    /// <returns>The text.</returns>
    public async Task<string> ReadText(long? limit = null)
    {
        var encoding = HttpMediaType.EncodingOf(Headers["Content-Type"]);
        return encoding.GetString((await Read(limit)).Span);
    }

    /// <summary>Reads a value from JSON.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="options">Null for those of the web: names in camelCase, numbers also in quotes.</param>
    /// <returns>The value.</returns>
    /// <remarks>Errors: as of <see cref="Read"/>; <see cref="HttpRefusedException"/> for what is no JSON of the kind, or says it is something else.</remarks>
    [RequiresUnreferencedCode(ReflectionIsUsed)]
    [RequiresDynamicCode(ReflectionIsUsed)]
    public Task<T> ReadAsync<T>(JsonSerializerOptions? options = null) => HttpJson.Read(Headers, Read(), HttpJson.TypeOf<T>(options));

    /// <summary>Reads a value from JSON, by generated code.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="type">Of a <c>JsonSerializerContext</c>.</param>
    /// <returns>As of the other.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="type"/> is null.</exception>
    public Task<T> ReadAsync<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return HttpJson.Read(Headers, Read(), type);
    }

    /// <summary>Takes the connection behind <c>101</c>, or behind what lets CONNECT through: it speaks another protocol.</summary>
    /// <returns>The connection, with what was read ahead in it. Dispose it when it is over.</returns>
    /// <exception cref="InvalidOperationException">The answer has a body, or the connection was taken before.</exception>
    public Connection TakeConnection()
    {
        if (_head.Body.Kind != HttpBodyKind.Tunnel || _isTaken)
        {
            throw new InvalidOperationException(_isTaken ? $"The connection of {this} was taken before." : $"{this} does not lead to another protocol: it has a body.");
        }

        _isTaken = true;
        return _link.TakeOver();
    }

    /// <summary>Lets go of what has not been read of the body.</summary>
    public void Dispose()
    {
        if (Hub.IsCurrent)
        {
            Leave(_flow?.Reader);
        }
        else
        {
            Hub.Post(static reply => ((HttpReply)reply!).Dispose(), this);
        }
    }

    /// <inheritdoc/>
    IDisposable IObservable<ReadOnlyMemory<byte>>.Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (Hub.IsCurrent)
        {
            return ReadBy(observer);
        }

        var later = new SingleAssignmentDisposable();
        if (!Hub.Post(_ => later.Disposable = ReadBy(observer)))
        {
            observer.OnError(new ObjectDisposedException(nameof(Hub)));
        }

        return later;
    }

    IDisposable IPausable.Pause()
    {
        Flow.Hold();
        return Disposable.Create(this, static reply => reply.Hub.Within(reply.Flow.Release));
    }

    /// <summary>The status line.</summary>
    public override string ToString() => _head.ToString();

    /// <summary>The whole body, if it is there and in one piece; nobody gets it again then.</summary>
    internal bool TryTakeWhole(out ReadOnlyMemory<byte> body)
    {
        body = default;
        if (!IsWhole || _isTaken || !Hub.IsCurrent || _flow is { Error: not null } || (_flow is { } flow && !flow.TryTakeOnly(out body)))
        {
            return false;
        }

        (_isTaken, body) = (true, _flow is null ? _first.Of(_head.Bytes) : body);
        _first = default;
        return true;
    }

    /// <summary>It may be told to its caller now.</summary>
    /// <param name="asked">The URI, or the path at the client's own authority.</param>
    /// <param name="encoding">The encoding that is to be undone; null: none.</param>
    internal void IsTellable(object asked, string? encoding)
    {
        (_asked, IsTold) = (asked, true);
        if (encoding is not null)
        {
            Flow.Encoding = encoding;
        }
    }

    /// <summary>Its caller has taken all there is of it: it is used again for the next.</summary>
    internal HttpReply Again(HttpResponseHead head)
    {
        (_head, _first, _flow, _asked) = (head, default, null, null);
        (_isTaken, IsWhole, IsTold) = (false, false, false);
        return this;
    }

    /// <summary>All there is of it was taken, and nobody else has it: it is used again for the next answer.</summary>
    internal void LetGo() => _link.Keep(this);

    /// <summary>Some of it has come.</summary>
    /// <returns>False: nobody wants it.</returns>
    internal bool Give(ReadOnlyMemory<byte> bytes)
    {
        if (_isTaken && _flow?.Reader is null)
        {
            return false;
        }

        if (IsTold)
        {
            _link.Pace.GoOn();
        }

        if (_flow is not null || !_first.IsEmpty || bytes.Length > Origin.Options.HighWaterMark || !_first.TrySet(_head.Bytes, bytes))
        {
            Flow.Give(bytes);
        }

        return true;
    }

    /// <summary>What stood behind its last chunk.</summary>
    internal void TakeTrailers(HttpHeaders trailers)
    {
        if (!trailers.IsEmpty)
        {
            Flow.Trailers = trailers;
        }
    }

    /// <summary>The caller has it, and has not asked for the body yet: what comes waits.</summary>
    internal void HoldIfUnread()
    {
        if (!_isTaken && !IsWhole)
        {
            _link.Pace.Hold();
        }
    }

    /// <summary>There will be no more of it.</summary>
    internal void Fail(Exception error) => Flow.Fail(error);

    /// <summary>It is whole: who reads it is told.</summary>
    internal void Deliver() => _flow?.Deliver();

    /// <summary>Whoever reads it, or would, does not.</summary>
    internal void Leave(IObserver<ReadOnlyMemory<byte>>? observer)
    {
        if (_flow?.Reader != observer || (_isTaken && observer is null))
        {
            return;
        }

        (_isTaken, _first) = (true, default);
        _flow?.Leave();
        if (!IsWhole && _flow is not { Error: not null })
        {
            _link.Drain();
        }
    }

    private IDisposable ReadBy(IObserver<ReadOnlyMemory<byte>> observer)
    {
        if (_isTaken)
        {
            observer.OnError(new InvalidOperationException($"The body of {this} has a subscriber, or had one, and can be read once. Share it between observers with Share()."));
            return Disposable.Empty;
        }

        _isTaken = true;
        Flow.ReadBy(observer);
        return Disposable.Create((this, observer), static s => s.Item1.Hub.Within(() => s.Item1.Leave(s.observer)));
    }
}
