using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>What bounds an HTTP client, its connections and what servers send it.</summary>
/// <remarks>Of what it is made of, <c>ConnectTimeout</c> covers a proxy's and TLS's agreement, too; <c>Tls</c> is how <c>https</c> is spoken, and
/// makes it the scheme of a client that was given a host alone; <c>Proxy</c> tunnels everything, before any <see cref="WebProxy"/> is asked.</remarks>
public sealed record HttpClientOptions : TcpConnectOptions
{
    private const int MostOfHeaders = 64 * 1024;
    private const int MostFields = 1000;

    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(60);
    private readonly TimeSpan _queueTimeout = TimeSpan.FromSeconds(60);
    private readonly TimeSpan _idleTimeout = TimeSpan.FromMinutes(1);
    private readonly TimeSpan _lifetime = System.Threading.Timeout.InfiniteTimeSpan;
    private readonly TimeSpan _expectTimeout = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _drainTimeout = TimeSpan.FromSeconds(2);
    private readonly int _maxConnections = 1000;
    private readonly int _maxWaiting = 10_000;
    private readonly int _maxInterim = 32;
    private readonly int _maxRedirects = 50;
    private readonly long _maxDrain = 1024 * 1024;
    private readonly long _maxInflated = long.MaxValue;

    /// <summary>How long a request may take until the head of its answer is there, redirects and waiting for a connection included, and then how
    /// long each further piece of the body may take while somebody wants it; default 60 s, <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>:
    /// for ever. On the hub's clock.</summary>
    public TimeSpan Timeout { get => _timeout; init => _timeout = Setting.PositiveOrInfinite(value); }

    /// <summary>Connections to one authority; default 1000. Further requests wait.</summary>
    public int MaxConnections { get => _maxConnections; init => _maxConnections = Setting.Positive(value); }

    /// <summary>Requests that may wait for a connection to one authority; default 10 000. One more fails with
    /// <see cref="PoolExhaustedException"/>, which tells the numbers.</summary>
    public int MaxWaiting { get => _maxWaiting; init => _maxWaiting = Setting.Positive(value); }

    /// <summary>How long a request waits for a connection, one that is made for it included; default 60 s. Then it fails with
    /// <see cref="PoolTimeoutException"/>, which tells the numbers.</summary>
    public TimeSpan QueueTimeout { get => _queueTimeout; init => _queueTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>How long a connection is kept without a request; default one minute. A server that says how patient it is
    /// (<c>Keep-Alive: timeout</c>) is believed, if that is less.</summary>
    public TimeSpan IdleTimeout { get => _idleTimeout; init => _idleTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>How old a connection may be when a request gets it; default: no limit but the lifetime of the address, as far as the hub's resolver
    /// tells it.</summary>
    public TimeSpan Lifetime { get => _lifetime; init => _lifetime = Setting.PositiveOrInfinite(value); }

    /// <summary>How long the body of a request with <c>Expect: 100-continue</c> waits for the server; default 1 s. Then it is sent.</summary>
    public TimeSpan ExpectTimeout { get => _expectTimeout; init => _expectTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>Bytes of a body that nobody wants, which are read so that its connection may be used again; default 1 MiB. Of a longer one the
    /// connection is closed.</summary>
    public long MaxDrain { get => _maxDrain; init => _maxDrain = Setting.Positive(value); }

    /// <summary>How long that may take; default 2 s.</summary>
    public TimeSpan DrainTimeout { get => _drainTimeout; init => _drainTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>Interim answers (1xx) to one request; default 32. One more ends it.</summary>
    public int MaxInterim { get => _maxInterim; init => _maxInterim = Setting.Positive(value); }

    /// <summary>Whether answers that lead elsewhere are followed; default true.</summary>
    public bool FollowRedirects { get; init; } = true;

    /// <summary>How often; default 50. The one behind that is the answer.</summary>
    public int MaxRedirects { get => _maxRedirects; init => _maxRedirects = Setting.Positive(value); }

    /// <summary>Cookies that are sent and kept; default null: none.</summary>
    public CookieContainer? Cookies { get; init; }

    /// <summary>Which encodings are asked for and undone; default none.</summary>
    public DecompressionMethods Decompression { get; init; }

    /// <summary>Bytes that the body of one answer may inflate to; default: no limit, as it is inflated piece by piece while it is read.</summary>
    public long MaxInflated { get => _maxInflated; init => _maxInflated = Setting.Positive(value); }

    /// <summary>Who asks, for servers that want to know: Digest and Basic are spoken. NTLM and Negotiate are refused. Default null: nobody.</summary>
    public ICredentials? Credentials { get; init; }

    /// <summary>Whether credentials a server has asked for once are sent without being asked again; default false.</summary>
    public bool PreAuthenticate { get; init; }

    /// <summary>Which proxy a request goes by: <c>http</c> ones (<c>https</c> requests through a tunnel) and <c>socks5</c> ones.
    /// Default null: none; <see cref="System.Net.Http.HttpClient.DefaultProxy"/> is what the environment names.</summary>
    public IWebProxy? WebProxy { get; init; }

    /// <summary>What a server may send.</summary>
    public HttpLimits Limits { get; init; } = new() { MaxHeaders = MostOfHeaders, MaxFields = MostFields, MaxBody = long.MaxValue };

    internal static HttpClientOptions Default { get; } = new();
}
