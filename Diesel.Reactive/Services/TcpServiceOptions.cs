namespace Diesel.Reactive;

/// <summary>What bounds a <see cref="TcpService"/> and its connections.</summary>
public record TcpServiceOptions : ConnectionOptions
{
    private readonly int? _maxConnections;
    private readonly TimeSpan _idleTimeout = Timeout.InfiniteTimeSpan;
    private readonly TimeSpan _peerEndedTimeout = TimeSpan.FromMinutes(1);
    private readonly int _minimumRate;
    private readonly TimeSpan _minimumRateGrace = TimeSpan.FromSeconds(5);
    private readonly TimeSpan _drainTimeout = TimeSpan.FromSeconds(8);

    /// <summary>Connections open at a time; further peers wait in the backlog until one ends. Null (the default): as many as
    /// the system allows.</summary>
    public int? MaxConnections { get => _maxConnections; init => _maxConnections = value is { } n ? Setting.Positive(n) : null; }

    /// <summary>A connection without a byte in or out for so long is closed, its reader gets
    /// <see cref="TimeoutException"/>. <see cref="Timeout.InfiniteTimeSpan"/> (the default): never.</summary>
    public TimeSpan IdleTimeout { get => _idleTimeout; init => _idleTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>As <see cref="IdleTimeout"/>, for a connection whose peer has ended its side: it may wait for its answer, or be gone.
    /// Default 1 min; <see cref="Timeout.InfiniteTimeSpan"/>: never. A handler that does not answer the end of its peer should wait
    /// with <see cref="Connection.PeerEnded"/> at hand, any other with <see cref="Connection.Closed"/>: its place among
    /// <see cref="MaxConnections"/> is free when it has ended.</summary>
    public TimeSpan PeerEndedTimeout { get => _peerEndedTimeout; init => _peerEndedTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>Bytes per second a peer must send while a frame is begun and not whole; slower ones are closed, the reader
    /// gets <see cref="TimeoutException"/>. 0 (the default): any rate.</summary>
    public int MinimumRate
    {
        get => _minimumRate;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _minimumRate = value;
        }
    }

    /// <summary>How long a frame may take before <see cref="MinimumRate"/> is asked for; default 5 s.</summary>
    public TimeSpan MinimumRateGrace { get => _minimumRateGrace; init => _minimumRateGrace = Setting.Positive(value); }

    /// <summary>How long handlers, and the closing of their connections, may take after <c>Stop</c>; default 8 s, within the ten that
    /// containers are given to end. A peer that has begun a frame and sends no more of it is waited for a quarter of that.</summary>
    public TimeSpan DrainTimeout { get => _drainTimeout; init => _drainTimeout = Setting.Positive(value); }

    internal static new TcpServiceOptions Default { get; } = new();
}
