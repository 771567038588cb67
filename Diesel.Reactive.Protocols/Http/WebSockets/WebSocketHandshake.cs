using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>How a request becomes a WebSocket (RFC 6455 §4).</summary>
internal static class WebSocketHandshake
{
    public const string Accept = "Sec-WebSocket-Accept";
    public const string Extensions = "Sec-WebSocket-Extensions";
    public const string Key = "Sec-WebSocket-Key";
    public const string Protocol = "Sec-WebSocket-Protocol";
    public const string Version = "Sec-WebSocket-Version";

    private const int KeyLength = 16;
    private const string Known = "13";

    /// <summary>What a server answers to a key (§4.2.2).</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 says so, and nothing is kept secret by it.")]
    public static string AnswerTo(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));

    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength));

    /// <summary>What a server makes of a request.</summary>
    /// <param name="request">Any.</param>
    /// <param name="options">What the server wants.</param>
    /// <param name="agreement">What both agree on, if they do.</param>
    /// <param name="fields">What goes with 101.</param>
    /// <returns>Null: it becomes one. Else what is answered.</returns>
    public static HttpResponse? Refusal(HttpRequest request, WebSocketOptions options, out WebSocketAgreement agreement, out HttpHeaders fields)
    {
        (agreement, fields) = (WebSocketAgreement.None, default);
        var headers = request.Headers;
        // Whoever upgraded as 426 asks would be told the same again: it is the method that does not do (RFC 9110 §15.5.6).
        if (request.Method != "GET")
        {
            return HttpResponse.Text("A WebSocket begins with GET (RFC 6455 §4.1).\n", 405).With("Allow", "GET");
        }

        if (!request.Proposes("websocket"))
        {
            return HttpResponse.Text("This is a WebSocket: ask for an upgrade (RFC 6455 §4.1).\n", 426).With("Upgrade", "websocket");
        }

        if (headers[Version] != Known)
        {
            return HttpResponse.Text("Only version 13 is spoken here (RFC 6455 §4.4).\n", 426).With("Upgrade", "websocket").With(Version, Known);
        }

        if (headers[Key] is not { } key || !IsKey(key))
        {
            return HttpResponse.Text("Sec-WebSocket-Key is not 16 bytes in base64 (RFC 6455 §4.2.1).\n", 400);
        }

        if (!IsAllowed(headers["Origin"], request.Host, options))
        {
            return HttpResponse.Text("Pages of other origins may not connect here (RFC 6455 §10.2).\n", 403);
        }

        fields = HttpHeaders.Of((Accept, AnswerTo(key)));
        agreement = Agree(headers, options, ref fields);
        return null;
    }

    private static WebSocketAgreement Agree(HttpHeaders headers, WebSocketOptions options, ref HttpHeaders fields)
    {
        var offered = headers.GetAll(Protocol).SelectMany(static field => field.Split(',', StringSplitOptions.TrimEntries)).ToArray();
        var protocol = options.Protocols.FirstOrDefault(offered.Contains);
        if (protocol is not null)
        {
            fields = fields.Add(Protocol, protocol);
        }

        DeflateAgreement? deflate = null;
        if (options.Deflate is { } wanted && (deflate = DeflateAgreement.Accept(headers.GetAll(Extensions), wanted, out var response)) is not null)
        {
            fields = fields.Add(Extensions, response);
        }

        return new(protocol, deflate);
    }

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[KeyLength + 2];
        return key.Length == Base64.GetMaxEncodedToUtf8Length(KeyLength) && Convert.TryFromBase64String(key, bytes, out var count) && count == KeyLength;
    }

    // A page of the same host is this server's own; behind a proxy that ends TLS its scheme is not known here.
    private static bool IsAllowed(string? origin, string host, WebSocketOptions options) => origin is null
        || options.AllowedOrigins.Contains("*")
        || options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)
        || (origin.IndexOf("://", StringComparison.Ordinal) is > 0 and var mark && origin.AsSpan(mark + 3).Equals(host, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What both sides agreed on.</summary>
/// <param name="Protocol">The subprotocol; null: none.</param>
/// <param name="Deflate">How messages are compressed; null: not at all.</param>
internal sealed record WebSocketAgreement(string? Protocol, DeflateAgreement? Deflate)
{
    public static WebSocketAgreement None { get; } = new(null, null);
}
