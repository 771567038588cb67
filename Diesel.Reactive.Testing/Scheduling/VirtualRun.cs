using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>One run of virtual time as the code in it carries it, in its execution context: whatever that code starts outside of its time,
/// and whatever it throws, is known to be this run's and no other's.</summary>
/// <remarks>Other tests run beside it in the same process, so nothing here looks at what the process has, but at who began it.</remarks>
internal sealed class VirtualRun(MarbleScheduler scheduler, RunWatch watch)
{
    private static readonly AsyncLocal<VirtualRun?> Flow = new(Switched);
    private static readonly ConditionalWeakTable<Exception, VirtualRun> Owners = [];

    [ThreadStatic]
    private static bool _isLooking;

    [ThreadStatic]
    private static VirtualRun? _visited;

    [ThreadStatic]
    private static bool _isCounted;

    private readonly int _home = Environment.CurrentManagedThreadId;
    private string? _elsewhere;

    static VirtualRun()
    {
        AppDomain.CurrentDomain.FirstChanceException += static (_, thrown) => Flow.Value?.Threw(thrown.Exception);
        TaskScheduler.UnobservedTaskException += static (_, lost) => Lost(lost);
    }

    public MarbleScheduler Scheduler => scheduler;

    public RunWatch Watch => watch;

    /// <summary>Who may run now: this run's own thread, or what async code has scheduled on the pool.</summary>
    public Baton Baton { get; } = new();

    /// <summary>Whether it lets in what async code without a context schedules on the pool.</summary>
    public bool Settles { get; init; } = true;

    /// <summary>For how long in real time it waits, at each instant, for all that it began elsewhere; zero: not at all.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>Whether anything of it that runs elsewhere is an error, also if it touches nothing of the run.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Which of several runs it is.</summary>
    public long Number { get; init; }

    /// <summary>How something of this run came to another thread, the last time; null: it did not.</summary>
    public string? Elsewhere => Volatile.Read(ref _elsewhere);

    private bool IsHome => _home == Environment.CurrentManagedThreadId;

    /// <summary>Code on this thread, and what it starts, is of a run from now on, or of none; gives what it was of.</summary>
    public static VirtualRun? Enter(VirtualRun? run)
    {
        var outer = Flow.Value;
        Flow.Value = run;
        PoolWatch.Count(run);
        return outer;
    }

    /// <summary>It is over: code on this thread is again of what it was of.</summary>
    public void Leave(VirtualRun? outer)
    {
        Enter(outer);
        PoolWatch.Forget(Baton);
    }

    /// <summary>Of which run the code is that has captured a context.</summary>
    public static VirtualRun? Of(ExecutionContext context)
    {
        VirtualRun? run = null;
        _isLooking = true;
        try
        {
            ExecutionContext.Run(context, _ => run = Flow.Value, null);
        }
        finally
        {
            _isLooking = false;
        }

        return run;
    }

    /// <summary>What the run has begun and not ended, and whose outcome nobody will see.</summary>
    public IEnumerable<string> LeftBehind()
    {
        if (scheduler.Pump.Unawaited > 0)
        {
            yield return FormattableString.Invariant($"An async void method had not ended when the test did, at {scheduler.Elapsed.TotalMilliseconds} ms, ") +
                "and what it throws later is seen by nobody: make it return a task, and await that.";
        }

        if (RealTimers.Of(this) is { } timer)
        {
            yield return timer;
        }
    }

    /// <summary>For one run that is over: throws what failed in it and was seen by nobody.</summary>
    public void ThrowUnseen()
    {
        if (Baton.IsAwaited)
        {
            Baton.Collect();
        }

        watch.Finish();
        if (watch.IsBusy)
        {
            watch.Add(this, new InvalidOperationException(
                $"Something that the test began still runs on another thread when it is over, by {Elsewhere}: what it does is seen by nobody. End it, or await it."));
        }

        if (watch.Of(this) is { } unseen)
        {
            throw unseen;
        }
    }

