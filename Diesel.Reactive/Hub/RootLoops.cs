namespace Diesel.Reactive;

/// <summary>The loops of a hub that stand alone: forked, not begun for a connection or by another loop. The hub's thread only.</summary>
internal sealed class RootLoops(Hub hub)
{
    private readonly HashSet<Loop> _running = [];

    /// <summary>The last one has ended.</summary>
    public event Action? Emptied;

    /// <summary>What happens to the hub's loops, also to children.</summary>
    public Broadcast<LoopEvent> News { get; } = new();

    public LoopMeter Meter { get; } = new(hub);

    /// <summary>The meter, while somebody wants to know whose code runs.</summary>
    public LoopMeter? Measuring { get; set; }

    public IEnumerable<Loop> All => _running;

    public bool IsEmpty => Count == 0;

    /// <summary>How many; any thread may ask.</summary>
    public int Count => _running.Count;

    public void Add(Loop loop)
    {
        if (!loop.IsEnding)
        {
            _running.Add(loop);
        }
    }

    public void Remove(Loop loop)
    {
        if (_running.Remove(loop) && IsEmpty)
        {
            Emptied?.Invoke();
        }
    }

    public void Tell(LoopEvent happened) => News.Tell(happened, error => hub.Report(error, "an observer of what happens to loops"));

    public void EndAll(Action<Loop> end, IReadOnlySet<Loop>? except = null)
    {
        foreach (var loop in _running.ToArray())
        {
            if (except?.Contains(loop) != true)
            {
                end(loop);
            }
        }
    }
}
