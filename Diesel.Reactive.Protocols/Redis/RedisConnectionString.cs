using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Where Redis is, and how to log in, as one string.</summary>
/// <remarks>
/// <para><c>redis://user:password@host:6379/2?client_name=web</c>, with TLS <c>rediss://…</c>; only the host; several hosts, parted by commas;
/// <c>unix:///run/redis.sock?db=2</c>; and with Sentinel <c>redis+sentinel://host1,host2/service?db=2</c>, <c>rediss+sentinel://…</c>. Parts in which
/// something special occurs are percent-encoded. Parameters: <c>db</c>, <c>password</c>, <c>client_name</c>, <c>protocol</c> (2 or 3), <c>cluster</c> (true: also of one host),
/// <c>read_from</c> (<see cref="ReadFrom"/>), <c>sentinel_user</c>, <c>sentinel_password</c>.</para>
/// <para>Source: the schemes <c>redis</c> and <c>rediss</c> as they are registered with IANA, and redis-py's <c>unix</c>.</para>
/// </remarks>
public sealed class RedisConnectionString
{
    private const int Port = 6379;
    private const int SentinelPort = 26379;
    private const string UnixScheme = "unix";
    private const string SentinelSuffix = "+sentinel";

    private static readonly UriParameters<RedisOptions> Parameters = new()
    {
        { "db", (options, text) => options with { Database = Number(text) }, options => options.Database == 0 ? null : Text(options.Database) },
        { "password", (options, text) => options with { Password = text }, _ => null },
        { "client_name", (options, text) => options with { ClientName = text }, options => options.ClientName },
        { "cluster", (options, text) => options with { Cluster = bool.Parse(text) ? options.Cluster ?? new() : null }, options => options.Cluster is null ? null : "true" },
        { "read_from", (options, text) => options with { ReadFrom = Enum.Parse<ReadFrom>(text, ignoreCase: true) }, options => options.ReadFrom == default ? null : $"{options.ReadFrom}".ToLowerInvariant() },
        { "sentinel_user", (options, text) => options with { SentinelUser = text }, options => options.SentinelUser },
        { "sentinel_password", (options, text) => options with { SentinelPassword = text }, options => options.SentinelPassword },
        { "protocol", (options, text) => options with { Protocol = (RespVersion)Number(text) }, options => options.Protocol is { } version ? Text((int)version) : null },
    };

    /// <summary>Makes one.</summary>
    /// <param name="servers">At least one: names, addresses or Unix sockets; with a service the Sentinels.</param>
    /// <param name="options">Who connects; null for the defaults.</param>
    /// <param name="service">What Sentinel calls the servers; null: there is none.</param>
    /// <exception cref="ArgumentException">There is no server.</exception>
    public RedisConnectionString(IEnumerable<EndPoint> servers, RedisOptions? options = null, string? service = null)
    {
        ArgumentNullException.ThrowIfNull(servers);
        (Servers, Options, Service) = ([.. servers], options ?? new(), service);
        if (Servers.Count == 0)
        {
            throw new ArgumentException("A connection string has a server.", nameof(servers));
        }
    }

    /// <summary>Where to connect to; with a <see cref="Service"/> the Sentinels.</summary>
    public IReadOnlyList<EndPoint> Servers { get; }

    /// <summary>What Sentinel calls the servers; null: they are not Sentinels.</summary>
    public string? Service { get; }

    /// <summary>Who connects, and bounds that were given along.</summary>
    public RedisOptions Options { get; }

