namespace Diesel.Reactive.Protocols.Http;

/// <summary>One request, from the wish for it to its answer: waits for a connection, is sent, and sent once more where a lost connection, a redirect
/// or a login asks for that.</summary>
/// <remarks>One that was begun on the hub by who is told one thing only, and that nothing became of but its answer, is known to nobody then, and is used
/// again for the next request.</remarks>
internal sealed class HttpCall(HttpOrigins origins) : HttpAsked, IObserver<Lease<HttpLink>>, IHubWait, IDisposable
{
    private Uri? _uri;
    private IObserver<HttpReply>? _observer;
    private HttpLink? _link;
    private HttpOrigin? _origin;
    private HttpCallMore? _more;
    private long _due;
    private bool _isAtHome;
    private bool _isToldOnce;
    private bool _isOfHub;
    private bool _hasRetried;
    private bool _isOver;

    /// <summary>Fields that are the client's affair: cookies, logins, encodings, the trace. Made anew for each attempt.</summary>
    public ReadOnlyMemory<byte> Extras => HttpExtras.Of(this, origins, _more?.Span);

    /// <summary>The Host field.</summary>
    public ReadOnlyMemory<byte> HostLine => _more is { Host.IsEmpty: false } more ? more.Host : _origin!.HostLine;

    /// <summary>Where redirects and logins have led; null: nowhere.</summary>
    public HttpCallMore? Detours => _more;

    /// <summary>The same, made when it is needed.</summary>
    public HttpCallMore More => _more ??= new();

    public HttpOrigin Origin => _origin!;

    public HttpClientOptions Options => origins.Options;

    public Hub Hub => origins.Hub;

    public Uri Uri => _uri ??= origins.Home.UriOf(Target);

    /// <summary>How long it may still take; null: for ever.</summary>
    public TimeSpan? Left => Options.Timeout == System.Threading.Timeout.InfiniteTimeSpan ? null : TimeSpan.FromTicks(Math.Max(0, _due - Hub.TurnTime.UtcTicks));

    /// <summary>The next that stands by to be used.</summary>
    public HttpCall? Next { get; set; }

    /// <summary>Says what is asked.</summary>
    /// <param name="method">A token.</param>
    /// <param name="target">A path at the client's own authority; of a request with a URI, nothing.</param>
    /// <param name="uri">Null: it has a path.</param>
    public void Ask(string method, string target, Uri? uri)
    {
        Ask(method, target);
        (_uri, _isAtHome) = (uri, uri is null);
    }

    /// <summary>Sends it.</summary>
    /// <param name="observer">Who wants the answer.</param>
    /// <param name="isToldOnce">Whether that one is told one thing only, and leaves what this gives alone then.</param>
    /// <returns>Gives it up.</returns>
    public IDisposable Begin(IObserver<HttpReply> observer, bool isToldOnce)
    {
        (_observer, _isToldOnce, _isOfHub) = (observer, isToldOnce, Hub.IsCurrent);
        if (HttpCallSpan.Begin(this) is { } span)
        {
            More.Span = span;
        }

        if (_isOfHub)
        {
            Start();
        }
        else if (!Hub.Post(static call => ((HttpCall)call!).Start(), this))
        {
            HubEnded(new ObjectDisposedException(nameof(Hub), "The hub was disposed: nothing is sent any more."));
        }

        return this;
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
        Options.Cookies?.Keep(Uri, reply.Head.Headers);
        if (_isOver || IsOnItsWay(reply))
        {
            return;
        }

        _isOver = true;
        reply.IsTellable(_uri ?? (object)Target, HttpInflating.EncodingOf(reply.Head, Options.Decompression, Method));
        _more?.Span?.End(reply);
        var (observer, isToldMore) = (_observer!, !_isToldOnce);
        _observer = null;
        if (!isToldMore && _isOfHub && _more is null && reply.IsWhole)
        {
            Rest();
        }

        if (!observer.TryTell(reply, Hub, reply))
        {
            reply.Dispose();
        }
        else if (isToldMore)
        {
            observer.TellEnd(null, Hub, reply);
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
        var observer = _observer!;
        _observer = null;
        observer.TellEnd(error, Hub, this);
    }

    /// <summary>Asks elsewhere, or otherwise.</summary>
    /// <param name="uri">Where.</param>
    public void GoOnAt(Uri uri) => (_uri, _isAtHome, _hasRetried) = (uri, false, false);

    public override string ToString() => $"{Method} {(_isAtHome ? $"{origins.Home.Scheme}://{origins.Home.Authority}{Target.Split('?')[0]}" : _uri!.GetLeftPart(UriPartial.Path))}";

    // Nobody knows it any more.
    private void Rest()
    {
        Forget();
        (_uri, _origin) = (null, null);
        (_hasRetried, _isOver) = (false, false);
        origins.Keep(this);
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
            (_origin, var path) = _isAtHome && Options.WebProxy is null ? (origins.Of(origins.Home), Target) : origins.Find(Uri);
            if (_origin.IsAskedWhole)
            {
                Target = Uri.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
            }
            else if (!_isAtHome)
            {
                Target = Method == "CONNECT" ? $"{Uri.IdnHost}:{Uri.Port}" : path;
            }
        }
        catch (Exception error)
        {
            // A proxy is the user's.
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
            if (HttpRedirects.TryFollow(this, reply))
            {
                More.Span = More.Span?.Next(reply);
            }
            else if (!origins.Authentication.TryAnswer(this, reply))
            {
                return false;
            }
        }
        catch (Exception error)
        {
            // Credentials are the user's.
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
