namespace Diesel.Reactive.Protocols.Http;

/// <summary>What the calls of a client share: its hub, its options, and a pool for each authority it has talked to.</summary>
internal sealed class HttpOrigins(HttpClientOptions options, Hub hub, HttpOriginKey home = default) : IDisposable
{
    // Past that, authorities to which there are no connections are forgotten: a crawler sees many.
    private const int ManyOrigins = 256;

    // So many requests at a time are nothing special.
    private const int MostSpare = 256;

    private readonly Dictionary<HttpOriginKey, HttpOrigin> _origins = [];
    private readonly HttpPlaces _places = new();
    private HttpOrigin? _last;
    private HttpCall? _spare;
    private int _spares;
    private bool _isOver;

    public Hub Hub => hub;

    public HttpClientOptions Options => options;

    /// <summary>The client's own authority, if it has one.</summary>
    public HttpOriginKey Home => home;

    public HttpAuthentication Authentication { get; } = new(options);

    /// <summary>All pools.</summary>
    public IReadOnlyCollection<HttpOrigin> All => _origins.Values;

    /// <summary>A call, to be told what is asked. Any thread.</summary>
    public HttpCall Call()
    {
        if (!hub.IsCurrent || _spare is not { } call)
        {
            return new HttpCall(this);
        }

        (_spare, call.Next) = (call.Next, null);
        _spares--;
        return call;
    }

    /// <summary>A call of a recipe.</summary>
    public HttpCall CallOf(HttpRecipe recipe)
    {
        var call = Call();
        call.Ask(recipe.Method, recipe.Target, recipe.Whole);
        call.Send(recipe.Headers, recipe.Body, recipe.ExpectsContinue);
        call.Speak(isHttp10: false, recipe.ProposesSwitch);
        if (recipe.Host is { IsEmpty: false } host)
        {
            call.More.Host = host;
        }

        return call;
    }

    /// <summary>Keeps a call that is over for the next. On the hub.</summary>
    public void Keep(HttpCall call)
    {
        if (_spares < MostSpare)
        {
            (call.Next, _spare) = (_spare, call);
            _spares++;
        }
    }

    /// <summary>Whom a URI leads to, and what is asked there.</summary>
    /// <exception cref="NotSupportedException">It is neither http nor https, or its proxy is not spoken to.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public (HttpOrigin Origin, string Path) Find(Uri uri)
    {
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        {
            throw new NotSupportedException($"{uri.Scheme} is not spoken here: http and https are.");
        }

        ThrowIfOver();
        var proxy = ProxyOf(uri);
        if (proxy is null && _places.TryFind(uri, out var place))
        {
            return place;
        }

        place = (Of(HttpOriginKey.Of(uri, proxy)), uri.PathAndQuery);
        if (proxy is null)
        {
            _places.Keep(uri, place);
        }

        return place;
    }

    public void Dispose()
    {
        _isOver = true;
        foreach (var origin in _origins.Values)
        {
            origin.Dispose();
        }

        _origins.Clear();
        _places.Clear();
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

        _places.Clear();
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
