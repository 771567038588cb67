namespace Diesel.Reactive;

/// <summary>The loops of a hub that stand alone: forked, not begun for a connection or by another loop. The hub's thread only.</summary>
internal sealed class RootLoops
{
    private readonly HashSet<Loop> _running = [];

    /// <summary>The last one has ended.</summary>
    public event Action? Emptied;

    public bool IsEmpty => _running.Count == 0;

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

    public void EndAll(Action<Loop> end)
    {
        foreach (var loop in _running.ToArray())
        {
            end(loop);
        }
    }
}
