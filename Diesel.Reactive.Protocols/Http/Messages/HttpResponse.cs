using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>An answer: status, header fields, and a body from memory, an observable or a file. A value that may be sent many times.</summary>
/// <remarks>How long the body is, and how that is said, is decided when it is sent: what is complete at the end of the turn has a
/// Content-Length, what is not goes in chunks. So the fields that say it cannot be set. Source: <c>http_response</c> of diesel's 2009
/// edition.</remarks>
public sealed class HttpResponse
{
    private static readonly string[] Framing = ["Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive"];

    private HttpResponse(int status, HttpHeaders headers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        (Status, Headers) = (status, headers);
    }

    private HttpResponse(HttpResponse other)
    {
        (Status, Headers, Content, Stream, Length) = (other.Status, other.Headers, other.Content, other.Stream, other.Length);
        (Part, Path, TrailersAtEnd, Takeover, Closes, IsReset) = (other.Part, other.Path, other.TrailersAtEnd, other.Takeover, other.Closes, other.IsReset);
    }

    /// <summary>101, or 200 to 599.</summary>
    public int Status { get; private init; }

    /// <summary>The header fields but those that frame the message.</summary>
    public HttpHeaders Headers { get; private init; }

    /// <summary>A body in memory.</summary>
    internal ReadOnlyMemory<byte> Content { get; private init; }

    /// <summary>A body that comes; null: it is in memory, or a file.</summary>
    internal IObservable<ReadOnlyMemory<byte>>? Stream { get; private init; }

    /// <summary>How long the stream is, where that was said; else null.</summary>
    internal long? Length { get; private init; }

    /// <summary>A body that is part of an open file.</summary>
    internal HttpFileContent? Part { get; private init; }

    /// <summary>A body that is a file, opened when it is sent.</summary>
    internal string? Path { get; private init; }

    /// <summary>What is sent behind the body.</summary>
    internal Func<HttpHeaders>? TrailersAtEnd { get; private init; }

    /// <summary>Who has the connection behind the head.</summary>
    internal Func<Connection, IObservable<ReadOnlyMemory<byte>>>? Takeover { get; private init; }

    /// <summary>Whether the connection ends with it.</summary>
    internal bool Closes { get; private init; }

    /// <summary>Whether the connection is reset instead.</summary>
    internal bool IsReset { get; private init; }

    /// <summary>How many bytes the body has, where that is known.</summary>
    internal long? KnownLength => Stream is null ? Part?.Length ?? Content.Length : Length;

    /// <summary>A response without a body.</summary>
    /// <param name="status">200 to 599.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is none that answers.</exception>
    public static HttpResponse Of(int status) => new(status, default);

    /// <summary>No response: the connection is reset, for a client that deserves no better.</summary>
    /// <returns>What resets it.</returns>
    public static HttpResponse Reset() => new(500, default) { IsReset = true };

    /// <summary>Text, as UTF-8.</summary>
    /// <param name="text">May be empty.</param>
    /// <param name="status">200 to 599.</param>
    /// <returns>The response.</returns>
    public static HttpResponse Text(string text, int status = 200) => Bytes(Encoding.UTF8.GetBytes(text), HttpMediaType.Text, status);

    /// <summary>A page, as UTF-8. Encode what is not yours to be markup.</summary>
    /// <param name="markup">The page.</param>
    /// <param name="status">200 to 599.</param>
    /// <returns>The response.</returns>
    public static HttpResponse Html(string markup, int status = 200) => Bytes(Encoding.UTF8.GetBytes(markup), HttpMediaType.Html, status);

    /// <summary>Bytes.</summary>
    /// <param name="bytes">Must not change afterwards.</param>
    /// <param name="contentType">What they are; null: it is not said.</param>
    /// <param name="status">200 to 599.</param>
    /// <returns>The response.</returns>
    public static HttpResponse Bytes(ReadOnlyMemory<byte> bytes, string? contentType = HttpMediaType.Bytes, int status = 200) =>
        new(status, HttpContentTypes.Header(contentType)) { Content = bytes };

