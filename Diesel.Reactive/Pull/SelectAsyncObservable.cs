using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary><see cref="SelectAsyncExtensions"/>.</summary>
internal sealed class SelectAsyncObservable<T, TResult>(
    IObservable<T> source, Func<T, Task<TResult>> selector, int max, bool ordered, Func<IDisposable>? hold, int capacity, Hub? hub)
    : IObservable<TResult>
{
    public IDisposable Subscribe(IObserver<TResult> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var pausable = source as IPausable;
        var run = new Run(observer, selector, max, ordered, hold ?? (pausable is null ? null : pausable.Pause), capacity, pausable?.Hub ?? Hub.Of(hub));
        run.Start(source);
        return run;
    }

    /// <summary>One item's method: running, or done and, where order matters, waiting for those before it.</summary>
    private sealed class Job
    {
        public IDisposable? Running { get; set; }

        public bool IsDone { get; set; }

        public TResult Result { get; set; } = default!;
    }

    private sealed class Run(
        IObserver<TResult> observer, Func<T, Task<TResult>> selector, int max, bool ordered, Func<IDisposable>? hold, int capacity, Hub hub)
        : IObserver<T>, IDisposable
    {
        private readonly LinkedList<Job> _jobs = [];
        private readonly Queue<T> _waiting = new();
        private SingleAssignmentDisposableValue _source;
        private IDisposable? _held;
        private bool _sourceEnded;
        private bool _emitting;
        private int _over;

        private bool IsOver => Volatile.Read(ref _over) != 0;

        public void Start(IObservable<T> source) => _source.Disposable = source.Subscribe(this);

        public void OnNext(T value)
        {
            if (hub.IsCurrent)
            {
                Arrive(value);
            }
            else
            {
                hub.Invoke(() => Arrive(value));
            }
        }

        public void OnError(Exception error) => hub.Invoke(() => Fail(error));

        public void OnCompleted() => hub.Invoke(() =>
        {
            _sourceEnded = true;
            CompleteIfDone();
        });

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _over, 1) == 0)
            {
                _source.Dispose();
                hub.Invoke(EndJobs);
            }
        }

        private void Arrive(T value)
        {
            if (IsOver)
            {
                return;
            }

            if (_jobs.Count < max && _waiting.Count == 0)
            {
                Begin(value);
            }
            else if (_waiting.Count < capacity)
            {
                _waiting.Enqueue(value);
            }
            else
            {
                Fail(new QueueFullException($"SelectAsync with {max} running methods", capacity, QueueFullException.OfHeldSource));
                return;
            }

            // Held before this item's delivery returns, so that a connection gives no further one.
            if (_jobs.Count >= max && !IsOver)
            {
                _held ??= hold?.Invoke();
            }
        }

        private void Begin(T value)
        {
            var job = new LinkedListNode<Job>(new Job());
            _jobs.AddLast(job);
            job.Value.Running = Conversation.Of(hub, () => selector(value)).Subscribe(
                result => job.Value.Result = result,
                Fail,
                () => Done(job));
        }

        private void Done(LinkedListNode<Job> job)
        {
            if (IsOver)
            {
                return;
            }

            job.Value.IsDone = true;
            if (ordered)
            {
                EmitInOrder();
            }
            else
            {
                _jobs.Remove(job);
                observer.OnNext(job.Value.Result);
            }

            GoOn();
        }

        private void EmitInOrder()
        {
            if (_emitting)
            {
                return;
            }

            _emitting = true;
            while (!IsOver && _jobs.First is { Value.IsDone: true } first)
            {
                _jobs.RemoveFirst();
                observer.OnNext(first.Value.Result);
            }

            _emitting = false;
        }

        private void GoOn()
        {
            while (!IsOver && _jobs.Count < max && _waiting.TryDequeue(out var next))
            {
                Begin(next);
            }

            if (_jobs.Count < max)
            {
                Release();
            }

            CompleteIfDone();
        }

        private void CompleteIfDone()
        {
            if (_sourceEnded && _jobs.Count == 0 && _waiting.Count == 0 && Interlocked.Exchange(ref _over, 1) == 0)
            {
                Release();
                observer.OnCompleted();
            }
        }

        private void Fail(Exception error)
        {
            if (Interlocked.Exchange(ref _over, 1) == 0)
            {
                _source.Dispose();
                EndJobs();
                observer.OnError(error);
            }
        }

        private void EndJobs()
        {
            _waiting.Clear();
            foreach (var job in _jobs.ToArray())
            {
                job.Running?.Dispose();
            }

            _jobs.Clear();
            Release();
        }

        private void Release()
        {
            if (_held is { } held)
            {
                _held = null;
                held.Dispose();
            }
        }
    }
}
