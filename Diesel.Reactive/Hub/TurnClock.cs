namespace Diesel.Reactive;

/// <summary>The time as a turn sees it: it stands still while the turn runs, and is read once at most. The hub's thread only.</summary>
internal sealed class TurnClock(IEventLoop loop)
{
    private DateTimeOffset? _now;

    /// <summary>When the turn began, since the hub did.</summary>
    public TimeSpan Began { get; private set; }

    /// <summary>The time of day, of when it was first asked for in the turn.</summary>
    public DateTimeOffset Now => _now ??= loop.Now;

    public void TurnBegins() => (Began, _now) = (loop.Elapsed, null);
}
