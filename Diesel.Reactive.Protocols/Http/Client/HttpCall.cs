namespace Diesel.Reactive.Protocols.Http;

/// <summary>One request, from the wish for it to its answer: waits for a connection, is sent, and sent once more where a lost connection, a redirect
/// or a login asks for that.</summary>
/// <remarks>Cold: the first who subscribes gets this one, later ones another like it.</remarks>
internal sealed class HttpCall : Awaitable<HttpReply>, IObserver<Lease<HttpLink>>, IHubWait, IDisposable
{
    private readonly HttpOrigins _origins;
    private Uri? _uri;
    private IObserver<HttpReply>? _observer;
    private HttpLink? _link;
    private HttpOrigin? _origin;
    private HttpCallMore? _more;
    private long _due;
    private bool _isAtHome;
    private bool _hasRetried;
    private bool _isOver;

    public HttpCall(HttpOrigins origins, string method, Uri uri, HttpHeaders headers, HttpRequestBody? body) =>
        (_origins, Method, _uri, Headers, Body, Target) = (origins, method, uri, headers, body, "");

    /// <summary>One to the client's own authority.</summary>
    public HttpCall(HttpOrigins origins, string method, string path, HttpHeaders headers, HttpRequestBody? body) =>
        (_origins, Method, Target, Headers, Body, _isAtHome) = (origins, method, path, headers, body, true);

    public string Method { get; set; }

    /// <summary>What stands in the request line.</summary>
    public string Target { get; private set; }

    /// <summary>The fields as they were asked for, without those that frame the message, and Host.</summary>
    public HttpHeaders Headers { get; set; }

    /// <summary>Fields that are the client's affair: cookies, logins, encodings, the trace. Made anew for each attempt.</summary>
    public ReadOnlyMemory<byte> Extras => HttpExtras.Of(this, _origins, _more?.Span);

    public HttpRequestBody? Body { get; set; }

    /// <summary>The Host field.</summary>
    public ReadOnlyMemory<byte> HostLine => _more?.Host is { } host ? host : _origin!.HostLine;

    /// <summary>A Host that the caller has chosen; null: the authority's own.</summary>
    public ReadOnlyMemory<byte>? Host { init => _more = value is null ? _more : new HttpCallMore { Host = value }; }

    public bool IsHttp10 { get; init; }

    public bool ExpectsContinue { get; set; }

    /// <summary>Whether another protocol may follow (RFC 9110 §7.8), or a tunnel.</summary>
    public bool ProposesSwitch { get; init; }

    /// <summary>Where redirects and logins have led; null: nowhere.</summary>
    public HttpCallMore? Detours => _more;

    /// <summary>The same, made when it is needed.</summary>
    public HttpCallMore More => _more ??= new();

    public HttpOrigin Origin => _origin!;

    public HttpClientOptions Options => _origins.Options;

    public Hub Hub => _origins.Hub;

    public Uri Uri => _uri ??= new Uri($"{_origins.Home.Scheme}://{_origins.Home.Authority}{(Target == "*" ? "/" : Target)}");

    /// <summary>How long it may still take; null: for ever.</summary>
    public TimeSpan? Left => Options.Timeout == System.Threading.Timeout.InfiniteTimeSpan ? null : TimeSpan.FromTicks(Math.Max(0, _due - Hub.TurnTime.UtcTicks));

    public override IDisposable Subscribe(IObserver<HttpReply> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var call = Interlocked.CompareExchange(ref _observer, observer, null) is null ? this : Again(observer);
        if (HttpCallSpan.Begin(call) is { } span)
        {
            call.More.Span = span;
        }

        if (Hub.IsCurrent)
        {
            call.Start();
        }
        else if (!Hub.Post(static call => ((HttpCall)call!).Start(), call))
        {
            call.HubEnded(new ObjectDisposedException(nameof(Hub), "The hub was disposed: nothing is sent any more."));
        }

        return call;
    }

    public void HubEnded(ObjectDisposedException error) => Fail(error);

    /// <summary>Nobody waits for the answer any more.</summary>
    public void Dispose()
    {
        if (!_isOver)
        {
            Hub.Within(GiveUp);
        }
    }

    public void OnNext(Lease<HttpLink> value)
    {
        if (_isOver)
        {
            value.Dispose();
            return;
        }

        // The second attempt counts: others that have rested here may be as dead as the first was.
        if (_hasRetried && value.Value.IsReused)
        {
            value.Discard();
            Hub.Post(static call => ((HttpCall)call!).Borrow(), this);
            return;
        }

        _link = value.Value;
        _more?.HasConnection(_link);
        _link.Begin(this, value);
    }

