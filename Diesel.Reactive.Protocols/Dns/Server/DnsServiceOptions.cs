namespace Diesel.Reactive.Protocols.Dns;

/// <summary>How a <see cref="DnsService"/> serves.</summary>
public sealed record DnsServiceOptions
{
    private readonly int _maxPending = 10_000;
    private readonly int? _responsesPerSecond;
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);
    private readonly TimeSpan _idleTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of the largest datagram that is sent, also to who would take more; default 1232. Never more than the asker takes.</summary>
    public ushort UdpSize { get; init; } = DnsEdns.UsualSize;

    /// <summary>Queries that handlers may work at; further datagrams are dropped. Default 10 000.</summary>
    public int MaxPending { get => _maxPending; init => _maxPending = Setting.Positive(value); }

    /// <summary>How long a handler may take before its query is answered with SERVFAIL; default 10 s.</summary>
    public TimeSpan Timeout { get => _timeout; init => _timeout = Setting.Positive(value); }

    /// <summary>How long a connection may be idle, and a message on it under way; default 30 s. Clients that ask are told (RFC 7828).</summary>
    public TimeSpan IdleTimeout { get => _idleTimeout; init => _idleTimeout = Setting.Positive(value); }

    /// <summary>Datagrams a second to one network (/24, of IPv6 /56), against floods of replies to forged askers; of what is more, every second one is told to
    /// ask by TCP, and the others nothing. Who has shown a cookie is not limited. Null, the default: no limit.</summary>
    public int? ResponsesPerSecond { get => _responsesPerSecond; init => _responsesPerSecond = value is { } limit ? Setting.Positive(limit) : null; }

    /// <summary>Whether who sends a cookie that is not ours has to come again with one that is (BADCOOKIE; RFC 7873); default false: it is only given one.</summary>
    public bool RequiresCookies { get; init; }

    /// <summary>Makes connections encrypted, by DNS over TLS; then datagrams are not served. Null, the default: plain.</summary>
    public TlsServerOptions? Tls { get; init; }

    internal static DnsServiceOptions Default { get; } = new();
}
