using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary><c>Pool.Use</c>: borrows, works, gives back, whatever happens.</summary>
/// <remarks>One result is told when the item is back: whoever takes it and leaves (a race it won) does not break the work off.</remarks>
internal sealed class PoolUse<T, TResult>(
    IBorrowed<T> pool, Awaitable<Lease<T>> borrow, Func<T, IObservable<TResult>> work, bool oneResult) : Awaitable<TResult>
{
    internal override Hub Home => pool.Hub;

    public override IDisposable Subscribe(IObserver<TResult> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(pool, work, observer, oneResult);
        if (borrow.TryTake(out var lease))
        {
            run.Begin(lease);
        }
        else
        {
            run.Borrow(borrow);
        }

        return run;
    }

    public override string ToString() => $"a use of the {pool}";

    private sealed class Run(IBorrowed<T> pool, Func<T, IObservable<TResult>> work, IObserver<TResult> observer, bool oneResult)
        : IObserver<TResult>, IDisposable
    {
        private SingleAssignmentDisposableValue _borrowing;
        private SingleAssignmentDisposableValue _working;
        private Lease<T>? _lease;
        private TResult _result = default!;
        private bool _hasResult;
        private int _over;

        public void Borrow(Awaitable<Lease<T>> borrow) => _borrowing.Disposable = borrow.Subscribe(Lent, OnError, static () => { });

        public void Begin(Lease<T> lease)
        {
            _lease = lease;
            if (Volatile.Read(ref _over) != 0)
            {
                lease.Dispose();
                return;
            }

            try
            {
                _working.Disposable = (work(lease.Value) ?? throw NothingGiven.Observable($"a use of the {pool}")).Subscribe(this);
            }
            catch (Exception error) when (Volatile.Read(ref _over) == 0)
            {
                OnError(error);
            }
        }

        public void OnNext(TResult value)
        {
            if (oneResult)
            {
                (_result, _hasResult) = (value, true);
            }
            else if (Volatile.Read(ref _over) == 0)
            {
                Tell(value);
            }
        }

        public void OnError(Exception error)
        {
            if (End())
            {
                GiveBack(error);
                observer.OnError(error);
            }
        }

        public void OnCompleted()
        {
            if (End())
            {
                GiveBack(null);
                if (_hasResult)
                {
                    observer.OnNext(_result);
                }

                observer.OnCompleted();
            }
        }

        public void Dispose()
        {
            if (!End())
            {
                return;
            }

            _borrowing.Dispose();
            if (_lease is { } lease)
            {
                _working.Dispose();
                if (pool.ReusesAbandoned(lease))
                {
                    lease.Dispose();
                }
                else
                {
                    lease.Discard();
                }
            }
        }

        // An observer that throws has left: nobody knows how far the work is, and nobody gives the item back later.
        private void Tell(TResult value)
        {
            try
            {
                observer.OnNext(value);
            }
            catch
            {
                if (End())
                {
                    _working.Dispose();
                    _lease?.Discard();
                }

                throw;
            }
        }

        // It was another borrower's call that gave the item back: the work does not run inside that.
        private void Lent(Lease<T> lease)
        {
            if (!pool.Hub.Post(_ => Begin(lease)))
            {
                lease.Dispose();
            }
        }

        private void GiveBack(Exception? error)
        {
            if (_lease is not { } lease)
            {
                return;
            }

            pool.Used(lease, error);
            if (error is null)
            {
                lease.Dispose();
            }
            else
            {
                lease.Discard();
            }
        }

        private bool End() => Interlocked.Exchange(ref _over, 1) == 0;
    }
}