    public void OnError(Exception error) => Fail(error);

    public void OnCompleted()
    {
    }

    /// <summary>The connection is lost, or something is wrong with it.</summary>
    /// <param name="error">What.</param>
    /// <param name="isUnanswered">Not a byte of an answer has come.</param>
    public void Lost(Exception error, bool isUnanswered)
    {
        if (isUnanswered && !_hasRetried && error is IOException && HttpMethods.IsIdempotent(Method) && Body is not { IsRepeatable: false })
        {
            (_link, _hasRetried) = (null, true);
            Borrow();
        }
        else
        {
            Fail(error);
        }
    }

    /// <summary>There is an answer.</summary>
    public void Answered(HttpReply reply)
    {
        _link = null;
        reply.Call = this;
        Options.Cookies?.Keep(Uri, reply.Head.Headers);
        if (_isOver || IsOnItsWay(reply))
        {
            return;
        }

        _isOver = true;
        reply.IsTold = true;
        reply.Encoding = HttpInflating.EncodingOf(reply.Head, Options.Decompression, Method);
        _more?.Span?.End(reply);
        if (_observer!.TryTell(reply, Hub, this))
        {
            _observer!.TellEnd(null, Hub, this);
        }
        else
        {
            reply.Dispose();
        }
    }

    public void Fail(Exception error)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _more?.End(error);
        _observer!.TellEnd(error, Hub, this);
    }

    /// <summary>It is about to be changed.</summary>
    public void Keep() => More.Original ??= Copy();

    /// <summary>Asks elsewhere, or otherwise.</summary>
    /// <param name="uri">Where.</param>
    public void GoOnAt(Uri uri) => (_uri, _isAtHome, _hasRetried) = (uri, false, false);

    public override string ToString() => $"{Method} {(_isAtHome ? $"{_origins.Home.Scheme}://{_origins.Home.Authority}{Target.Split('?')[0]}" : _uri!.GetLeftPart(UriPartial.Path))}";

    // What the first has changed on its way is the first's.
    private HttpCall Again(IObserver<HttpReply> observer)
    {
        var call = (_more?.Original ?? this).Copy();
        (call._observer, call._link, call._hasRetried, call._isOver) = (observer, null, false, false);
        return call;
    }

    private HttpCall Copy()
    {
        var copy = (HttpCall)MemberwiseClone();
        copy._more = _more?.Host is { } host ? new HttpCallMore { Host = host } : null;
        return copy;
    }

    private void Start()
    {
        if (_isOver)
        {
            return;
        }

        if (Options.Timeout != System.Threading.Timeout.InfiniteTimeSpan)
        {
            _due = Hub.TurnTime.UtcTicks + Options.Timeout.Ticks;
        }

        Borrow();
    }

    private void Borrow()
    {
        if (_isOver)
        {
            return;
        }

        try
        {
            // A proxy is chosen by the URI.
            _origin = _isAtHome && Options.WebProxy is null ? _origins.Of(_origins.Home) : _origins.Of(Uri);
            if (_origin.IsAskedWhole)
            {
                Target = Uri.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
            }
            else if (!_isAtHome)
            {
                Target = Method == "CONNECT" ? $"{Uri.IdnHost}:{Uri.Port}" : Uri.PathAndQuery;
            }
        }
#pragma warning disable CA1031 // A proxy is the user's.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(error);
            return;
        }

        var waiting = _origin.Pool.Borrow().Subscribe(this);
        if (_link is null && !_isOver)
        {
            More.Wait(this, waiting, static call => ((HttpCall)call!).Late());
        }
    }

    private void Late()
    {
        _more?.Waiting?.Dispose();
        Fail(new TimeoutException($"{this} had no connection within {Options.Timeout}: {_origin!.Pool}."));
    }

    private void GiveUp()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _more?.Waiting?.Dispose();
        _more?.End(new OperationCanceledException($"Nobody waits for {this} any more."));
        _link?.Break(new OperationCanceledException($"Nobody waits for {this} any more."));
    }

    // A redirect is followed, and a login answered, as long as the options say so; the answer that led there is let go of.
    private bool IsOnItsWay(HttpReply reply)
    {
        try
        {
            if (!HttpRedirects.TryFollow(this, reply) && !_origins.Authentication.TryAnswer(this, reply))
            {
                return false;
            }
        }
#pragma warning disable CA1031 // Credentials are the user's.
        catch (Exception error)
#pragma warning restore CA1031
        {
            reply.IsTold = true;
            reply.Dispose();
            Fail(error);
            return true;
        }

        reply.IsTold = true;
        reply.Dispose();
        Borrow();
        return true;
    }
}
