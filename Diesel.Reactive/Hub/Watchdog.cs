namespace Diesel.Reactive;

/// <summary>Reports each turn that runs longer than a threshold, once: while it still runs, or when it has ended before anybody
/// looked. Idea: Vert.x's blocked-thread checker.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly Hub _hub;
    private readonly Turns _turns;
    private readonly long _threshold;
    private readonly Timer _timer;
    private readonly Lock _gate = new();
    private readonly LongestTurn _longest = new();

    // When the running turn began, in ticks since the hub did; 0: none runs. Never 0 for one that does.
    private long _began;
    private long _told;
    private Sighting? _last;

    public Watchdog(Hub hub, Turns turns, TimeSpan threshold)
    {
        (_hub, _turns, _threshold) = (hub, turns, threshold.Ticks);
        var period = TimeSpan.FromTicks(Math.Clamp(threshold.Ticks / 4, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerDay));
        _timer = new Timer(static dog => ((Watchdog)dog!).Look(), this, period, period);
    }

    /// <summary>The longest turn of lately, the one that runs included. Any thread.</summary>
    public TimeSpan Longest => _longest.Of(Now, Volatile.Read(ref _began));

    private long Now => _hub.Elapsed.Ticks + 1;

    public void Dispose() => _timer.Dispose();

    /// <summary>A turn begins. The hub's thread.</summary>
    public void TurnBegins() => Volatile.Write(ref _began, Now);

    /// <summary>It has ended. The hub's thread.</summary>
    public void TurnEnds()
    {
        var (began, now) = (_began, Now);
        var took = now - began;
        _longest.Add(took, now);
        Volatile.Write(ref _began, 0);
        if (took > _threshold && IsNew(began))
        {
            ReportLater(_last is { } seen && seen.Began == began ? seen.Item : _turns.Current, took);
        }
    }

    // Who is told may send on connections, and the turn's output is flushed already. A method of its own: the lambda would cost each turn an allocation.
    private void ReportLater(WorkItem culprit, long took) => _hub.Post(_ => Report(culprit, took, "has run"));

    private void Look()
    {
        var began = Volatile.Read(ref _began);
        if (began == 0)
        {
            return;
        }

        var item = _turns.Current;
        Volatile.Write(ref _last, new Sighting(began, item));
        var took = Now - began;
        if (took > _threshold && IsNew(began))
        {
            Report(item, took, "has been running");
        }
    }

    private bool IsNew(long began)
    {
        lock (_gate)
        {
            if (began <= _told)
            {
                return false;
            }

            _told = began;
            return true;
        }
    }

    private void Report(WorkItem item, long took, string verb)
    {
        var what = item.ToString();
        _hub.Report(
            new TimeoutException(
                $"The hub {verb} {what} for {TimeSpan.FromTicks(took).TotalSeconds:0.0} s; every connection and timer waits for it. " +
                "Move blocking or long work off the hub with hub.Run(...)."),
            what,
            HubErrorKind.SlowTurn);
    }

    private sealed record Sighting(long Began, WorkItem Item);
}
