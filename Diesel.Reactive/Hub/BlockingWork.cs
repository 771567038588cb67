namespace Diesel.Reactive;

/// <summary><see cref="Hub.Run{T}(Func{T})"/>, and <see cref="HubWork.Run{T}"/>, whose work can be cancelled.</summary>
internal sealed class BlockingWork<T>(Hub hub, Func<CancellationToken, T> blocking, bool isCancellable, Delegate named) : Awaitable<T>
{
    public BlockingWork(Hub hub, Func<T> blocking)
        : this(hub, _ => blocking(), isCancellable: false, blocking)
    {
    }

    internal override Hub Home => hub;

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(hub, blocking, observer, isCancellable ? new() : null);
        hub.Enter(run, static r => ((Run)r!).Start());
        return run;
    }

    public override string ToString() => WorkItem.Describe(named);

    private sealed class Run(Hub hub, Func<CancellationToken, T> blocking, IObserver<T> observer, CancellationTokenSource? cancellation)
        : HubWaits.Node, IDisposable
    {
        private T _value = default!;
        private Exception? _error;
        private int _over;

        public override bool IsOver => Volatile.Read(ref _over) != 0;

        public void Start()
        {
            if (hub.IsVirtual)
            {
                // No thread may run beside a virtual clock: there the work takes a turn and no time.
                hub.Post(static r => ((Run)r!).WorkWithoutContext(), this);
            }
            else
            {
                ThreadPool.UnsafeQueueUserWorkItem(static r => r.Work(), this, preferLocal: false);
            }
        }

        public override void HubEnded(ObjectDisposedException error)
        {
            if (End())
            {
                Cancel();
                observer.OnError(error);
            }
        }

        public void Dispose()
        {
            if (End())
            {
                Cancel();
                hub.Invoke(static r => HubWaits.Remove((Run)r!), this);
            }
        }

        // Without the hub's context, which would object to a wait; the next item of the turn brings its own.
        private void WorkWithoutContext()
        {
            SynchronizationContext.SetSynchronizationContext(null);
            Work();
        }

        private void Work()
        {
            try
            {
                _value = blocking(cancellation?.Token ?? CancellationToken.None);
            }
            catch (Exception error)
            {
                _error = error;
            }

            hub.Post(static r => ((Run)r!).Deliver(), this);
        }

        private void Deliver()
        {
            HubWaits.Remove(this);
            if (!End())
            {
                return;
            }

            if (_error is not null)
            {
                observer.OnError(_error);
                return;
            }

            observer.OnNext(_value);
            observer.OnCompleted();
        }

        // What the work has registered runs elsewhere: it is blocking code's, and may block.
        private void Cancel() => cancellation?.CancelAsync().ContinueWith(
            static (task, hub) => ((Hub)hub!).Report(task.Exception!.Flatten().InnerException!, "the cancellation of blocking work"),
            hub,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        private bool End() => Interlocked.Exchange(ref _over, 1) == 0;
    }
}
