using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary><see cref="ObserveOnBoundedExtensions"/>.</summary>
internal sealed class ObserveOnBoundedObservable<T>(
    IObservable<T> source, IScheduler scheduler, int capacity, Func<IDisposable>? hold, Overflow overflow) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(observer, scheduler, capacity, hold, overflow);
        run.Start(source);
        return run;
    }

    /// <summary>Between two threads: all fields are guarded by the gate, and nobody else's code is called within it.</summary>
    private sealed class Run(IObserver<T> observer, IScheduler scheduler, int capacity, Func<IDisposable>? hold, Overflow overflow)
        : IObserver<T>, IDisposable
    {
        private readonly Lock _gate = new();
        private readonly Queue<T> _waiting = new();
        private SingleAssignmentDisposableValue _source;
        private IDisposable? _held;
        private bool _holding;
        private bool _delivering;
        private bool _ended;
        private Exception? _error;
        private volatile bool _over;

        public void Start(IObservable<T> source) => _source.Disposable = source.Subscribe(this);

        public void OnNext(T value)
        {
            bool fits, holds;
            lock (_gate)
            {
                if (_over || _ended)
                {
                    return;
                }

                fits = Add(value);
                holds = hold is not null && !_holding && _waiting.Count == capacity;
                _holding |= holds;
            }

            // Before this item's delivery returns, so that a connection gives no further one.
            if (holds)
            {
                Hold();
            }

            if (fits)
            {
                Wake();
            }
            else
            {
                _source.Dispose();
                End(new QueueFullException("the buffer of ObserveOnBounded", capacity, QueueFullException.OfHeldSource));
            }
        }

        public void OnError(Exception error) => End(error);

        public void OnCompleted() => End(null);

        public void Dispose()
        {
            IDisposable? held;
            lock (_gate)
            {
                _over = true;
                _waiting.Clear();
                (held, _held) = (_held, null);
            }

            _source.Dispose();
            held?.Dispose();
        }

        private bool Add(T value)
        {
            if (_waiting.Count < capacity)
            {
                _waiting.Enqueue(value);
                return true;
            }

            if (overflow == Overflow.DropOldest)
            {
                _waiting.Dequeue();
                _waiting.Enqueue(value);
            }

            return overflow != Overflow.Fail;
        }

        private void End(Exception? error)
        {
            lock (_gate)
            {
                if (_ended)
                {
                    return;
                }

                (_ended, _error) = (true, error);
            }

            Wake();
        }

        // Half of them may be taken, or the observer gone, before the hold is there.
        private void Hold()
        {
            var held = hold!();
            lock (_gate)
            {
                if (!_over && _waiting.Count > capacity / 2)
                {
                    _held = held;
                    return;
                }

                _holding = false;
            }

            held.Dispose();
        }

        private void Wake()
        {
            lock (_gate)
            {
                if (_delivering || _over)
                {
                    return;
                }

                _delivering = true;
            }

            Schedule();
        }

        private void Schedule() => scheduler.Schedule(this, static (_, run) =>
        {
            run.Deliver();
            return Disposable.Empty;
        });

        // What waits now, and what comes meanwhile in a later turn: the scheduler may have other work.
        private void Deliver()
        {
            int count;
            lock (_gate)
            {
                count = _waiting.Count;
            }

            for (; count > 0 && TryTake(out var item); count--)
            {
                Tell(item);
            }

            Rest();
        }

        private bool TryTake(out T item)
        {
            IDisposable? held = null;
            lock (_gate)
            {
                if (_over || !_waiting.TryDequeue(out item!))
                {
                    item = default!;
                    return false;
                }

                if (_held is not null && _waiting.Count <= capacity / 2)
                {
                    (held, _held, _holding) = (_held, null, false);
                }
            }

            held?.Dispose();
            return true;
        }

        private void Tell(T item)
        {
            try
            {
                observer.OnNext(item);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        private void Rest()
        {
            bool ends;
            lock (_gate)
            {
                if (_over)
                {
                    return;
                }

                ends = _ended && _waiting.Count == 0;
                _delivering = ends || _waiting.Count > 0;
                if (!_delivering)
                {
                    return;
                }
            }

            if (ends)
            {
                TellEnd();
            }
            else
            {
                Schedule();
            }
        }

        private void TellEnd()
        {
            Dispose();
            if (_error is null)
            {
                observer.OnCompleted();
            }
            else
            {
                observer.OnError(_error);
            }
        }
    }
}
