namespace Diesel.Reactive.Protocols.Http;

/// <summary>How long a connection waits for its server, and whether it reads: not while nobody wants what comes, and not much that is
/// thrown away.</summary>
internal sealed class HttpLinkPace
{
    private readonly HttpLink _link;
    private readonly HttpClientOptions _options;
    private readonly Deadline _deadline;
    private IDisposable? _hold;
    private long _drained;
    private bool _isOver;

    public HttpLinkPace(HttpLink link, HttpClientOptions options)
    {
        (_link, _options) = (link, options);
        _deadline = new Deadline(link.Hub, static pace => ((HttpLinkPace)pace!).Late(), this);
    }

    /// <summary>A request is sent: its head is to come within what is left of its time. Between two requests the deadline stays as it is,
    /// and means nothing; so it is moved, and never set anew.</summary>
    public void Begin(TimeSpan? left)
    {
        if (left is { } time)
        {
            _deadline.Reset(time);
        }
    }

    /// <summary>Some of the body has come: the next has a time of its own.</summary>
    public void GoOn()
    {
        if (_options.Timeout != Timeout.InfiniteTimeSpan)
        {
            _deadline.Reset(_options.Timeout);
        }
    }

    /// <summary>Nobody takes what comes.</summary>
    public void Hold() => _hold ??= _link.Connection.Pause();

    /// <summary>Somebody takes what comes.</summary>
    public void LetGo()
    {
        if (!_isOver)
        {
            GoOn();
            Release();
        }
    }

    /// <summary>What comes from now on is thrown away.</summary>
    /// <param name="announced">How much that is; negative: nobody knows.</param>
    /// <returns>False: too much.</returns>
    public bool TryDrain(long announced)
    {
        if (announced > _options.MaxDrain)
        {
            return false;
        }

        _drained = 0;
        _deadline.Reset(_options.DrainTimeout);
        Release();
        return true;
    }

    /// <summary>Some was thrown away.</summary>
    /// <returns>False: too much.</returns>
    public bool TryDrop(int count) => (_drained += count) <= _options.MaxDrain;

    /// <summary>The answer is whole, though its last piece was one too many: the next is read.</summary>
    public void Rest() => Release();

    public void End()
    {
        _isOver = true;
        _deadline.Cancel();
        Release();
    }

    public override string ToString() => _link.ToString();

    private void Release()
    {
        var hold = _hold;
        _hold = null;
        hold?.Dispose();
    }

    private void Late()
    {
        if (_link.IsBodyHeld)
        {
            GoOn();
        }
        else
        {
            _link.Late();
        }
    }
}
