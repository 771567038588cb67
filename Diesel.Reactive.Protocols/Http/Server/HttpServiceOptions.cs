namespace Diesel.Reactive.Protocols.Http;

/// <summary>What bounds an <see cref="HttpService"/>, its connections and their requests. The defaults are those of Kestrel.</summary>
/// <remarks>Of what it is made of, two mean something of their own here: <c>MinimumRate</c> (default 240 bytes per second, after
/// <c>MinimumRateGrace</c>) is asked of bodies, and answered with 408; <c>MinimumWriteRate</c> (the same) of who takes an answer, while more
/// than <c>HighWaterMark</c> waits or the connection ends.</remarks>
public sealed record HttpServiceOptions : TcpServiceOptions
{
    private const int LeastRate = 240;

    private readonly TimeSpan _keepAliveTimeout = TimeSpan.FromSeconds(130);
    private readonly TimeSpan _headTimeout = TimeSpan.FromSeconds(30);
    private readonly long _maxUnreadBody = 64 * 1024;

    /// <summary>Makes the defaults.</summary>
    public HttpServiceOptions() => (MinimumRate, MinimumWriteRate) = (LeastRate, LeastRate);

    /// <summary>How long a connection may be without a request, before the first and between two; default 130 s.</summary>
    public TimeSpan KeepAliveTimeout { get => _keepAliveTimeout; init => _keepAliveTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>How long a head may take from its first byte on; default 30 s. A longer one is answered with 408.</summary>
    public TimeSpan HeadTimeout { get => _headTimeout; init => _headTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>What a client may send in a message.</summary>
    public HttpLimits Limits { get; init; } = HttpLimits.Default;

    /// <summary>Bytes of a body that nobody has read, which are read and thrown away so that the connection may serve another request; default
    /// 64 KiB. With more to come the connection ends.</summary>
    public long MaxUnreadBody { get => _maxUnreadBody; init => _maxUnreadBody = Setting.Positive(value); }

    internal static HttpServiceOptions Default { get; } = new();

    /// <summary>What is for the connections alone: rates are asked here, while there is something to ask them of.</summary>
    internal TcpServiceOptions OfConnections => this with { MinimumRate = 0, MinimumWriteRate = 0 };
}
