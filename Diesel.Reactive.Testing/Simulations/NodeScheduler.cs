using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Testing;

/// <summary>The time of one node: that of the simulation, as a clock shows it that is wrong and a process lives it that is held up.</summary>
internal sealed class NodeScheduler(MarbleScheduler real) : VirtualTimeScheduler<long, long>
{
    private readonly Queue<Action> _held = new();
    private long _since = real.Clock;
    private long _shown = real.Clock;
    private double _rate = 1;

    /// <summary>Whether what is due waits.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>What the node's clock shows.</summary>
    public long Shown => _shown + (long)((real.Clock - _since) * _rate);

    /// <summary>From now on the clock is wrong by so much more, and runs at another rate.</summary>
    public void Adjust(TimeSpan by, double rate)
    {
        (_shown, _since, _rate) = (Shown + by.Ticks, real.Clock, rate);
    }

    public void Pause() => IsPaused = true;

    public void Continue()
    {
        IsPaused = false;
        while (!IsPaused && _held.TryDequeue(out var act))
        {
            act();
        }
    }

    // Its own clock always stands at zero, so that all it is asked for counts from now.
    public override IDisposable ScheduleAbsolute<TState>(TState state, long dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var begun = new SingleAssignmentDisposable();
        var wait = real.Schedule(state, TimeSpan.FromTicks(Math.Max(0, (long)Math.Ceiling(dueTime / _rate))), (_, state) =>
        {
            Do(() => begun.Disposable = begun.IsDisposed ? Disposable.Empty : action(this, state));
            return Disposable.Empty;
        });
        return StableCompositeDisposable.Create(wait, begun);
    }

    protected override IScheduledItem<long>? GetNext() => null;

    protected override long Add(long absolute, long relative) => relative;

    protected override DateTimeOffset ToDateTimeOffset(long absolute) => MarbleScheduler.Epoch.AddTicks(Shown);

    protected override long ToRelative(TimeSpan timeSpan) => timeSpan.Ticks;

    private void Do(Action act)
    {
        if (IsPaused || _held.Count > 0)
        {
            _held.Enqueue(act);
        }
        else
        {
            act();
        }
    }
}
