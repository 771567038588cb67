namespace Diesel.Reactive;

/// <summary><see cref="Awaitable{T}.Until"/>.</summary>
internal sealed class CancellableAwaitable<T>(Awaitable<T> source, CancellationToken cancellation) : Awaitable<T>
{
    internal override Hub? Home => source.Home;

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var wait = new Wait(this, observer);
        wait.Begin(source);
        return wait;
    }

    public override string ToString() => source.ToString()!;

    protected internal override bool TryTake(out T value)
    {
        value = default!;
        return !cancellation.IsCancellationRequested && source.TryTake(out value);
    }

    private CancellationToken Cancellation => cancellation;

    private sealed class Wait(CancellableAwaitable<T> waited, IObserver<T> observer) : EndableWait<T>(observer)
    {
        private CancellationTokenRegistration _registration;

        public void Begin(Awaitable<T> source)
        {
            if (waited.Cancellation.IsCancellationRequested)
            {
                Cancel();
                return;
            }

            WaitFor(source);
            if (IsOver)
            {
                return;
            }

            _registration = waited.Cancellation.UnsafeRegister(static wait => ((Wait)wait!).CancelThere(), this);
            Interlocked.MemoryBarrier();
            if (IsOver)
            {
                // It came out before there was anything to unregister.
                _registration.Unregister();
            }
        }

        protected override void LetGo() => _registration.Unregister();

        // What it waits for is of its hub's thread, so that nothing can be given to it at the same time.
        private void CancelThere()
        {
            if (waited.Home is not { } home || !home.Invoke(static wait => ((Wait)wait!).Cancel(), this))
            {
                Cancel();
            }
        }

        private void Cancel() => Fail(new OperationCanceledException($"It was cancelled while it waited for {waited}.", waited.Cancellation));
    }
}
