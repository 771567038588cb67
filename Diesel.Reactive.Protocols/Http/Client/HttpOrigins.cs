namespace Diesel.Reactive.Protocols.Http;

/// <summary>What the calls of a client share: its hub, its options, and a pool for each authority it has talked to.</summary>
internal sealed class HttpOrigins(HttpClientOptions options, Hub hub, HttpOriginKey home = default) : IDisposable
{
    // Past that, authorities to which there are no connections are forgotten: a crawler sees many.
    private const int ManyOrigins = 256;

    private readonly Dictionary<HttpOriginKey, HttpOrigin> _origins = [];
    private HttpOrigin? _last;
    private bool _isOver;

    public Hub Hub => hub;

    public HttpClientOptions Options => options;

    /// <summary>The client's own authority, if it has one.</summary>
    public HttpOriginKey Home => home;

    public HttpAuthentication Authentication { get; } = new(options);

    /// <summary>All pools.</summary>
    public IReadOnlyCollection<HttpOrigin> All => _origins.Values;

    /// <summary>Whom a URI leads to.</summary>
    /// <exception cref="NotSupportedException">It is neither http nor https, or its proxy is not spoken to.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public HttpOrigin Of(Uri uri)
    {
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        {
            throw new NotSupportedException($"{uri.Scheme} is not spoken here: http and https are.");
        }

        return Of(HttpOriginKey.Of(uri, ProxyOf(uri)));
    }

    public void Dispose()
    {
        _isOver = true;
        foreach (var origin in _origins.Values)
        {
            origin.Dispose();
        }

        _origins.Clear();
        _last = null;
    }

    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public void ThrowIfOver() => ObjectDisposedException.ThrowIf(_isOver, typeof(HttpHubClient));

    public HttpOrigin Of(HttpOriginKey key)
    {
        ThrowIfOver();
        if (_last is { } last && last.Key == key)
        {
            return last;
        }

        if (!_origins.TryGetValue(key, out var origin))
        {
            Forget();
            origin = new HttpOrigin(key, options, options.WebProxy?.Credentials, hub);
            _origins.Add(key, origin);
        }

        _last = origin;
        return origin;
    }

    private Uri? ProxyOf(Uri uri) => options.WebProxy is { } proxy && !proxy.IsBypassed(uri) ? proxy.GetProxy(uri) is { } found && found != uri ? found : null : null;

    private void Forget()
    {
        if (_origins.Count < ManyOrigins)
        {
            return;
        }

        foreach (var (key, origin) in _origins)
        {
            if (origin.Pool.Counts is { Lent: 0, Idle: 0, Pending: 0, Waiting: 0 })
            {
                _origins.Remove(key);
                origin.Dispose();
            }
        }
    }
}
