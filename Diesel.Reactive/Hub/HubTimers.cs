namespace Diesel.Reactive;

/// <summary>Where a hub's timers wait.</summary>
internal interface ITimers
{
    /// <summary>How many wait. Any thread.</summary>
    int Count { get; }

    /// <summary>Those that wait, in no order. The hub's thread only.</summary>
    IEnumerable<WaitingTimer> Waiting { get; }

    /// <summary>Runs the callback in a turn, never before <paramref name="dueTime"/> has passed. Any thread.</summary>
    IDisposable Set(TimeSpan dueTime, Action<object?> callback, object? state);

    /// <summary>Ends: the states of those that wait are told; nothing fires any more.</summary>
    void Close(Action<object?> tell);

    /// <summary>Fires what was due at a time. In a turn.</summary>
    void FireDue(TimeSpan at);

    /// <summary>How long until there may be something to fire; null when nothing waits.</summary>
    TimeSpan? UntilNext();
}

/// <summary>The timers of a hub with a thread of its own: a wheel, and the way to it from other threads.</summary>
internal sealed class HubTimers(IEventLoop loop, Turns turns) : ITimers
{
    private static readonly Action<object?> AddPosted = static timer => ((WheelTimer)timer!).AddToWheel();
    private static readonly Action<object?> RemovePosted = static timer => ((WheelTimer)timer!).RemoveFromWheel();

    private readonly TimerWheel _wheel = new();
    private readonly Action<WheelTimer> _fire = timer => turns.Execute(timer.Callback, timer.State);

    public int Count => _wheel.Count;

    public IEnumerable<WaitingTimer> Waiting =>
        _wheel.All.Select(static timer => new WaitingTimer(timer.Tick * TimerWheel.Tick, new WorkItem(timer.Callback, timer.State, null!)));

    public IDisposable Set(TimeSpan dueTime, Action<object?> callback, object? state)
    {
        var timer = new WheelTimer(this, TimerWheel.TickAfter(Times.Sum(loop.Elapsed, dueTime)), callback, state);
        if (turns.IsCurrent)
        {
            _wheel.Add(timer);
        }
        else
        {
            turns.Post(AddPosted, timer);
        }

        return timer;
    }

    public void Cancel(WheelTimer timer)
    {
        if (turns.IsCurrent)
        {
            _wheel.Remove(timer);
        }
        else
        {
            turns.Post(RemovePosted, timer);
        }
    }

    public void Add(WheelTimer timer)
    {
        if (!timer.IsCancelled)
        {
            _wheel.Add(timer);
        }
    }

    public void Remove(WheelTimer timer) => _wheel.Remove(timer);

    public void Close(Action<object?> tell) => _wheel.Clear(timer => tell(timer.State));

    public void FireDue(TimeSpan at) => _wheel.Advance(TimerWheel.TickBefore(at), _fire);

    public TimeSpan? UntilNext()
    {
        if (_wheel.NextTick() is not { } tick)
        {
            return null;
        }

        var wait = (tick * TimerWheel.Tick) - loop.Elapsed;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
