namespace Diesel.Reactive;

/// <summary>When a loop that is kept alive begins again, and whether.</summary>
internal sealed class Restarts(Backoff backoff, RestartLimit? limit, Hub hub)
{
    private readonly Queue<TimeSpan> _recent = new();
    private readonly BackoffRun _pauses = new(backoff, hub);

    public RestartLimit? Limit => limit;

    /// <summary>It has died.</summary>
    /// <param name="lived">How long it ran.</param>
    /// <param name="pause">How long until it begins again.</param>
    /// <returns>False: it has died too often.</returns>
    public bool TryGetPause(TimeSpan lived, out TimeSpan pause)
    {
        _pauses.WasWell(lived);
        pause = _pauses.Next();
        return limit is null || IsWithin(limit, hub.TurnBegan);
    }

    private bool IsWithin(RestartLimit limit, TimeSpan now)
    {
        while (_recent.TryPeek(out var oldest) && now - oldest > limit.Period)
        {
            _recent.Dequeue();
        }

        if (_recent.Count == limit.Restarts)
        {
            return false;
        }

        _recent.Enqueue(now);
        return true;
    }
}