    /// <summary>Before time passes, what async code has scheduled on the pool goes on at this instant. Whether anything did.</summary>
    public bool HasSettled() =>
        Settles && (Patience > TimeSpan.Zero || Baton.IsAwaited || watch.IsBusy) && AsHost(() => Baton.Settle(Patience));

    /// <summary>The run's own thread blocks; what async code has scheduled on the pool may go on meanwhile.</summary>
    public int Block(Func<int> wait) => AsHost(() =>
    {
        Baton.Offer();
        try
        {
            return wait();
        }
        finally
        {
            Baton.Reclaim();
        }
    });

    /// <summary>Another thread does something in this time, if the run waits for such; false: it does not.</summary>
    public bool IsLetIn(Action act)
    {
        if (Patience == TimeSpan.Zero)
        {
            return false;
        }

        Baton.Come();
        if (!Baton.Take())
        {
            return false;
        }

        try
        {
            scheduler.Visit();
            act();
        }
        finally
        {
            Baton.Give();
        }

        return true;
    }

    /// <summary>It has done on another thread what only its own time may do, and perhaps after its end.</summary>
    public void Strays(string what) => watch.Add(this, MarbleScheduler.Leaked(what, Elsewhere));

    // The context of virtual time is told of waits, and this is none of the test's.
    private T AsHost<T>(Func<T> wait)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return wait();
        }
        finally
        {
            scheduler.Visit();
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    // No exception may leave this: the runtime ends the process for it.
    private static void Switched(AsyncLocalValueChangedArgs<VirtualRun?> change)
    {
        if (change.ThreadContextChanged && !_isLooking)
        {
            change.PreviousValue?.Left();
            change.CurrentValue?.Came();
        }
    }

    private static void Lost(UnobservedTaskExceptionEventArgs lost)
    {
        // The innermost says most; but what was only put into another was never thrown, and nobody knows whose it is.
        foreach (var error in lost.Exception.Flatten().InnerExceptions.Concat(lost.Exception.InnerExceptions))
        {
            if (Owners.TryGetValue(error, out var run))
            {
                lost.SetObserved();
                run.Watch.Add(run, new InvalidOperationException(
                    $"A task that nobody awaits failed: {error.GetType().Name}: {error.Message}{Environment.NewLine}" +
                    "Await the task, or look at its Exception where it may fail.", error));
            }
        }
    }

    private void Threw(Exception error)
    {
        // At home after its end it is the caller's.
        if (!Baton.IsDropped || !IsHome)
        {
            watch.HasErrors = true;
            Owners.TryAdd(error, this);
        }
    }

    private void Came()
    {
        if (IsHome)
        {
            return;
        }

        // To know where it comes from takes a while, in which nobody must think that there is nothing.
        _isCounted = true;
        watch.Count(1);
        Baton.Come();
        var origin = Origin.OfThisThread();
        if (origin is null && !Settles)
        {
            watch.NeedsSettling = true;
        }

        var isGuest = origin is null || Patience > TimeSpan.Zero;
        if (!isGuest)
        {
            Baton.Refuse();
        }
        else if (Baton.Take())
        {
            _visited = this;
            PoolWatch.Count(this);
            scheduler.Visit();
            return;
        }

        Volatile.Write(ref _elsewhere, origin ?? Origin.Async);
        if (origin == Origin.Thread)
        {
            // It may live as long as the process.
            _isCounted = false;
            watch.Count(-1);
        }

        // Rx has a timer of its own, begun by whoever waits first: what timers touch is found where they touch it.
        if (IsStrict && origin is not null && origin != Origin.Timer)
        {
            Strays("work ran");
        }
    }

    private void Left()
    {
        if (IsHome)
        {
            return;
        }

        if (ReferenceEquals(_visited, this))
        {
            _visited = null;
            PoolWatch.Count(null);
            Baton.Give();
        }

        watch.Count(_isCounted ? -1 : 0);
        _isCounted = false;
    }
}
