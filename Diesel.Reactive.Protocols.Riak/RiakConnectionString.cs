using System.Globalization;
using System.Net;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Where the nodes are, and who connects: <c>riak://user:secret@n1:8087,n2:8087/?tls=true&amp;timeout=2s</c>.</summary>
/// <remarks>Only hosts will do. Parts in which something special occurs are percent-encoded. Parameters: <c>tls</c> (<c>true</c>, <c>false</c>), <c>timeout</c> and
/// <c>stream_timeout</c> (<c>500ms</c>, <c>2s</c>; a number alone is milliseconds), <c>attempts</c>, <c>max_pool</c>, <c>client_id</c>.</remarks>
public sealed class RiakConnectionString
{
    /// <summary>The nodes' port where none is said.</summary>
    public const int Port = 8087;

    private const string SchemeName = "riak";

    private static readonly UriParameters<RiakOptions> Parameters = new()
    {
        { "tls", (options, text) => options with { Tls = IsTrue(text) ? options.Tls ?? new TlsClientOptions() : null }, options => options.Tls is null ? null : "true" },
        { "timeout", (options, text) => options with { Timeout = Span(text) }, options => options.Timeout == TimeSpan.FromSeconds(5) ? null : Text(options.Timeout) },
        { "stream_timeout", (options, text) => options with { StreamTimeout = Span(text) }, options => options.StreamTimeout == TimeSpan.FromSeconds(60) ? null : Text(options.StreamTimeout) },
        { "attempts", (options, text) => options with { Attempts = Number(text) }, options => options.Attempts == 3 ? null : $"{options.Attempts}" },
        { "max_pool", (options, text) => options with { MaxPoolSize = Number(text) }, options => options.MaxPoolSize == 100 ? null : $"{options.MaxPoolSize}" },
        { "client_id", (options, text) => options with { ClientId = (Bytes)text }, options => options.ClientId?.ToText() },
    };

    /// <summary>Makes one.</summary>
    /// <param name="servers">At least one.</param>
    /// <param name="options">Who connects; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no server, or somebody logs in without TLS.</exception>
    public RiakConnectionString(IEnumerable<EndPoint> servers, RiakOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(servers);
        (Servers, Options) = ([.. servers], options ?? new());
        if (Servers.Count == 0)
        {
            throw new ArgumentException("A connection string has a node.", nameof(servers));
        }

        if (Options is { User: not null, Tls: null })
        {
            throw new ArgumentException("Riak takes a log-in within TLS only: say tls=true behind the hosts.", nameof(options));
        }

        if (Options.Tls is not (null or TlsClientOptions))
        {
            throw new ArgumentException($"A client speaks TLS by {nameof(TlsClientOptions)}.", nameof(options));
        }
    }

    /// <summary>The nodes, in order.</summary>
    public IReadOnlyList<EndPoint> Servers { get; }

    /// <summary>Who connects, and bounds that were given along.</summary>
    public RiakOptions Options { get; }

    /// <summary>Reads a connection string.</summary>
    /// <param name="text">The string.</param>
    /// <param name="options">What it does not say; null for the defaults.</param>
    /// <returns>Where to connect to, and as whom.</returns>
    /// <exception cref="ArgumentException">It is none. The message shows no secret, and names the nearest parameter of one that is unknown.</exception>
    public static RiakConnectionString Parse(string text, RiakOptions? options = null)
    {
        var uri = ConnectionUri.Parse(text, SchemeName);
        if (uri.Scheme != SchemeName || uri.Path is not ("" or "/"))
        {
            throw new ArgumentException(uri.Scheme != SchemeName
                ? $"'{uri.Scheme}' is no scheme of Riak: there is riak, with tls=true where TLS is wanted."
                : $"A connection string names no bucket: '{uri.Path}' stands for nothing.");
        }

        options = Parameters.Read(uri, options ?? new());
        options = options with { User = uri.User ?? options.User, Password = uri.Password ?? options.Password };
        return new(uri.Hosts.DefaultIfEmpty(new("localhost")).Select(static host => new DnsEndPoint(host.Name, host.Port ?? Port)), options);
    }

    /// <summary>The string with its password: for another program, never for a log.</summary>
    /// <returns>A URI, which <see cref="Parse"/> reads.</returns>
    public string ToSecretString() => ToUri().ToSecretString();

    /// <summary>The string, with <c>***</c> for the password.</summary>
    public override string ToString() => ToUri().ToString();

    private ConnectionUri ToUri() => new()
    {
        Scheme = SchemeName,
        User = Options.User,
        Password = Options.Password,
        Hosts = [.. Servers.Select(Host)],
        Path = "/",
        Parameters = Parameters.Write(Options),
    };

    private static UriHost Host(EndPoint server) => server switch
    {
        DnsEndPoint name => new(name.Host, name.Port),
        IPEndPoint address => new($"{address.Address}", address.Port),
        _ => throw new NotSupportedException($"{server} cannot be written into a connection string."),
    };

    private static bool IsTrue(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new FormatException("It is true or false."),
    };

    private static TimeSpan Span(string text) =>
        text.EndsWith("ms", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(Number(text[..^2]))
        : text.EndsWith('s') ? TimeSpan.FromSeconds(Number(text[..^1]))
        : TimeSpan.FromMilliseconds(Number(text));

    private static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalMilliseconds}ms");

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
