using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The body of a request: bytes, or an observable of them. A value that may be sent many times.</summary>
/// <remarks>How its length is said follows from what it is: bytes, and streams of known length, have a Content-Length, others go in chunks.</remarks>
public sealed class HttpRequestBody
{
    internal HttpRequestBody(ReadOnlyMemory<byte> content, HttpHeaders headers) => (Content, Headers, Length) = (content, headers, content.Length);

    internal HttpRequestBody(IObservable<ReadOnlyMemory<byte>> stream, HttpHeaders headers, long? length, bool isRepeatable) =>
        (Stream, Headers, Length, IsRepeatable) = (stream, headers, length, isRepeatable);

    /// <summary>How many bytes it has, if that is known before; else null.</summary>
    public long? Length { get; }

    /// <summary>Its bytes, if it is no stream.</summary>
    internal ReadOnlyMemory<byte> Content { get; }

    /// <summary>What gives it; null: it is there.</summary>
    internal IObservable<ReadOnlyMemory<byte>>? Stream { get; }

    /// <summary>What is said of it.</summary>
    internal HttpHeaders Headers { get; }

    /// <summary>Whether it can be sent a second time without asking anybody.</summary>
    internal bool IsRepeatable { get; } = true;

    /// <summary>Bytes.</summary>
    /// <param name="bytes">Must not change afterwards; may be empty.</param>
    /// <param name="contentType">What they are; null: it is not said.</param>
    /// <returns>The body.</returns>
    public static HttpRequestBody Bytes(ReadOnlyMemory<byte> bytes, string? contentType = HttpMediaType.Bytes) => new(bytes, HttpContentTypes.Header(contentType));

    /// <summary>Text, as UTF-8.</summary>
    /// <param name="text">May be empty.</param>
    /// <param name="contentType">What it is; null: it is not said.</param>
    /// <returns>The body.</returns>
    public static HttpRequestBody Text(string text, string? contentType = HttpMediaType.Text) => Bytes(Encoding.UTF8.GetBytes(text), contentType);

    /// <summary>A value as JSON.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="value">May be null.</param>
    /// <param name="options">Null for those of the web: names in camelCase.</param>
    /// <returns>The body.</returns>
    [RequiresUnreferencedCode("Values are written by reflection. Hand over a JsonTypeInfo, which a JsonSerializerContext generates.")]
    [RequiresDynamicCode("Values are written by reflection. Hand over a JsonTypeInfo, which a JsonSerializerContext generates.")]
    public static HttpRequestBody Json<T>(T value, JsonSerializerOptions? options = null) => Json(value, HttpJson.TypeOf<T>(options));

    /// <summary>A value as JSON, by generated code.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="value">May be null.</param>
    /// <param name="type">Of a <c>JsonSerializerContext</c>.</param>
    /// <returns>The body.</returns>
    public static HttpRequestBody Json<T>(T value, JsonTypeInfo<T> type) => Bytes(JsonSerializer.SerializeToUtf8Bytes(value, type), HttpMediaType.Json);

    /// <summary>A body that comes.</summary>
    /// <param name="body">Subscribed when it is sent, once more for a redirect or a login that repeats the request. Its error ends the request.</param>
    /// <param name="contentType">What it is; null: it is not said.</param>
    /// <param name="length">How many bytes it has, where that is known before it ends; null: it is not.</param>
    /// <returns>The body.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <remarks>A source that can be held is held while the server does not take it. A request with it is not repeated when its connection
    /// is lost.</remarks>
    public static HttpRequestBody Streamed(IObservable<ReadOnlyMemory<byte>> body, string? contentType = HttpMediaType.Bytes, long? length = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        return new(body, HttpContentTypes.Header(contentType), length, isRepeatable: false);
    }

    /// <summary>A body that is asked for, piece after piece, as the server takes it.</summary>
    /// <param name="body">An async iterator, say, which writes as far as there is room and then waits; read on the hub when it is sent, once more for a
    /// redirect or a login that repeats the request. What it throws ends the request.</param>
    /// <param name="contentType">What it is; null: it is not said.</param>
    /// <param name="length">How many bytes it has, where that is known before it ends; null: it is not.</param>
    /// <returns>The body.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <remarks>As of the other.</remarks>
    public static HttpRequestBody Streamed(IAsyncEnumerable<ReadOnlyMemory<byte>> body, string? contentType = HttpMediaType.Bytes, long? length = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Streamed(new HttpPulledBody(body), contentType, length);
    }

    /// <summary>How long it is.</summary>
    public override string ToString() => Length is { } length ? $"a body of {length} bytes" : "a body that comes";
}
