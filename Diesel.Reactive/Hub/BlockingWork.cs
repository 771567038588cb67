namespace Diesel.Reactive;

/// <summary><see cref="Hub.Run{T}(Func{T})"/>.</summary>
internal sealed class BlockingWork<T>(Hub hub, Func<T> blocking) : Awaitable<T>
{
    internal override Hub Home => hub;

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(hub, blocking, observer);
        hub.Enter(run, static r => ((Run)r!).Start());
        return run;
    }

    public override string ToString() => WorkItem.Describe(blocking);

    private sealed class Run(Hub hub, Func<T> blocking, IObserver<T> observer) : HubWaits.Node, IDisposable
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
                observer.OnError(error);
            }
        }

        public void Dispose()
        {
            if (End())
            {
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
                _value = blocking();
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

        private bool End() => Interlocked.Exchange(ref _over, 1) == 0;
    }
}
