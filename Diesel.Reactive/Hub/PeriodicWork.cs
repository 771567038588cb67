namespace Diesel.Reactive;

/// <summary>Work that recurs on a grid: the n-th run is due at start + n · period, however long the runs take.</summary>
internal sealed class PeriodicWork<TState> : IHubWait, IDisposable
{
    private readonly Hub _hub;
    private readonly Func<TState, TState> _action;
    private readonly TimeSpan _period;
    private TimeSpan _due;
    private TState _state;
    private IDisposable? _timer;
    private volatile bool _cancelled;

    public PeriodicWork(Hub hub, TState state, TimeSpan period, Func<TState, TState> action)
    {
        (_hub, _state, _period, _action) = (hub, state, period, action);
        _due = hub.Elapsed;
        Next();
    }

    public void Dispose()
    {
        _cancelled = true;
        _timer?.Dispose();
    }

    public void HubEnded(ObjectDisposedException error)
    {
        if (!Interlocked.Exchange(ref _cancelled, true))
        {
            ScheduledObservers.Tell(_state, error);
        }
    }

    public override string ToString() => WorkItem.Describe(_action);

    private void Next()
    {
        _due = Times.Sum(_due, _period);
        var wait = _due - _hub.Elapsed;
        _timer = _hub.StartTimer(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, static work => ((PeriodicWork<TState>)work!).Tick(), this);
    }

    private void Tick()
    {
        if (_cancelled)
        {
            return;
        }

        _state = _action(_state);
        if (!_cancelled)
        {
            Next();
        }
    }
}
