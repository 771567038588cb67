using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Where memcached is, and how to log in, as one string.</summary>
/// <remarks><c>memcached://user:password@host:11211,other?hash=ketama-weighted&amp;weights=2,1</c>, with TLS <c>memcacheds://…</c>; only hosts;
/// <c>unix:///run/memcached.sock</c>. Parts in which something special occurs are percent-encoded. Parameters: <c>hash</c> (<c>ketama</c>,
/// <c>ketama-weighted</c>, <c>rendezvous</c>), <c>weights</c>, <c>errors</c> (<c>misses</c>), <c>eject_after</c>, <c>compress_above</c>.</remarks>
public sealed class MemcachedConnectionString
{
    private const int Port = 11211;
    private const string UnixScheme = "unix";

    private static readonly UriParameters<MemcachedOptions> Parameters = new()
    {
        { "hash", (options, text) => options with { Hash = HashOf(text) }, options => options.Hash == MemcachedHash.Ketama ? null : NameOf(options.Hash) },
        { "weights", (options, text) => options with { Weights = [.. text.Split(',').Select(Number)] }, options => options.Weights is { } weights ? string.Join(',', weights) : null },
        { "errors", (options, text) => text == "misses" ? options with { AreErrorsMisses = true } : throw new FormatException("It is 'misses', or left out."), options => options.AreErrorsMisses ? "misses" : null },
        { "eject_after", (options, text) => options with { EjectAfter = Number(text) }, options => options.EjectAfter?.ToString(CultureInfo.InvariantCulture) },
        { "compress_above", (options, text) => options with { CompressAbove = Number(text) }, options => options.CompressAbove?.ToString(CultureInfo.InvariantCulture) },
    };

    /// <summary>Makes one.</summary>
    /// <param name="servers">At least one: names, addresses or Unix sockets.</param>
    /// <param name="options">Who connects; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no server, or as many weights as there are no servers.</exception>
    public MemcachedConnectionString(IEnumerable<EndPoint> servers, MemcachedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(servers);
        (Servers, Options) = ([.. servers], options ?? new());
        if (Servers.Count == 0)
        {
            throw new ArgumentException("A connection string has a server.", nameof(servers));
        }

        if (Options.Weights is { } weights && (weights.Count != Servers.Count || weights.Any(static weight => weight <= 0)))
        {
            throw new ArgumentException($"There are {Servers.Count} servers, so there are as many weights, each greater than zero.", nameof(options));
        }
    }

    /// <summary>Where to connect to.</summary>
    public IReadOnlyList<EndPoint> Servers { get; }

    /// <summary>Who connects, and bounds that were given along.</summary>
    public MemcachedOptions Options { get; }

    /// <summary>Reads a connection string.</summary>
    /// <param name="text">The string.</param>
    /// <param name="options">What it does not say; null for the defaults.</param>
    /// <returns>Where to connect to, and as whom.</returns>
    /// <exception cref="ArgumentException">It is none. The message shows no secret, and names the nearest parameter of one that is
    /// unknown.</exception>
    public static MemcachedConnectionString Parse(string text, MemcachedOptions? options = null)
    {
        var uri = ConnectionUri.Parse(text, "memcached");
        options = Parameters.Read(uri, options ?? new());
        options = options with { User = uri.User ?? options.User, Password = uri.Password ?? options.Password };
        if (options.User is null != options.Password is null)
        {
            throw new ArgumentException("Who logs in has a name and a password: memcached://user:password@host.");
        }

        if (uri.Scheme == UnixScheme)
        {
            return uri.Hosts.Count == 0 && uri.Path.Length > 1
                ? new([new UnixDomainSocketEndPoint(uri.Path)], options)
                : throw new ArgumentException("A Unix socket has a path and no host: unix:///run/memcached.sock.");
        }

        if (uri.Path is not ("" or "/"))
        {
            throw new ArgumentException($"memcached has no databases: '{uri.Path}' stands for nothing.");
        }

        options = options with { Tls = uri.Scheme switch
        {
            "memcached" => options.Tls,
            "memcacheds" => options.Tls ?? new TlsClientOptions(),
            _ => throw new ArgumentException($"'{uri.Scheme}' is no scheme of memcached: there are memcached, memcacheds and unix."),
        } };
        return new(uri.Hosts.DefaultIfEmpty(new("localhost")).Select(static host => new DnsEndPoint(host.Name, host.Port ?? Port)), options);
    }

    /// <summary>The string with its password: for another program, never for a log.</summary>
    /// <returns>A URI, which <see cref="Parse"/> reads.</returns>
    public string ToSecretString() => ToUri().ToSecretString();

    /// <summary>The string, with <c>***</c> for the password.</summary>
    public override string ToString() => ToUri().ToString();

    private ConnectionUri ToUri()
    {
        var socket = Servers[0] as UnixDomainSocketEndPoint;
        return new()
        {
            Scheme = socket is not null ? UnixScheme : Options.Tls is null ? "memcached" : "memcacheds",
            User = Options.User,
            Password = Options.Password,
            Hosts = socket is null ? [.. Servers.Select(Host)] : [],
            Path = socket?.ToString() ?? "",
            Parameters = Parameters.Write(Options),
        };
    }

    private static UriHost Host(EndPoint server) => server switch
    {
        DnsEndPoint name => new(name.Host, name.Port),
        IPEndPoint address => new($"{address.Address}", address.Port),
        _ => throw new NotSupportedException($"{server} cannot be written into a connection string."),
    };

    private static MemcachedHash HashOf(string text) => text switch
    {
        "ketama" => MemcachedHash.Ketama,
        "ketama-weighted" => MemcachedHash.KetamaWeighted,
        "rendezvous" => MemcachedHash.Rendezvous,
        _ => throw new FormatException("There are ketama, ketama-weighted and rendezvous."),
    };

    private static string NameOf(MemcachedHash hash) => hash == MemcachedHash.KetamaWeighted ? "ketama-weighted" : "rendezvous";

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