    /// <summary>Reads a connection string.</summary>
    /// <param name="text">The string.</param>
    /// <param name="options">What it does not say; null for the defaults.</param>
    /// <returns>Where to connect to, and as whom.</returns>
    /// <exception cref="ArgumentException">It is none. The message shows no secret, and names the nearest parameter of one that is
    /// unknown.</exception>
    public static RedisConnectionString Parse(string text, RedisOptions? options = null)
    {
        var uri = ConnectionUri.Parse(text, "redis");
        var isSentinel = uri.Scheme.EndsWith(SentinelSuffix, StringComparison.Ordinal);
        var scheme = isSentinel ? uri.Scheme[..^SentinelSuffix.Length] : uri.Scheme;
        options = Parameters.Read(uri, LogIn(uri, options ?? new()));
        if (scheme == UnixScheme && !isSentinel)
        {
            return new([Socket(uri)], options);
        }

        options = options with { Tls = scheme switch
        {
            "redis" => options.Tls,
            "rediss" => options.Tls ?? new TlsClientOptions(),
            _ => throw new ArgumentException($"'{uri.Scheme}' is no scheme of Redis: there are redis, rediss, unix, redis+sentinel and rediss+sentinel."),
        } };
        var port = isSentinel ? SentinelPort : Port;
        var servers = uri.Hosts.DefaultIfEmpty(new("localhost")).Select(host => (EndPoint)new DnsEndPoint(host.Name, host.Port ?? port));
        return isSentinel ? new(servers, options, ServiceIn(uri)) : new(servers, options with { Database = DatabaseIn(uri) ?? options.Database });
    }

    /// <summary>The string with its password: for another program, never for a log.</summary>
    /// <returns>A URI, which <see cref="Parse"/> reads.</returns>
    public string ToSecretString() => ToUri().ToSecretString();

    /// <summary>The string, with <c>***</c> for the password.</summary>
    public override string ToString() => ToUri().ToString();

    private static RedisOptions LogIn(ConnectionUri uri, RedisOptions options)
    {
        var asParameter = uri.Parameters.Any(parameter => parameter.Key == "password");
        if (uri.Password is not null && asParameter)
        {
            throw new ArgumentException("The connection string has two passwords, before its host and as a parameter.");
        }

        // As it is registered, this is a user; older clients took it for the password.
        if (uri.User is not null && uri.Password is null && !asParameter && options.Password is null)
        {
            throw new ArgumentException(
                "What stands before the '@' of the connection string could be a user or a password: write redis://:password@host, or redis://user:password@host.");
        }

        return options with { User = uri.User ?? options.User, Password = uri.Password ?? options.Password };
    }

    private static UnixDomainSocketEndPoint Socket(ConnectionUri uri) => uri.Hosts.Count == 0 && uri.Path.Length > 1
        ? new(uri.Path)
        : throw new ArgumentException("A Unix socket has a path and no host: unix:///run/redis.sock.");

    private static string ServiceIn(ConnectionUri uri) => uri.Path.Length > 1
        ? uri.Path[1..]
        : throw new ArgumentException("With Sentinel, the path of the connection string names the service: redis+sentinel://host/service.");

    private static int? DatabaseIn(ConnectionUri uri)
    {
        if (uri.Path is "" or "/")
        {
            return null;
        }

        if (uri.Parameters.Any(parameter => parameter.Key == "db"))
        {
            throw new ArgumentException("The connection string has two databases, as its path and as a parameter.");
        }

        return int.TryParse(uri.Path.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var database)
            ? database
            : throw new ArgumentException($"The path of the connection string, '{uri.Path}', is no number of a database.");
    }

    private ConnectionUri ToUri()
    {
        var socket = Servers[0] as UnixDomainSocketEndPoint;
        var isPath = socket is null && Service is null;
        return new()
        {
            Scheme = socket is not null ? UnixScheme : (Options.Tls is not null ? "rediss" : "redis") + (Service is null ? "" : SentinelSuffix),
            // A user without a password is no log-in, and could be read as a password.
            User = Options.Password is null ? null : Options.User,
            Password = Options.Password,
            Hosts = socket is null ? [.. Servers.Select(Host)] : [],
            Path = socket is not null ? $"{socket}" : Service is not null ? $"/{Service}" : Options.Database == 0 ? "" : $"/{Text(Options.Database)}",
            Parameters = [.. Parameters.Write(Options).Where(parameter => !isPath || parameter.Key != "db")],
        };
    }

    private static UriHost Host(EndPoint server) => server switch
    {
        DnsEndPoint name => new(name.Host, name.Port),
        IPEndPoint address => new($"{address.Address}", address.Port),
        _ => throw new NotSupportedException($"{server} cannot be written into a connection string."),
    };

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
