namespace Diesel.Reactive;

/// <summary>What bounds a <see cref="TcpService"/> and its connections.</summary>
public record TcpServiceOptions : ConnectionOptions
{
    private readonly int? _maxConnections;
    private readonly int? _maxConnectionsPerAddress;
    private readonly int _maxLingering = 1000;
    private readonly long _maxBufferedInput = 256 * 1024 * 1024;
    private readonly long _maxPendingOutput = 256 * 1024 * 1024;
    private readonly TimeSpan _firstByteTimeout = Timeout.InfiniteTimeSpan;
    private readonly TimeSpan _frameTimeout = Timeout.InfiniteTimeSpan;
    private readonly int _minimumWriteRate;
    private readonly TimeSpan _idleTimeout = Timeout.InfiniteTimeSpan;
    private readonly TimeSpan _peerEndedTimeout = TimeSpan.FromMinutes(1);
    private readonly int _minimumRate;
    private readonly TimeSpan _minimumRateGrace = TimeSpan.FromSeconds(5);
    private readonly TimeSpan _drainTimeout = TimeSpan.FromSeconds(8);

    /// <summary>Connections open at a time; further peers wait in the backlog until one ends. Null (the default): as many as
    /// the system allows.</summary>
    public int? MaxConnections { get => _maxConnections; init => _maxConnections = value is { } n ? Setting.Positive(n) : null; }

    /// <summary>Connections one address may have open at a time; further ones are reset. Of IPv6 addresses the first 64 bits count.
    /// Null (the default): any number.</summary>
    public int? MaxConnectionsPerAddress
    {
        get => _maxConnectionsPerAddress;
        init => _maxConnectionsPerAddress = value is { } n ? Setting.Positive(n) : null;
    }

    /// <summary>Connections that have sent all and wait for their peer's end; default 1000. They take none of the
    /// <see cref="MaxConnections"/>; when there are more, the one that has waited longest is reset.</summary>
    public int MaxLingering { get => _maxLingering; init => _maxLingering = Setting.Positive(value); }

    /// <summary>Bytes that all connections may have received and not read; default 256 MiB. Past it the connection that holds most
    /// is reset, its reader gets <see cref="TimeoutException"/>.</summary>
    public long MaxBufferedInput { get => _maxBufferedInput; init => _maxBufferedInput = Setting.Positive(value); }

    /// <summary>Bytes that may be queued for all peers; default 256 MiB. Past it the connection for which most is queued is reset,
    /// its reader gets <see cref="TimeoutException"/>. What goes to several counts as often.</summary>
    public long MaxPendingOutput { get => _maxPendingOutput; init => _maxPendingOutput = Setting.Positive(value); }

    /// <summary>A peer that sends nothing at all, though the handler reads, is closed after so long, the reader gets
    /// <see cref="TimeoutException"/>. <see cref="Timeout.InfiniteTimeSpan"/> (the default): never.</summary>
    public TimeSpan FirstByteTimeout { get => _firstByteTimeout; init => _firstByteTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>A frame that is begun and not whole after so long closes its connection, the reader gets
    /// <see cref="TimeoutException"/>; bytes that come meanwhile renew nothing. <see cref="Timeout.InfiniteTimeSpan"/> (the
    /// default): never. With a <see cref="MinimumRate"/> it is for the short (a line, a head), and the rate for frames past 4 KiB.</summary>
    public TimeSpan FrameTimeout { get => _frameTimeout; init => _frameTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>A connection without a byte in or out for so long is closed, its reader gets
    /// <see cref="TimeoutException"/>. <see cref="Timeout.InfiniteTimeSpan"/> (the default): never.</summary>
    public TimeSpan IdleTimeout { get => _idleTimeout; init => _idleTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>As <see cref="IdleTimeout"/>, for a connection whose peer has ended its side: it may wait for its answer, or be gone.
    /// Default 1 min; <see cref="Timeout.InfiniteTimeSpan"/>: never. A handler that does not answer the end of its peer should wait
    /// with <see cref="Connection.PeerEnded"/> at hand, any other with <see cref="Connection.Closed"/>: its place among
    /// <see cref="MaxConnections"/> is free when it has ended.</summary>
    public TimeSpan PeerEndedTimeout { get => _peerEndedTimeout; init => _peerEndedTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>Bytes per second a peer must send while a frame is begun and not whole, or a body read
    /// (<see cref="ConnectionReadingExtensions.Body"/>); slower ones are closed, the reader gets <see cref="TimeoutException"/>. 0 (the
    /// default): any rate. For a part of a conversation: <see cref="ConnectionRateExtensions.Require"/>.</summary>
    public int MinimumRate
    {
        get => _minimumRate;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _minimumRate = value;
        }
    }

    /// <summary>Bytes per second a peer must take while output waits for it; slower ones are reset, the reader gets
    /// <see cref="TimeoutException"/>. 0 (the default): any rate.</summary>
    public int MinimumWriteRate
    {
        get => _minimumWriteRate;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _minimumWriteRate = value;
        }
    }

    /// <summary>How long a peer may take before <see cref="MinimumRate"/> or <see cref="MinimumWriteRate"/> is asked for; default 5 s.
    /// Who was faster may rest: as long as the bytes were enough for, at most six times this.</summary>
    public TimeSpan MinimumRateGrace { get => _minimumRateGrace; init => _minimumRateGrace = Setting.Positive(value); }

    /// <summary>Takes the PROXY protocol: each connection begins with a header in which a proxy says whose it is, and the handler gets it when that has
    /// come. The connection's endpoints are then the client's and the one that it had dialled, as limits and errors show them;
    /// <c>connection.Feature&lt;ProxyHeader&gt;()</c> tells all. Null, the default: no header.</summary>
    public ProxyProtocolOptions? ProxyProtocol { get; init; }

    /// <summary>How long handlers, and the closing of their connections, may take after <c>Stop</c>; default 8 s, within the ten that
    /// containers are given to end. A peer that has begun a frame and sends no more of it is waited for a quarter of that.</summary>
    public TimeSpan DrainTimeout { get => _drainTimeout; init => _drainTimeout = Setting.Positive(value); }

    /// <summary>For a service that strangers reach: first byte, and a line or head whole, within 30 s; longer frames, expected bodies
    /// and output at 240 B/s after 5 s; 100 connections per address. Who owes nothing may be silent for as long as it likes.</summary>
    public static TcpServiceOptions Public { get; } = new()
    {
        FirstByteTimeout = TimeSpan.FromSeconds(30),
        FrameTimeout = TimeSpan.FromSeconds(30),
        MinimumRate = 240,
        MinimumWriteRate = 240,
        MaxConnectionsPerAddress = 100,
    };

    internal static new TcpServiceOptions Default { get; } = new();
}
