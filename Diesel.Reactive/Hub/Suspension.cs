using System.Runtime.ExceptionServices;

namespace Diesel.Reactive;

/// <summary>One loop waiting for one value.</summary>
internal interface ISuspension
{
    /// <summary>The loop ends: wake it with <see cref="OperationCanceledException"/>.</summary>
    void Cancel();
}

/// <summary>An <c>await</c> that had to wait: subscribes, keeps the outcome, resumes where it was awaited.</summary>
internal sealed class Suspension<T>(Awaitable<T> source) : IObserver<T>, ISuspension
{
    private static readonly Action Done = static () => { };

    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private IDisposable? _subscription;
    private Action? _continuation;
    private T _value = default!;
    private object? _outcome; // null: no value yet; this: a value; else the exception

    public bool IsCompleted => ReferenceEquals(Volatile.Read(ref _continuation), Done);

    private Loop? Loop => (_context as HubContext)?.Loop;

    public void Start()
    {
        if (Loop is { } loop && !loop.Suspend(this))
        {
            Cancel();
            return;
        }

        var subscription = source.Subscribe(this);
        if (!IsCompleted)
        {
            _subscription = subscription;
        }
    }

    public void OnCompleted(Action continuation)
    {
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
        {
            Resume(continuation);
        }
    }

    public T GetResult()
    {
        if (ReferenceEquals(_outcome, this))
        {
            return _value;
        }

        if (_outcome is Exception error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        throw new InvalidOperationException("The value is not there yet: await, instead of calling GetResult.");
    }

    public void OnNext(T value)
    {
        if (_outcome is null)
        {
            _value = value;
            _outcome = this;
            Finish();
        }
    }

    public void OnError(Exception error)
    {
        if (_outcome is null)
        {
            _outcome = error;
            Finish();
        }
    }

    public void OnCompleted()
    {
        if (_outcome is null)
        {
            OnError(new EndOfStreamException($"{source} ended without a value."));
        }
    }

    public void Cancel()
    {
        _subscription?.Dispose();
        OnError(new OperationCanceledException($"{Loop} was ended while it waited for {source}."));
    }

    private void Finish()
    {
        Loop?.Resumed(this);
        var continuation = Interlocked.Exchange(ref _continuation, Done);
        if (continuation is not null)
        {
            Resume(continuation);
        }
    }

    // On the awaiting hub: now, in the context of the loop that awaits. Anywhere else: where a task would resume.
    private void Resume(Action continuation)
    {
        if (_context is HubContext { Hub.IsCurrent: true } context)
        {
            var outer = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(context);
            try
            {
                continuation();
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(outer);
            }
        }
        else if (_context is not null)
        {
            _context.Post(static c => ((Action)c!)(), continuation);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static c => c(), continuation, preferLocal: false);
        }
    }
}
