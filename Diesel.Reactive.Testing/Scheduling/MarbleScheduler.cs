using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Testing;

/// <summary>Virtual time for marble tests, simulations, and async code: it passes only while <c>Start</c>, <c>AdvanceTo</c> or
/// <c>AdvanceBy</c> runs.</summary>
/// <remarks>
/// Times are ticks of 100 ns from the instant zero, 2000-01-01. A frame of a diagram is one millisecond. Work without a delay
/// runs in the same instant. Work of one instant runs in the order it was scheduled, after what a test's own diagrams have at
/// that instant: <c>!</c>, then <c>^</c>, then values of hot streams. What an action throws escapes from the call that ran it; the
/// next call goes on. One thread at a time: what another thread schedules meanwhile fails the run. A hub stands on it
/// as on any scheduler, and async code that delays by <see cref="TimeProvider"/> is as deterministic as the rest.
/// </remarks>
public sealed class MarbleScheduler : VirtualTimeScheduler<long, long>
{
    private readonly DueQueue _queue = new();
    private int _thread;
    private bool _owned;
    private bool _idle = true;
    private int _actions;
    private int _actionsAtClock;
    private string? _leak;

    /// <summary>Makes a scheduler whose clock shows zero.</summary>
    public MarbleScheduler()
    {
        Pump = new Pump(this);
        TimeProvider = new MarbleTimeProvider(this);
    }

