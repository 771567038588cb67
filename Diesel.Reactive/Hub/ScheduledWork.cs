using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>One call of <c>Schedule</c>: what it runs, and the disposable that cancels it or what it started.</summary>
internal sealed class ScheduledWork<TState>(Hub hub, TState state, Func<IScheduler, TState, IDisposable> action) : IHubWait, IDisposable
{
    public static readonly Action<object?> Run = static work => ((ScheduledWork<TState>)work!).Invoke();

    private SingleAssignmentDisposableValue _result;
    private IDisposable? _timer;
    private int _told;

    public ScheduledWork<TState> After(TimeSpan dueTime)
    {
        _timer = hub.StartTimer(dueTime, Run, this);
        return this;
    }

    public void HubEnded(ObjectDisposedException error)
    {
        // Its timer may be told by the hub, and by who set it, at the same time.
        if (!_result.IsDisposed && Interlocked.Exchange(ref _told, 1) == 0)
        {
            _result.Dispose();
            ScheduledObservers.Tell(state, error);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _result.Dispose();
    }

    // Rx passes what the user scheduled as the state of a method of its own.
    public override string ToString() => WorkItem.Describe(state as Delegate ?? action);

    private void Invoke()
    {
        if (!_result.IsDisposed)
        {
            _result.Disposable = action(hub, state);
        }
    }
}
