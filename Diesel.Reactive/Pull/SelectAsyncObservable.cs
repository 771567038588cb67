using System.Reactive;
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
        /// <summary>Ends its loop.</summary>
        public IDisposable? Running { get; set; }

        /// <summary>It was not done at once: others know of it.</summary>
        public bool IsJoined { get; set; }

        public bool IsDone { get; set; }

        public TResult Result { get; set; } = default!;
    }

    private sealed class Run(
        IObserver<TResult> observer, Func<T, Task<TResult>> selector, int max, bool ordered, Func<IDisposable>? hold, int capacity, Hub hub)
        : IObserver<T>, IDisposable
    {
        private readonly UnmadeLoop _loop = new(selector);
        private readonly LinkedList<Job> _jobs = [];
        private readonly Queue<T> _waiting = new();

        // Of a job that was done at once, for the next one.
        private LinkedListNode<Job>? _spare;
        private SingleAssignmentDisposableValue _source;
        private IDisposable? _held;
        private bool _sourceEnded;
        private bool _emitting;
        private bool _goingOn;
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
                Post(value);
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

        private void Post(T value) => hub.Invoke(() => Arrive(value));

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
            var job = _spare ?? new LinkedListNode<Job>(new Job());
            _spare = null;
            _jobs.AddLast(job);
            var context = new HubContext(hub, _loop);
            var task = Conversation.Call(context, selector, value, selector);
            if (Conversation.TryEnd(context, task))
            {
                job.Value.Result = task.Result;
                Done(job);
            }
            else
            {
                Join(job, context, task);
            }
        }

        private void Join(LinkedListNode<Job> job, HubContext context, Task<TResult> task)
        {
            job.Value.IsJoined = true;
            var running = Conversation.Join(context, task, Observer.Create<TResult>(
                result => job.Value.Result = result,
                Fail,
                () => Done(job)));
            if (job.List is null)
            {
                // Done, or it was all given up within its call.
                running.Dispose();
            }
            else
            {
                job.Value.Running = running;
            }
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
                Emit(job);
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
            try
            {
                while (!IsOver && _jobs.First is { Value.IsDone: true } first)
                {
                    Emit(first);
                }
            }
            finally
            {
                _emitting = false;
            }
        }

        private void Emit(LinkedListNode<Job> job)
        {
            _jobs.Remove(job);
            var result = job.Value.Result;
            if (!job.Value.IsJoined)
            {
                (job.Value.IsDone, job.Value.Result) = (false, default!);
                _spare = job;
            }

            observer.OnNext(result);
        }

        // A method that is done at once comes back to here: the loop that began it goes on.
        private void GoOn()
        {
            if (_goingOn)
            {
                return;
            }

            _goingOn = true;
            try
            {
                while (!IsOver && _jobs.Count < max && _waiting.TryDequeue(out var next))
                {
                    Begin(next);
                }
            }
            finally
            {
                _goingOn = false;
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
