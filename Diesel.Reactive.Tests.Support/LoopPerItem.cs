using System.Reactive.Disposables;

namespace Diesel.Reactive.Tests;

/// <summary><c>SelectAsync</c> as simple as can be: a loop for each item, whether its method waits or not. What the library makes must
/// look like it.</summary>
internal sealed class LoopPerItem<T, TResult>(
    Func<T, Task<TResult>> selector, int max, bool ordered, Func<IDisposable>? hold, int capacity, Hub hub, IObserver<TResult> observer)
    : IObserver<T>, IDisposable
{
    private readonly List<Job> _jobs = [];
    private readonly Queue<T> _waiting = new();
    private readonly SingleAssignmentDisposable _source = new();
    private IDisposable? _held;
    private bool _sourceEnded;
    private bool _emitting;
    private bool _over;

    public static IObservable<TResult> Of(
        IObservable<T> source, Func<T, Task<TResult>> selector, int max, bool ordered, Func<IDisposable>? hold, int capacity, Hub hub) =>
        Observable.Create<TResult>(observer =>
        {
            var run = new LoopPerItem<T, TResult>(selector, max, ordered, hold, capacity, hub, observer);
            run._source.Disposable = source.Subscribe(run);
            return run;
        });

    public void OnNext(T value)
    {
        if (_over)
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
            OnError(new QueueFullException("SelectAsync", capacity, QueueFullException.OfHeldSource));
            return;
        }

        if (_jobs.Count >= max && !_over)
        {
            _held ??= hold?.Invoke();
        }
    }

    public void OnError(Exception error)
    {
        if (!_over)
        {
            Dispose();
            observer.OnError(error);
        }
    }

    public void OnCompleted()
    {
        _sourceEnded = true;
        CompleteIfDone();
    }

    public void Dispose()
    {
        if (!_over)
        {
            _over = true;
            _source.Dispose();
            _waiting.Clear();
            foreach (var job in _jobs.ToArray())
            {
                job.Running.Dispose();
            }

            _jobs.Clear();
            Release();
        }
    }

    private void Begin(T value)
    {
        var (job, result) = (new Job(), default(TResult)!);
        _jobs.Add(job);
        var loop = LoopStart.Begin(hub, LoopBody.Of(async () => result = await (selector(value) ?? throw NothingGiven.Task(selector.Method.Name))) with { IsJoined = true });
        job.Running.Add(loop);
        job.Running.Add(loop.Subscribe(static _ => { }, OnError, () =>
        {
            job.Result = result;
            Done(job);
        }));
    }

    private void Done(Job job)
    {
        if (_over)
        {
            return;
        }

        job.IsDone = true;
        if (!ordered)
        {
            _jobs.Remove(job);
            observer.OnNext(job.Result);
        }
        else if (!_emitting)
        {
            EmitInOrder();
        }

        while (!_over && _jobs.Count < max && _waiting.TryDequeue(out var next))
        {
            Begin(next);
        }

        if (_jobs.Count < max)
        {
            Release();
        }

        CompleteIfDone();
    }

    private void EmitInOrder()
    {
        _emitting = true;
        while (!_over && _jobs is [{ IsDone: true } first, ..])
        {
            _jobs.RemoveAt(0);
            observer.OnNext(first.Result);
        }

        _emitting = false;
    }

    private void CompleteIfDone()
    {
        if (_sourceEnded && _jobs.Count == 0 && _waiting.Count == 0 && !_over)
        {
            _over = true;
            Release();
            observer.OnCompleted();
        }
    }

    private void Release()
    {
        var held = _held;
        _held = null;
        held?.Dispose();
    }

    private sealed class Job
    {
        public CompositeDisposable Running { get; } = [];

        public bool IsDone { get; set; }

        public TResult Result { get; set; } = default!;
    }
}
