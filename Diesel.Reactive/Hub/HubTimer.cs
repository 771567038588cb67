namespace Diesel.Reactive;

/// <summary>A timer of <see cref="HubTimeProvider"/>: calls back in turns of the hub, as the one who made it would see the world.</summary>
/// <remarks>It repeats on the grid of its first time; times that a late turn has missed are left out. Any thread.</remarks>
internal sealed class HubTimer(Hub hub, TimerCallback callback, object? state) : ITimer
{
    // As the system's timers have it.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly ExecutionContext? _flow = ExecutionContext.Capture();
    private readonly Lock _gate = new();
    private Alarm? _next;
    private TimeSpan _period;
    private bool _disposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, nameof(dueTime));
        Validate(period, nameof(period));
        lock (_gate)
        {
            if (_disposed || hub.IsDisposed)
            {
                return false;
            }

            Stop();
            _period = period;
            if (dueTime >= TimeSpan.Zero)
            {
                Set(Times.Sum(hub.Elapsed, dueTime));
            }

            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Stop();
        }
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

    private void Set(TimeSpan due)
    {
        _next = new Alarm(this, due);
        _next.Timer = hub.StartTimer(Later(due), static alarm => ((Alarm)alarm!).Ring(), _next);
    }

    private void Stop()
    {
        _next?.Timer?.Dispose();
        _next = null;
    }

    private void Ring(Alarm alarm)
    {
        lock (_gate)
        {
            // Changed, or disposed, while it was on its way.
            if (_next != alarm)
            {
                return;
            }

            _next = null;
            if (_period > TimeSpan.Zero)
            {
                Set(NextAfter(alarm.Due));
            }
        }

        if (_flow is null)
        {
            callback(state);
        }
        else
        {
            ExecutionContext.Run(_flow, static timer => ((HubTimer)timer!).Call(), this);
        }
    }

    private void Call() => callback(state);

    private TimeSpan NextAfter(TimeSpan due)
    {
        var missed = (hub.Elapsed - due).Ticks / _period.Ticks;
        return due + (_period * (Math.Max(missed, 0) + 1));
    }

    private TimeSpan Later(TimeSpan due)
    {
        var wait = due - hub.Elapsed;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    // Told from another one by who it is: a timer that was changed has a new one.
    private sealed class Alarm(HubTimer timer, TimeSpan due)
    {
        public TimeSpan Due => due;

        public IDisposable? Timer { get; set; }

        public void Ring() => timer.Ring(this);

        public override string ToString() => WorkItem.Describe(timer.Callback);
    }

    private TimerCallback Callback => callback;
}
