namespace Diesel.Reactive.Protocols.Http;

/// <summary>An HTTP/1.1 client on the hub: requests that are awaited, and answers whose bodies are observables with back pressure.</summary>
/// <remarks>
/// <para>Connections are kept, one pool for each authority, and each is read from while it is at rest: what comes then, and the server's end, takes it
/// out at once. A request whose connection is lost before a byte of the answer came is sent once more if it is idempotent and its body can
/// be repeated; never otherwise. Redirects are followed, and credentials stay with their origin.</para>
/// <para>Any thread; an answer belongs to the hub's. Idea: diesel's <c>HttpClient</c>, whose <c>request(method, path, headers)</c> this is.</para>
/// </remarks>
public sealed class HttpHubClient : IDisposable
{
    private readonly HttpOrigins _origins;

    // A recipe knows nothing of how it goes: whoever asks for the same again is given the same.
    private HttpRecipe? _last;

    /// <summary>Makes a client of a host.</summary>
    /// <param name="host">A name, or an address in text.</param>
    /// <param name="port">1 to 65535; null: the scheme's own.</param>
    /// <param name="options">Bounds, timeouts; with <c>Tls</c> the scheme is <c>https</c>. Null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public HttpHubClient(string host, int? port = null, HttpClientOptions? options = null, Hub? hub = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port ?? 1, 1, nameof(port));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port ?? 1, ushort.MaxValue, nameof(port));
        options ??= HttpClientOptions.Default;
        var isTls = options.Tls is not null;
        var authority = new HttpOriginKey(isTls, host, port ?? (isTls ? HttpOriginKey.HttpsPort : HttpOriginKey.HttpPort), null);
        _origins = new HttpOrigins(options, hub ?? Hub.Current ?? Hub.Default, authority);
    }

    /// <summary>Makes a client of an origin.</summary>
    /// <param name="origin"><c>http</c> or <c>https</c>, host and port; a path in it counts for nothing.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="origin"/> is null.</exception>
    /// <exception cref="ArgumentException">It is none.</exception>
    public HttpHubClient(Uri origin, HttpClientOptions? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(origin);
        var authority = origin.IsAbsoluteUri && origin.Scheme is "http" or "https" ? HttpOriginKey.Of(origin, null)
            : throw new ArgumentException($"{origin} is no URI of http or https.", nameof(origin));
        _origins = new HttpOrigins(options ?? HttpClientOptions.Default, hub ?? Hub.Current ?? Hub.Default, authority);
    }

    /// <summary>The numbers of the connections to its own authority. On the hub.</summary>
    public PoolCounts Counts => _origins.Of(_origins.Home).Pool.Counts;

    /// <summary>Asks.</summary>
    /// <param name="method">A token; case matters.</param>
    /// <param name="path">Begins with a slash, and has its query; escaped. Or a whole URI: of another authority, say.</param>
    /// <param name="headers">But those that frame the message. A Host takes the place of the authority's; <c>Expect: 100-continue</c> has the body wait.</param>
    /// <param name="body">Null: none.</param>
    /// <returns>Cold: nothing is sent before <c>await</c> or <c>Subscribe</c>, and each is a request of its own. One answer, as soon as its head is
    /// there; unsubscribed before, its connection is closed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> or <paramref name="path"/> is null.</exception>
    /// <exception cref="ArgumentException">Path or headers are none that can be sent.</exception>
    /// <remarks>Errors: <see cref="HttpRefusedException"/> for what is no answer by the grammar or passes a limit, <see cref="ConnectionException"/>,
    /// <see cref="TimeoutException"/>, <see cref="PoolExhaustedException"/>, <see cref="ObjectDisposedException"/>. A status is an answer,
    /// whatever it says. Idea: diesel's <c>request</c>.</remarks>
    public Awaitable<HttpReply> Request(string method, string path, HttpHeaders headers = default, HttpRequestBody? body = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(path);
        var isPath = path is ['/', ..] or "*" || method == "CONNECT";
        if (!isPath || !headers.IsEmpty || body is not null)
        {
            return new HttpFullRecipe(_origins, method, isPath ? path : "", headers, body, isPath ? null : UriOf(path));
        }

        return _last is { } last && last.Is(method, path) ? last : _last = new HttpRecipe(_origins, method, path);
    }

    /// <summary>Lends nothing any more: requests under way finish, and idle connections are closed.</summary>
    public void Dispose() => _origins.Hub.Within(_origins.Dispose);

    /// <summary>Whom it asks.</summary>
    public override string ToString() => $"HTTP client of {_origins.Home}";

    private static Uri UriOf(string path) => Uri.TryCreate(path, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri!
        : throw new ArgumentException($"'{path}' is no path: it begins with a slash, or is a whole URI of http or https.", nameof(path));
}
