namespace Diesel.Reactive;

/// <summary>What ends with a hub: what holds something of the system's is aborted, who waits is told.</summary>
internal sealed class HubEnding(Hub hub)
{
    private readonly HashSet<IHubResource> _resources = [];
    private readonly HubWaits _waits = new();
    private bool _closed;

    /// <summary>Asks for the last turn, and waits for it where that can be.</summary>
    public void Begin(IEventLoop loop)
    {
        if (hub.IsCurrent)
        {
            hub.TearDown();
        }
        else if (loop.IsVirtual)
        {
            hub.RunLastTurn();
        }
        else if (!loop.HasThread || Hub.Current is not null)
        {
            // Nobody waits on another hub's thread, nor for a thread that may be the caller's own: the hub ends in its own time.
            hub.Post(static h => ((Hub)h!).TearDown(), hub);
        }
        else
        {
            EndAndWait();
        }
    }

    /// <summary>Ends with the hub, which aborts it; one that comes too late is aborted at once. Any thread.</summary>
    public void Register(IHubResource resource)
    {
        lock (_resources)
        {
            if (!_closed)
            {
                _resources.Add(resource);
                return;
            }
        }

        resource.Abort();
    }

    /// <summary>It has ended by itself. Any thread.</summary>
    public void Unregister(IHubResource resource)
    {
        lock (_resources)
        {
            _resources.Remove(resource);
        }
    }

    /// <summary>What there is of a kind. Any thread.</summary>
    public IReadOnlyList<T> Of<T>()
    {
        lock (_resources)
        {
            return [.. _resources.OfType<T>()];
        }
    }

    /// <summary>A wait begins, now or in a coming turn; on a hub that ends or has ended it is told so.</summary>
    public void Enter(HubWaits.Node wait, Action<object?> begin)
    {
        if (hub.IsCurrent)
        {
            Begin(wait, begin);
        }
        else
        {
            EnterLater(wait, begin);
        }
    }

    // First what holds something of the system's, then who waits, last what was queued: each may be what the next one hears of.
    public void EndAll(Turns turns)
    {
        var ended = hub.Ended();
        foreach (var resource in Close())
        {
            turns.Execute(static r => ((IHubResource)r!).Abort(), resource);
        }

        hub.Roots.EndAll(loop => turns.Tell(loop, ended));
        _waits.EndAll(wait => turns.Tell(wait, ended));
        turns.Close(ended);
    }

    private void EndAndWait()
    {
        using var done = new ManualResetEventSlim();
        hub.Post(_ =>
        {
            hub.TearDown();
            done.Set();
        });

        // A turn that never ends must not make disposal hang as well.
        done.Wait(TimeSpan.FromSeconds(5));
    }

    private void EnterLater(HubWaits.Node wait, Action<object?> begin)
    {
        if (hub.IsDisposed || !hub.Post(_ => Begin(wait, begin), wait))
        {
            wait.HubEnded(hub.Ended());
        }
    }

    private void Begin(HubWaits.Node wait, Action<object?> begin)
    {
        if (hub.IsDisposed)
        {
            wait.HubEnded(hub.Ended());
        }
        else if (!wait.IsOver)
        {
            _waits.Add(wait);
            begin(wait);
        }
    }

    private IHubResource[] Close()
    {
        lock (_resources)
        {
            _closed = true;
            return [.. _resources];
        }
    }
}
