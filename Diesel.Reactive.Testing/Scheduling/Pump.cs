using System.Diagnostics;

namespace Diesel.Reactive.Testing;

/// <summary>Where async code goes on in virtual time: on the scheduler's one thread, in the order it became ready.</summary>
/// <remarks>It is both a synchronization context (for <c>await</c>) and a task scheduler (for Rx, which hands tasks to the
/// current one).</remarks>
[StackTraceHidden]
internal sealed class Pump : SynchronizationContext
{
    // Nothing of a test's own waits that long on its one thread: only what nobody will release does.
    private const int Patience = 2000;

    private readonly MarbleScheduler _scheduler;
    private readonly Queue<(Action<object?> Callback, object? State)> _ready = new();
    private readonly PumpTasks _tasks;

    public Pump(MarbleScheduler scheduler)
    {
        (_scheduler, _tasks) = (scheduler, new PumpTasks(this));
        SetWaitNotificationRequired();
    }

    /// <summary>Whose it is; null: of a scheduler that is no more than that.</summary>
    public VirtualRun? Owner => _scheduler.Owner;

    /// <summary>How many async methods without a task have begun and not ended.</summary>
    public int Unawaited { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_scheduler.IsElsewhere && Owner?.IsLetIn(() => _ready.Enqueue((d.Invoke, state))) == true)
        {
            return;
        }

        if (!_scheduler.IsLeak("async code resumed"))
        {
            _ready.Enqueue((d.Invoke, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!_scheduler.IsLeak("async code resumed"))
        {
            d(state);
        }
    }

    public override void OperationStarted() => Unawaited++;

    public override void OperationCompleted() => Unawaited--;

    public override SynchronizationContext CreateCopy() => this;

    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        if (millisecondsTimeout == 0)
        {
            return base.Wait(waitHandles, waitAll, millisecondsTimeout);
        }

        const int timedOut = 258;
        var patience = millisecondsTimeout is > 0 and <= Patience ? millisecondsTimeout : Patience;
        var end = Owner is { Settles: true } run ? run.Block(() => base.Wait(waitHandles, waitAll, patience)) : base.Wait(waitHandles, waitAll, patience);
        return end != timedOut ? end : throw new InvalidOperationException(
            "A blocking wait (Task.Wait, Result, First, ...) holds the only thread of virtual time, so that what it waits for cannot happen. " +
            "Await it: in MarbleTest.RunAsync, or in a loop of a hub.");
    }

    /// <summary>Runs what became ready, and what that makes ready.</summary>
    public void Drain()
    {
        while (_ready.TryDequeue(out var next))
        {
            _scheduler.CountAction();
            Run(next.Callback, next.State);
        }
    }

    /// <summary>Runs something whose awaits go on here.</summary>
    public void Run(Action<object?> callback, object? state) => RunUnder(this, _tasks, callback, state);

    /// <summary>Runs something as the system's timers would: without a context, so that an await that wants none (or had none)
    /// goes on within the call and not on a thread of the pool.</summary>
    public static void RunOutside(Action<object?> callback, object? state) => RunUnder(null, TaskScheduler.Default, callback, state);

    private static void RunUnder(SynchronizationContext? context, TaskScheduler tasks, Action<object?> callback, object? state)
    {
        var outer = Current;
        SetSynchronizationContext(context);
        try
        {
            if (TaskScheduler.Current == tasks)
            {
                callback(state);
                return;
            }

            var task = new Task(callback, state);
            task.RunSynchronously(tasks);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    private sealed class PumpTasks(Pump pump) : TaskScheduler
    {
        public override int MaximumConcurrencyLevel => 1;

        protected override void QueueTask(Task task) => pump.Post(_ => TryExecuteTask(task), null);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
            !pump._scheduler.IsElsewhere && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
