namespace Diesel.Reactive;

/// <summary>A wait that a token ends.</summary>
internal static class Cancellable
{
    /// <summary>The same value, or <see cref="OperationCanceledException"/> and nothing consumed.</summary>
    public static Awaitable<T> Until<T>(this Awaitable<T> source, CancellationToken cancellation) => new Waiting<T>(source, cancellation);

    private sealed class Waiting<T>(Awaitable<T> source, CancellationToken cancellation) : Awaitable<T>
    {
        internal override Hub? Home => source.Home;

        public override IDisposable Subscribe(IObserver<T> observer) =>
            First.Of(source, new Cancellation(source.Home, cancellation)).Subscribe(
                won => observer.OnNext(won.Match(static value => value, static never => never)),
                observer.OnError,
                observer.OnCompleted);

        public override string ToString() => source.ToString()!;

        internal override bool TryTake(out T value)
        {
            value = default!;
            return !cancellation.IsCancellationRequested && source.TryTake(out value);
        }

        private sealed class Cancellation(Hub? home, CancellationToken cancellation) : IObservable<T>
        {
            public IDisposable Subscribe(IObserver<T> observer) => cancellation.UnsafeRegister(_ =>
            {
                if (home is null)
                {
                    Cancel(observer);
                }
                else
                {
                    home.Invoke(o => Cancel((IObserver<T>)o!), observer);
                }
            }, null);

            private void Cancel(IObserver<T> observer) => observer.OnError(new OperationCanceledException(cancellation));
        }
    }
}
