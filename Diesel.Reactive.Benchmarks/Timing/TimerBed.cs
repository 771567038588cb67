using System.Reactive.Concurrency;

namespace Diesel.Reactive.Benchmarks.Timing;

/// <summary>Something that runs work later, with the thread it does so on.</summary>
internal abstract class TimerBed : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static readonly string[] Names = ["diesel", "diesel-portable", EventLoop, "Timer"];

    public const string EventLoop = "EventLoopScheduler";

    public static TimerBed Make(string name) => name switch
    {
        "diesel" => new SchedulerBed<Hub>(new Hub(Patient)),
        "diesel-portable" => new SchedulerBed<Hub>(new Hub(Patient with { Portable = true })),
        EventLoop => new SchedulerBed<EventLoopScheduler>(new EventLoopScheduler(start => new Thread(start) { IsBackground = true })),
        "Timer" => new SystemTimerBed(),
        _ => throw new UsageException($"unknown peer '{name}'; known: {string.Join(", ", Names)}"),
    };

    /// <summary>Runs the action soon, where the timers run; any thread may ask.</summary>
    public abstract void Post(Action action);

    public abstract IDisposable Set(TimeSpan dueTime, Action action);

    public abstract void Dispose();

    /// <summary>Waits until the action has run where the timers run.</summary>
    public void Run(Action action)
    {
        using var done = new ManualResetEventSlim();
        Post(() =>
        {
            action();
            done.Set();
        });
        if (!done.Wait(Patience))
        {
            throw new Harness.NoResultException("a timer or an action was lost");
        }
    }

    // A million settings in one turn are the point here.
    static HubOptions Patient => new() { SlowTurn = Timeout.InfiniteTimeSpan };
}

internal sealed class SchedulerBed<T>(T scheduler) : TimerBed
    where T : IScheduler, IDisposable
{
    public override void Post(Action action) => scheduler.Schedule(action);

    public override IDisposable Set(TimeSpan dueTime, Action action) => scheduler.Schedule(dueTime, action);

    public override void Dispose() => scheduler.Dispose();
}

/// <summary>The runtime's timers, whose callbacks run on the thread pool.</summary>
internal sealed class SystemTimerBed : TimerBed
{
    public override void Post(Action action) => ThreadPool.UnsafeQueueUserWorkItem(static action => action(), action, preferLocal: false);

    public override IDisposable Set(TimeSpan dueTime, Action action) =>
        new Timer(static action => ((Action)action!)(), action, dueTime, Timeout.InfiniteTimeSpan);

    public override void Dispose()
    {
    }
}
