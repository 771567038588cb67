using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A request as a handler sees it: its head, and a body that comes when it is asked for.</summary>
/// <remarks>Strings are made when they are asked for. May be kept, but its body is read while it is answered. Belongs to its hub's
/// thread. Source: <c>HttpRequest</c> of diesel's 2009 edition.</remarks>
public sealed class HttpRequest
{
    private const string ReflectionIsUsed = "Values are read by reflection. Hand over a JsonTypeInfo, which a JsonSerializerContext generates.";

    private readonly IHttpConversation _conversation;
    private HttpRequestParts? _parts;

    internal HttpRequest(HttpRequestHead head, IHttpConversation conversation) => (Head, _conversation) = (head, conversation);

    /// <summary>The head as it came.</summary>
    public HttpRequestHead Head { get; private set; }

    /// <summary>The method; case matters.</summary>
    public string Method => Head.Method;

    /// <summary>The request target as it was sent.</summary>
    public string Target => Head.Target;

    /// <summary><c>HTTP/1.1</c> or <c>HTTP/1.0</c>.</summary>
    public string Protocol => Head.Protocol;

    /// <summary>The header fields.</summary>
    public HttpHeaders Headers => Head.Headers;

    /// <summary>Whom it is for, with a port if one was named; may be empty.</summary>
    public string Host => Head.Host;

    /// <summary>The path, decoded once and without dot segments; an encoded slash stays <c>%2F</c>, since it parts nothing.</summary>
    public string Path => Parts.Path ??= HttpPath.Of(Head);

    /// <summary>The query with its question mark, as it was sent; empty: there is none.</summary>
    public string QueryString => Parts.QueryString ??= HttpPath.QueryOf(Head);

    /// <summary>The parameters of the query, decoded.</summary>
    public HttpParameters Query => Parts.Query ??= HttpParameters.ParseForm(QueryString.AsSpan().TrimStart('?'));

    /// <summary>The cookies.</summary>
    public HttpParameters Cookies => Parts.Cookies ??= HttpParameters.ParseCookies(Headers.GetAll("Cookie"));

    /// <summary>The body, which is read by subscribing.</summary>
    public HttpBody Body => Parts.Body ??= new HttpBody(this, _conversation);

    /// <summary>What stood behind a body in chunks; empty before its end.</summary>
    public HttpHeaders Trailers => _parts?.Trailers ?? default;

    /// <summary>The client's address.</summary>
    public EndPoint RemoteEndPoint => _conversation.RemoteEndPoint;

    /// <summary>This side's address.</summary>
    public EndPoint LocalEndPoint => _conversation.LocalEndPoint;

    /// <summary>Cancelled, on the hub, when nobody can be answered any more. A client that has ended its side still waits for its answer.</summary>
    public CancellationToken Aborted => _conversation.Aborted;

    internal HttpRequestParts Parts => _parts ??= new();

    internal Hub Hub => _conversation.Hub;

    /// <summary>What a named segment of its route holds: <c>request["name"]</c> for <c>/{name}</c>.</summary>
    /// <param name="name">As the route has it.</param>
    /// <exception cref="KeyNotFoundException">Its route has no such segment.</exception>
    public string this[string name] => _parts?.Route is { } route && route.TryGetValue(name, out var value) ? value
        : throw new KeyNotFoundException($"The route of {this} has no segment {{{name}}}.");

    /// <summary>What is known about the connection beside its bytes: what TLS agreed on, say.</summary>
    /// <typeparam name="T">The kind of knowledge.</typeparam>
    /// <returns>Null: nobody knows.</returns>
    public T? Feature<T>()
        where T : class => _conversation.Feature<T>();

    /// <summary>It is another request of its connection from now on: nobody has the one that it was.</summary>
    internal void Become(in HttpRequestHead head) => (Head, _parts) = (head, null);

    /// <summary>Reads the whole body.</summary>
    /// <param name="limit">Bytes; a longer one is refused with 413. Null: as the service's options say.</param>
    /// <returns>Cold: the bytes.</returns>
    /// <remarks>Errors: <see cref="HttpRefusedException"/>, <see cref="TruncatedFrameException"/>, <see cref="ConnectionException"/>. A handler
    /// lets them pass: they are answered, or nobody is there.</remarks>
    public Awaitable<ReadOnlyMemory<byte>> Read(long? limit = null) => new HttpBodyGathering(Body, limit).ToAwaitable($"the body of {this}");

    /// <summary>Reads the whole body as text, in the encoding its type names; UTF-8 if it names none.</summary>
    /// <param name="limit">As of <see cref="Read"/>.</param>
    /// <returns>The text.</returns>
    public async Task<string> ReadText(long? limit = null) => HttpMediaType.EncodingOf(Headers["Content-Type"]).GetString((await Read(limit)).Span);

    /// <summary>Reads a value from JSON.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="options">Null for those of the web: names in camelCase, numbers also in quotes.</param>
    /// <returns>The value.</returns>
    /// <remarks>Errors: as of <see cref="Read"/>; what is no JSON of the kind is refused with 400, and what says it is something else with 415.</remarks>
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

    /// <summary>Reads a form (<c>application/x-www-form-urlencoded</c>).</summary>
    /// <param name="limit">Bytes, default 4 MiB; a longer one is refused with 413.</param>
    /// <returns>Its fields.</returns>
    /// <remarks>Errors: as of <see cref="Read"/>; another type is refused with 415.</remarks>
    public async Task<HttpParameters> ReadForm(long limit = HttpParameters.MostOfForm)
    {
        HttpMediaType.Require(Headers, "application/x-www-form-urlencoded");
        return HttpParameters.ParseForm(System.Text.Encoding.UTF8.GetString((await Read(limit)).Span));
    }

    /// <summary>Reads a form of parts, files among them (<c>multipart/form-data</c>), as they come.</summary>
    /// <returns>Cold: one part after the other. Subscribe to a part's body within <c>OnNext</c>, or it is skipped.</returns>
    /// <remarks>Errors: as of <see cref="Read"/>; another type is refused with 415, and what is no such form with 400.</remarks>
    public IObservable<HttpFormPart> Multipart() => new MultipartStream(this);

    /// <summary>Sends an interim response before the answer: <c>103 Early Hints</c> with its links.</summary>
    /// <param name="status">102 to 199; 100 is sent when the body is subscribed to.</param>
    /// <param name="headers">What goes with it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is another.</exception>
    /// <exception cref="InvalidOperationException">The answer has begun.</exception>
    /// <remarks>HTTP/1.0 does not know them; nothing is sent there.</remarks>
    public void Inform(int status, HttpHeaders headers = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 102);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 199);
        _conversation.Inform(this, status, headers);
    }

    /// <summary>Whether another protocol is proposed (RFC 9110 §7.8).</summary>
    /// <param name="protocol">In any case: <c>websocket</c>.</param>
    public bool Proposes(string protocol) => Head.ProposesUpgrade && Headers.Has("Upgrade", protocol);

    /// <summary>The request line.</summary>
    public override string ToString() => Head.ToString();
}
