namespace Diesel.Reactive.Protocols.Http;

/// <summary>What bounds a WebSocket, and what it agrees to.</summary>
public record WebSocketOptions
{
    private readonly int _maxMessage = 4 * 1024 * 1024;
    private readonly TimeSpan _pingInterval = TimeSpan.FromSeconds(30);
    private readonly TimeSpan _pingTimeout = TimeSpan.FromSeconds(20);
    private readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of a message that is received whole, inflated; default 4 MiB. A longer one ends the WebSocket with 1009. What is read in
    /// parts has no limit, as nothing is kept of it.</summary>
    public int MaxMessage { get => _maxMessage; init => _maxMessage = Setting.Positive(value); }

    /// <summary>Subprotocols, the preferred first: a server takes the first of these that the client offers, a client offers them. Default
    /// none.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    /// <summary>Compression (permessage-deflate), if the peer agrees. Null, the default: none.</summary>
    /// <remarks>It costs some 300 KiB for each connection that has compressed and inflated, and who compresses secrets together with what a
    /// stranger chooses tells him of them by the length (CRIME).</remarks>
    public WebSocketDeflate? Deflate { get; init; }

    /// <summary>A peer that has said nothing for so long is sent a Ping; default 30 s. <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    public TimeSpan PingInterval { get => _pingInterval; init => _pingInterval = Setting.PositiveOrInfinite(value); }

    /// <summary>How long it may say nothing after that, before the connection is reset; default 20 s.</summary>
    public TimeSpan PingTimeout { get => _pingTimeout; init => _pingTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>How long the peer may take to answer a Close; default 5 s.</summary>
    public TimeSpan CloseTimeout { get => _closeTimeout; init => _closeTimeout = Setting.Positive(value); }

    /// <summary>Of a server: which pages of other hosts may connect, as their <c>Origin</c>: <c>https://example.com</c>, or <c>*</c> for any.
    /// Default none, and the others are answered with 403: a browser sends a user's cookies along, whoever wrote the page. Who sends no
    /// Origin is no browser, and let in.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    internal static WebSocketOptions Default { get; } = new();
}