    /// <summary>The date and time of the instant zero: 2000-01-01, UTC.</summary>
    public static DateTimeOffset Epoch { get; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many actions one call of <c>Start</c>, <c>AdvanceTo</c> or <c>AdvanceBy</c> may run before it throws
    /// <see cref="EndlessRunException"/>; default 100 000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to less than 1.</exception>
    public int MaxActions
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 100_000;

    /// <summary>The same clock for <c>Task.Delay</c>, <c>CancellationTokenSource</c>, <c>PeriodicTimer</c> and all that takes a
    /// provider.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>The time from the instant zero.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Clock);

    internal Pump Pump { get; }

    /// <summary>What the code in it carries; null: nothing, it is a scheduler and no more.</summary>
    internal VirtualRun? Owner { get; private set; }

    /// <summary>Whether this is another thread than the one that runs virtual time.</summary>
    internal bool IsElsewhere => (_owned || IsEnabled) && _thread != Environment.CurrentManagedThreadId;

    /// <summary>Whether time has begun to pass.</summary>
    internal bool HasRun { get; private set; }

    /// <summary>When the next work is due; null: never.</summary>
    internal long? NextDue => Next()?.DueTime;

    /// <summary>Asked where several are due at one instant: whether the first comes last.</summary>
    internal Func<bool>? Postpones { get; set; }

    internal int QueueLength => _queue.Count;

    /// <inheritdoc/>
    public override IDisposable ScheduleAbsolute<TState>(TState state, long dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Enqueue(new Work<TState>(this, Math.Max(dueTime, Clock), state, action), MarbleLane.Work);
    }

    /// <summary>For a test's own diagrams: their lanes, and instants before zero.</summary>
    internal IDisposable ScheduleAt(TimeSpan time, MarbleLane lane, Action action) =>
        Enqueue(new Work<Action>(this, time.Ticks, action, static (_, action) =>
        {
            action();
            return Disposable.Empty;
        }), lane);

    internal IDisposable Enqueue(DueWork work, MarbleLane lane)
    {
        work.HasWaited = work.DueTime > Clock;
        if (IsElsewhere && Owner?.IsLetIn(() => _queue.Add(work, lane)) == true)
        {
            return work;
        }

        if (IsLeak("work was scheduled"))
        {
            return Disposable.Empty;
        }

        _queue.Add(work, lane);
        return work;
    }

    internal void TakeBack(DueWork work)
    {
        // Another thread (a finalizer's) must not touch the queue; what is cancelled is skipped there.
        if (!IsElsewhere)
        {
            _queue.Remove(work);
        }
    }

    /// <summary>From now on virtual time belongs to this thread, also between runs.</summary>
    internal void Own(VirtualRun run) => (_owned, _thread, Owner) = (true, Environment.CurrentManagedThreadId, run);

    /// <summary>It is this thread that runs virtual time for now: its own holds still.</summary>
    internal void Visit() => _thread = Environment.CurrentManagedThreadId;

    /// <summary>Runs what is due until an instant, also if it is this one; null: until nothing is left.</summary>
    internal void RunTo(long? time)
    {
        if (time is null)
        {
            Start();
        }
        else
        {
            // Not by Rx's AdvanceTo: that sets the clock to its end also where Stop comes before.
            using var end = Enqueue(new End(this, Math.Max(time.Value, Clock)), MarbleLane.End);
            Start();
        }
    }

    /// <summary>Whether another thread did this; then the run fails.</summary>
    internal bool IsLeak(string what)
    {
        if (!IsElsewhere)
        {
            return false;
        }

        if (Owner is { Baton.IsDropped: true } over)
        {
            over.Strays(what);
        }
        else
        {
            Interlocked.CompareExchange(ref _leak, what, null);
        }

        return true;
    }

    internal static InvalidOperationException Leaked(string what, string? how) => new(
        $"A real scheduler leaked into virtual time: {what} on another thread{(how is null ? "" : $", by {how}")}. Pass t.Scheduler or t.TimeProvider to " +
        "whatever delays or starts work there. Task.Run, threads, real timers and real I/O leave virtual time; MarbleOptions.Settle waits for what must.");

    internal void ThrowIfLeaked()
    {
        if (Interlocked.Exchange(ref _leak, null) is { } what)
        {
            throw Leaked(what, Owner?.Elsewhere);
        }
    }

    internal void CountAction()
    {
        if (++_actions > MaxActions)
        {
            throw new EndlessRunException(MaxActions, Elapsed, _actionsAtClock);
        }

        _actionsAtClock++;
    }

    internal void Run(DueWork work)
    {
        _idle = false;
        _queue.Remove(work);
        Guarded(work, static (scheduler, work) =>
        {
            if (work is not End)
            {
                scheduler.CountAction();
            }

            Action<object?> execute = static work => ((DueWork)work!).Execute();
            if (work!.IsOutside)
            {
                Pump.RunOutside(execute, work);
            }
            else
            {
                scheduler.Pump.Run(execute, work);
            }
        });
        _idle = !IsEnabled;
    }

    /// <inheritdoc/>
    protected override IScheduledItem<long>? GetNext()
    {
        _thread = _owned ? _thread : Environment.CurrentManagedThreadId;
        if (!HasRun)
        {
            // What diagrams have before the instant zero comes first.
            (HasRun, Clock) = (true, Math.Min(Clock, Next()?.DueTime ?? Clock));
        }

        if (_idle)
        {
            // The last call has ended: a new one begins.
            (_actions, _actionsAtClock) = (0, 0);
        }

        _idle = true;
        Guarded(null, static (scheduler, _) =>
        {
            do
            {
                scheduler.Pump.Drain();
            }
            while (scheduler.HasSettled());
            scheduler.ThrowIfLeaked();
        });
        var next = IsEnabled ? Pick() : null;
        _actionsAtClock = next?.DueTime > Clock ? 0 : _actionsAtClock;
        return next;
    }

    /// <inheritdoc/>
    protected override long Add(long absolute, long relative) =>
        relative > 0 && absolute > long.MaxValue - relative ? long.MaxValue : absolute + relative;

    /// <inheritdoc/>
    protected override DateTimeOffset ToDateTimeOffset(long absolute) =>
        absolute < DateTimeOffset.MaxValue.Ticks - Epoch.Ticks ? Epoch.AddTicks(absolute) : DateTimeOffset.MaxValue;

    /// <inheritdoc/>
    protected override long ToRelative(TimeSpan timeSpan) => timeSpan.Ticks;

    private DueWork? Next()
    {
        while (_queue.Peek() is { IsCancelled: true } cancelled)
        {
            _queue.Remove(cancelled);
        }

        return _queue.Peek();
    }

    private DueWork? Pick()
    {
        var next = Next();
        while (Postpones is not null && _queue.FirstHasRival && Postpones())
        {
            _queue.PostponeFirst();
            next = Next();
        }

        return next;
    }

    // Before time passes, what async code has scheduled on the pool goes on at this instant. Whether anything did.
    private bool HasSettled() =>
        Owner is not null && IsEnabled && (Next() is not { } next || next is End || next.DueTime > Clock) && Owner.HasSettled();

    // Rx's own scheduler stays "enabled" when an action throws, and never runs anything again.
    private void Guarded(DueWork? work, Action<MarbleScheduler, DueWork?> action)
    {
        try
        {
            action(this, work);
        }
        catch
        {
            _idle = true;
            Stop();
            throw;
        }
    }

    private sealed class Work<TState>(MarbleScheduler scheduler, long due, TState state, Func<IScheduler, TState, IDisposable> action)
        : DueWork(scheduler, due)
    {
        protected override IDisposable Begin() => action(Scheduler, state);
    }

    private sealed class End(MarbleScheduler scheduler, long due) : DueWork(scheduler, due)
    {
        protected override IDisposable Begin()
        {
            Scheduler.Stop();
            return Disposable.Empty;
        }
    }
}
