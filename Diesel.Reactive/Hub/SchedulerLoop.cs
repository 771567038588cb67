using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>The loop over a scheduler somebody else owns: a virtual clock, most of all.</summary>
internal sealed class SchedulerLoop(IScheduler scheduler, INetworkProvider provider) : IEventLoop, ITimers
{
    // The system's timers wait 49 days at most; a longer wait is taken in steps.
    private static readonly TimeSpan LongestStep = TimeSpan.FromDays(30);

    private readonly IStopwatch _clock = scheduler.StartStopwatch();
    private readonly HashSet<Timer> _timers = [];
    private Turns _turns = null!;

    public DateTimeOffset Now => scheduler.Now;

    public TimeSpan Elapsed => _clock.Elapsed;

    public bool HasThread => false;

    public bool IsVirtual { get; } = IsVirtualTime(scheduler.GetType());

    public object Clock => scheduler;

    public int Count
    {
        get
        {
            lock (_timers)
            {
                return _timers.Count;
            }
        }
    }

    public IEnumerable<WaitingTimer> Waiting
    {
        get
        {
            lock (_timers)
            {
                return [.. _timers.Select(static timer => timer.Waiting)];
            }
        }
    }

    public INetwork CreateNetwork(IHub hub) => provider.CreateNetwork(hub)
        ?? throw new InvalidOperationException($"{provider} gave null for the network of a hub.");

    public void Start(ITurns turns) => _turns = (Turns)turns;

    public void Wake()
    {
        try
        {
            scheduler.Schedule(_turns, static (_, turns) =>
            {
                turns.Run();
                return Disposable.Empty;
            });
        }
        catch (ObjectDisposedException)
        {
            // A late completion met a loop that was disposed meanwhile: there is nothing left to wake.
        }
    }

    // What is ready was scheduled, each in its time.
    public void RunReady()
    {
    }

    public void FireDue(TimeSpan at)
    {
    }

    public TimeSpan? UntilNext() => null;

    public IDisposable Set(TimeSpan dueTime, Action<object?> callback, object? state)
    {
        var timer = new Timer(this, Times.Sum(Elapsed, dueTime), callback, state);
        lock (_timers)
        {
            _timers.Add(timer);
        }

        timer.Arm();
        return timer;
    }

    private IDisposable Schedule(Timer timer, TimeSpan wait, Func<IScheduler, Timer, IDisposable> fire) => scheduler.Schedule(timer, wait, fire);

    public void Close(Action<object?> tell)
    {
        Timer[] timers;
        lock (_timers)
        {
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
            tell(timer.State);
        }
    }

    // The scheduler stays its maker's.
    public void Dispose()
    {
    }

    private static bool IsVirtualTime(Type? type) => type is not null
        && ((type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VirtualTimeSchedulerBase<,>)) || IsVirtualTime(type.BaseType));

    private sealed class Timer(SchedulerLoop loop, TimeSpan due, Action<object?> callback, object? state) : IDisposable
    {
        private IDisposable _pending = Disposable.Empty;
        private volatile bool _cancelled;

        public void Arm()
        {
            var wait = Math.Clamp((due - loop.Elapsed).Ticks, 0, LongestStep.Ticks);
            try
            {
                _pending = loop.Schedule(this, TimeSpan.FromTicks(wait), static (_, timer) =>
                {
                    timer.Fire();
                    return Disposable.Empty;
                });
            }
            catch (ObjectDisposedException)
            {
                // As in Wake: the loop is gone, and what waited for its timer with it.
            }
        }

        public object? State => state;

        public WaitingTimer Waiting => new(due, new WorkItem(callback, state, null!));

        public void Dispose()
        {
            _cancelled = true;
            Forget();
            _pending.Dispose();
        }

        private void Forget()
        {
            lock (loop._timers)
            {
                loop._timers.Remove(this);
            }
        }

        private void Fire()
        {
            if (_cancelled)
            {
                return;
            }

            // The system's timers tick in milliseconds and may come a fraction early, and this may have been but a step.
            if (loop.Elapsed < due)
            {
                Arm();
                return;
            }

            Forget();
            loop._turns.Run(callback, state);
        }
    }
}