    /// <summary>A value as JSON.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="value">May be null.</param>
    /// <param name="status">200 to 599.</param>
    /// <param name="options">Null for those of the web: names in camelCase.</param>
    /// <returns>The response.</returns>
    [RequiresUnreferencedCode("Values are written by reflection. Hand over a JsonTypeInfo, which a JsonSerializerContext generates.")]
    [RequiresDynamicCode("Values are written by reflection. Hand over a JsonTypeInfo, which a JsonSerializerContext generates.")]
    public static HttpResponse Json<T>(T value, int status = 200, JsonSerializerOptions? options = null) =>
        Json(value, HttpJson.TypeOf<T>(options), status);

    /// <summary>A value as JSON, by generated code.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="value">May be null.</param>
    /// <param name="type">Of a <c>JsonSerializerContext</c>.</param>
    /// <param name="status">200 to 599.</param>
    /// <returns>The response.</returns>
    public static HttpResponse Json<T>(T value, JsonTypeInfo<T> type, int status = 200) =>
        Bytes(JsonSerializer.SerializeToUtf8Bytes(value, type), HttpMediaType.Json, status);

    /// <summary>A body that comes.</summary>
    /// <param name="body">Subscribed when the response is sent, and unsubscribed when the client has left. Its error resets the connection,
    /// if the head is out, as the client could not tell otherwise.</param>
    /// <param name="contentType">What it is; null: it is not said.</param>
    /// <param name="length">How many bytes it has, where that is known before it ends; null: it is not.</param>
    /// <param name="status">200 to 599.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <remarks>What comes faster than the client takes it is held where the source can be held, as a request's body can; else it is queued up
    /// to <c>MaxPendingBytes</c>, which ends the connection.</remarks>
    public static HttpResponse Streamed(IObservable<ReadOnlyMemory<byte>> body, string? contentType = HttpMediaType.Bytes, long? length = null, int status = 200)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        return new(status, HttpContentTypes.Header(contentType)) { Stream = body, Length = length };
    }

    /// <summary>A file, opened each time the response is sent.</summary>
    /// <param name="path">Names it; one that is not there, or may not be read, is a fault of the handler, and answered with 500.</param>
    /// <param name="contentType">What it is; null: what its extension says.</param>
    /// <param name="status">200 to 599.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <remarks>For names that clients choose there is <c>HttpService.Files</c>. Idea: diesel's <c>X-Sendfile</c>.</remarks>
    public static HttpResponse File(string path, string? contentType = null, int status = 200)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(status, HttpContentTypes.Header(contentType ?? HttpFileTypes.Of(path))) { Path = path };
    }

    /// <summary>Sends the client elsewhere.</summary>
    /// <param name="location">A URI, or a path here.</param>
    /// <param name="status">301, 302 (the default), 303, 307 or 308.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ArgumentException"><paramref name="location"/> has a control character.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is another.</exception>
    public static HttpResponse Redirect(string location, int status = 302) => status is 301 or 302 or 303 or 307 or 308
        ? new(status, HttpHeaders.Of(("Location", location)))
        : throw new ArgumentOutOfRangeException(nameof(status), status, "A redirect is 301, 302, 303, 307 or 308.");

    /// <summary>Speaks another protocol from now on, which the client has proposed (RFC 9110 §7.8): 101.</summary>
    /// <param name="protocol">As it proposed it.</param>
    /// <param name="handler">Gets the connection, with what was read ahead in it; what it gives is sent, and its completion closes.</param>
    /// <param name="headers">What goes with 101.</param>
    /// <returns>The response.</returns>
    /// <remarks>To a request that has not proposed it, it is a fault of the handler, and answered with 500.</remarks>
    public static HttpResponse Upgrade(string protocol, Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler, HttpHeaders headers = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new(200, headers.Set("Upgrade", protocol)) { Status = 101, Takeover = handler };
    }

    /// <summary>As the other, for a conversation.</summary>
    /// <param name="protocol">As it proposed it.</param>
    /// <param name="handler">Gets the connection, in a loop of its own; its end closes.</param>
    /// <param name="headers">What goes with 101.</param>
    /// <returns>The response.</returns>
    public static HttpResponse Upgrade(string protocol, Func<Connection, Task> handler, HttpHeaders headers = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Upgrade(protocol, HttpTakeover.Of(handler), headers);
    }

    /// <summary>Lets CONNECT through (RFC 9110 §9.3.6): 200, and the connection is the handler's.</summary>
    /// <param name="handler">As of <see cref="Upgrade(string, Func{Connection, Task}, HttpHeaders)"/>: a <c>RelayTo</c> elsewhere, say.</param>
    /// <returns>The response.</returns>
    public static HttpResponse Tunnel(Func<Connection, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new(200, default) { Takeover = HttpTakeover.Of(handler) };
    }

    /// <summary>The same with one header field more.</summary>
    /// <param name="name">None of those that frame the message.</param>
    /// <param name="value">Without control characters.</param>
    /// <returns>Another response.</returns>
    /// <exception cref="ArgumentException">It is a field that the service sets, or has a line end in it.</exception>
    public HttpResponse With(string name, string value) => Framing.Contains(name, StringComparer.OrdinalIgnoreCase)
        ? throw IsSet(name, nameof(name))
        : new(this) { Headers = Headers.Add(name, value) };

    /// <summary>The same with further header fields, behind its own.</summary>
    /// <param name="headers">None of those that frame the message among them.</param>
    /// <returns>Another response.</returns>
    /// <exception cref="ArgumentException">There is a field that the service sets.</exception>
    public HttpResponse With(HttpHeaders headers)
    {
        foreach (var field in headers)
        {
            foreach (var set in Framing)
            {
                if (field.Is(set))
                {
                    throw IsSet(set, nameof(headers));
                }
            }
        }

        return new(this) { Headers = Headers.IsEmpty ? headers : new((byte[])[.. Headers.Lines.Span, .. headers.Lines.Span]) };
    }

    /// <summary>The same with another status.</summary>
    /// <param name="status">200 to 599.</param>
    /// <returns>Another response.</returns>
    public HttpResponse WithStatus(int status) => new(this) { Status = new HttpResponse(status, default).Status };

    /// <summary>The same, and sets a cookie.</summary>
    /// <param name="cookie">The cookie.</param>
    /// <returns>Another response.</returns>
    /// <exception cref="ArgumentException">Something in it would be another attribute.</exception>
    public HttpResponse WithCookie(HttpCookie cookie)
    {
        ArgumentNullException.ThrowIfNull(cookie);
        return With("Set-Cookie", cookie.ToString());
    }

    /// <summary>The same with fields behind its body, which is sent in chunks then. HTTP/1.0 gets none.</summary>
    /// <param name="trailers">Called when the body is sent.</param>
    /// <param name="names">Which there will be, for the Trailer field; may be empty.</param>
    /// <returns>Another response.</returns>
    public HttpResponse WithTrailers(Func<HttpHeaders> trailers, params ReadOnlySpan<string> names)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        return new(names.IsEmpty ? this : With("Trailer", string.Join(", ", names!))) { TrailersAtEnd = trailers };
    }

    /// <summary>The same, and the connection ends with it.</summary>
    /// <returns>Another response.</returns>
    public HttpResponse Closing() => new(this) { Closes = true };

    private static ArgumentException IsSet(string name, string parameter) =>
        new($"{name} is set when the response is sent. A stream's length is said to {nameof(Streamed)}, and {nameof(Closing)} ends the connection.", parameter);

    /// <summary>A response with these fields, and a body if one is given.</summary>
    internal static HttpResponse Of(int status, HttpHeaders headers, ReadOnlyMemory<byte> content = default) => new(status, headers) { Content = content };

    /// <summary>The same with part of a file as its body.</summary>
    internal HttpResponse WithFile(HttpFileContent file) => new(this) { Part = file, Path = null };

    /// <summary>Whether its body comes, or is followed by something: not where none is sent.</summary>
    internal bool HasStream(HttpRequest request) => (Stream is not null || TrailersAtEnd is not null)
        && HttpStatus.AllowsContent(Status) && !request.Head.IsHead;

    /// <summary>The same with its file open.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    internal HttpResponse Opened()
    {
        if (Path is null)
        {
            return this;
        }

        var handle = ConnectionFiles.OpenFile(Path);
        try
        {
            return WithFile(new HttpFileContent(handle, new HttpFilePiece(default, 0, RandomAccess.GetLength(handle))));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Status and reason.</summary>
    public override string ToString() => $"{Status} {HttpStatus.ReasonOf(Status)}".TrimEnd();
}
