namespace Diesel.Reactive;

/// <summary>What of a hub can be seen from outside while it runs. Any thread.</summary>
internal sealed class HubSight
{
    private readonly Hub _hub;
    private readonly Turns _turns;
    private readonly IEventLoop _loop;
    private readonly ErrorStream _errors;
    private readonly HubEnding _ending;

    // When a turn was asked for that has not come, in ticks since the hub began and 1; 0: none was.
    private long _asked;
    private long _lag;

    public HubSight(Hub hub, Turns turns, IEventLoop loop, ErrorStream errors, HubEnding ending) =>
        (_hub, _turns, _loop, _errors, _ending) = (hub, turns, loop, errors, ending);

    /// <summary>What it is called; no other hub that lives is.</summary>
    public string Name { get; private set; } = "Diesel.Reactive hub";

    /// <summary>Counted by the hub's thread alone.</summary>
    public HubTally Tally { get; } = new();

    /// <summary>Records of what happens, for whoever observes them.</summary>
    public LogStream Log { get; } = new();

    public long Turns => Volatile.Read(ref _turns.Epoch) / 2;

    public int Queued => _turns.Queued;

    public int TimerCount => _turns.Timers.Count;

    /// <summary>Those that wait, in no order. The hub's thread only.</summary>
    public IEnumerable<WaitingTimer> Timers => _turns.Timers.Waiting;

    /// <summary>The longest of lately; null: nobody looks at the clock for it.</summary>
    public TimeSpan? LongestTurn => _turns.Watchdog?.Longest;

    /// <summary>The hub runs.</summary>
    public void Begin(string? name) => Name = HubMeter.Watch(_hub, name ?? Name);

    /// <summary>What the present turn works on. On the hub.</summary>
    public void WorksOn(object work) => _turns.Name(work);

    /// <summary>Shows what went wrong.</summary>
    public void Report(HubError error)
    {
        _errors.Report(error);
        if (Log.IsObserved)
        {
            _hub.Write(error);
        }
    }

    /// <inheritdoc cref="HubEnding.Of"/>
    public IReadOnlyList<T> ResourcesOf<T>() => _ending.Of<T>();

    public long ErrorCount(HubErrorKind kind) => _errors.CountOf(kind);

    /// <summary>How late a turn came that was asked for at the last look, or how late it is if it has not come. Asks for another; null: there is no
    /// thread to be late, or none that may be asked from here.</summary>
    public TimeSpan? LookForLag()
    {
        if (!_loop.HasThread)
        {
            return null;
        }

        var now = _loop.Elapsed.Ticks + 1;
        if (Volatile.Read(ref _asked) is not 0 and var asked)
        {
            return TimeSpan.FromTicks(Math.Max(now - asked, Volatile.Read(ref _lag)));
        }

        Volatile.Write(ref _asked, now);
        _hub.Post(static sight => ((HubSight)sight!).Came(), this);
        return TimeSpan.FromTicks(Volatile.Read(ref _lag));
    }

    /// <summary>Its name, as errors show it.</summary>
    public override string ToString() => $"a look at {Name}";

    private void Came()
    {
        Volatile.Write(ref _lag, _loop.Elapsed.Ticks + 1 - _asked);
        Volatile.Write(ref _asked, 0);
    }
}
