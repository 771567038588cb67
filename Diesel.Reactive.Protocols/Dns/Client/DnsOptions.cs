namespace Diesel.Reactive.Protocols.Dns;

/// <summary>How a <see cref="DnsClient"/> asks.</summary>
public sealed record DnsOptions
{
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);
    private readonly TimeSpan _attemptTimeout = TimeSpan.FromSeconds(2);
    private readonly TimeSpan _idleTimeout = TimeSpan.FromSeconds(10);
    private readonly int _tries = 3;
    private readonly int _maxInFlight = 100;
    private readonly int _maxQueuedCalls = 10_000;

    /// <summary>How long a query may take, with all that is tried; default 10 s. Attempts share nine tenths of it.</summary>
    public TimeSpan Timeout { get => _timeout; init => _timeout = Setting.Positive(value); }

    /// <summary>How long a server has whose speed is not known yet, before the next is asked as well; default 2 s. Of one that has answered, half as
    /// much again as its smoothed time, from 250 ms on.</summary>
    public TimeSpan AttemptTimeout { get => _attemptTimeout; init => _attemptTimeout = Setting.Positive(value); }

    /// <summary>How often a query is sent to one server over one transport at most; default 3 (RFC 9520).</summary>
    public int Tries { get => _tries; init => _tries = Setting.Within(value, 10); }

    /// <summary>Whether messages are extended by EDNS; default true. A server that does not know it is found out.</summary>
    public bool UsesEdns { get; init; } = true;

    /// <summary>Whether servers are sent cookies, against forged replies (RFC 7873); default true. Needs EDNS.</summary>
    public bool UsesCookies { get; init; } = true;

    /// <summary>Bytes of the largest datagram that is taken; default 1232.</summary>
    public ushort UdpSize { get; init; } = DnsEdns.UsualSize;

    /// <summary>Queries that are written to one connection and not answered; of <c>https://</c>, its connections. Default 100.</summary>
    public int MaxInFlight { get => _maxInFlight; init => _maxInFlight = Setting.Within(value, 10_000); }

    /// <summary>Queries that may wait for a connection; one more fails with <see cref="PipelineFullException"/>. Default 10 000.</summary>
    public int MaxQueuedCalls { get => _maxQueuedCalls; init => _maxQueuedCalls = Setting.Positive(value); }

    /// <summary>How long a connection is kept that nobody needs; default 10 s. A server may want it closed earlier (RFC 7828).</summary>
    public TimeSpan IdleTimeout { get => _idleTimeout; init => _idleTimeout = Setting.Positive(value); }

    /// <summary>How servers of <c>tls://</c> and <c>https://</c> are checked; null: by the system's authorities, for the name in front of their address.</summary>
    public TlsClientOptions? Tls { get; init; }

    internal static DnsOptions Default { get; } = new();
}
