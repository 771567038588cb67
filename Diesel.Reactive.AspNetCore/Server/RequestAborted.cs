namespace Diesel.Reactive.AspNetCore;

/// <summary>Tells an application that nobody waits for its response any more: a token that is made when it is asked for, before or afterwards. From any thread.</summary>
internal sealed class RequestAborted(HubSession session)
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _source;
    private bool _isDue;

    public CancellationToken Token
    {
        get
        {
            CancellationTokenSource source;
            lock (_gate)
            {
                if (_source is { } known)
                {
                    return known.Token;
                }

                source = _source = new();
                if (!_isDue)
                {
                    return source.Token;
                }
            }

            // Nobody listens to it yet.
            source.Cancel();
            return source.Token;
        }
    }

    /// <summary>It is so.</summary>
    public void Cancel()
    {
        CancellationTokenSource? source;
        lock (_gate)
        {
            (source, _isDue) = (_isDue ? null : _source, true);
        }

        if (source is not null)
        {
            CancelLater(source);
        }
    }

    /// <summary>It is another request's from now on: one that nobody watches is used again.</summary>
    public void Forget() => (_source, _isDue) = (_source is { } known && known.TryReset() ? known : null, false);

    // What the application does about it is not for the hub's thread, unless it runs there.
    private void CancelLater(CancellationTokenSource source)
    {
        if (session.Served.Options.RunsOnHub)
        {
            session.Hub.Post(static source => ((CancellationTokenSource)source!).Cancel(), source);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), source, preferLocal: false);
        }
    }
}
