namespace Diesel.Reactive.Protocols.Http;

/// <summary>How to connect to a WebSocket, and what bounds it.</summary>
public sealed record WebSocketClientOptions : WebSocketOptions
{
    private readonly TimeSpan _handshakeTimeout = TimeSpan.FromSeconds(15);

    /// <summary>How to dial: time limits, a proxy, TLS. Of <c>wss://</c> without TLS options the defaults hold: the certificate is checked.</summary>
    public TcpConnectOptions Connect { get; init; } = new();

    /// <summary>What goes with the request: <c>Origin</c>, <c>Cookie</c>, <c>Authorization</c>. Not what the handshake says itself.</summary>
    public HttpHeaders Headers { get; init; }

    /// <summary>How long dialling and the server's answer may take together; default 15 s.</summary>
    public TimeSpan HandshakeTimeout { get => _handshakeTimeout; init => _handshakeTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>What a server's answer may be long.</summary>
    public HttpLimits Limits { get; init; } = HttpLimits.Default;

    internal static new WebSocketClientOptions Default { get; } = new();
}
