using System.Reactive.Disposables;

namespace Diesel.Reactive.Testing;

/// <summary>A timer in virtual time. It repeats on the grid of its first instant, and calls back outside the pump.</summary>
internal sealed class MarbleTimer(MarbleScheduler scheduler, TimerCallback callback, object? state) : ITimer
{
    // As the system's timers have it.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private TimeSpan _period;
    private Tick? _next;
    private volatile bool _disposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, nameof(dueTime));
        Validate(period, nameof(period));
        if (_disposed || scheduler.IsLeak("a timer was set"))
        {
            return false;
        }

        _next?.Dispose();
        (_period, _next) = (period, null);
        if (dueTime >= TimeSpan.Zero)
        {
            Arm(scheduler.Clock + dueTime.Ticks);
        }

        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        _next?.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Validate(TimeSpan value, string name)
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Longest, name);
        }
    }

    private void Arm(long due)
    {
        _next = new Tick(this, scheduler, due);
        scheduler.Enqueue(_next, MarbleLane.Work);
    }

    private void Fire(long due)
    {
        if (_period > TimeSpan.Zero)
        {
            Arm(due + _period.Ticks);
        }

        if (_context is null)
        {
            callback(state);
        }
        else
        {
            ExecutionContext.Run(_context, _ => callback(state), null);
        }
    }

    private sealed class Tick(MarbleTimer timer, MarbleScheduler scheduler, long due) : DueWork(scheduler, due)
    {
        public override bool IsOutside => true;

        protected override IDisposable Begin()
        {
            timer.Fire(DueTime);
            return Disposable.Empty;
        }
    }
}
