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
    private static readonly Action DoneGivingWay = static () => { };

    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private Action? _continuation;
    private T _value = default!;

    // One field for what excludes each other: while it waits the subscription, then itself for a value, or the exception.
    private object? _state;

    public bool IsCompleted => ReferenceEquals(Volatile.Read(ref _continuation), Done);

    private bool IsOver => ReferenceEquals(_state, this) || _state is Exception;

    private Loop? Loop => (_context as HubContext)?.Loop;

    public void Start()
    {
        if (Loop is { } loop && !loop.Suspend(this))
        {
            loop.Refuse(this);
            return;
        }

        var subscription = source.Subscribe(this);
        Interlocked.CompareExchange(ref _state, subscription, null);
    }

    public void OnCompleted(Action continuation)
    {
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is { } done)
        {
            Resume(continuation, givesWay: ReferenceEquals(done, DoneGivingWay));
        }
    }

    public T GetResult()
    {
        if (ReferenceEquals(_state, this))
        {
            return _value;
        }

        if (_state is Exception error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        throw new InvalidOperationException("The value is not there yet: await, instead of calling GetResult.");
    }

    public void OnNext(T value)
    {
        if (!IsOver)
        {
            _value = value;
            _state = this;
            Finish();
        }
    }

    public void OnError(Exception error)
    {
        if (!IsOver)
        {
            _state = error;
            Finish();
        }
    }

    public void OnCompleted()
    {
        if (!IsOver)
        {
            OnError(new EndOfStreamException($"{source} ended without a value."));
        }
    }

    public void Cancel()
    {
        (_state as IDisposable)?.Dispose();
        OnError(new OperationCanceledException($"{Loop} was ended while it waited for {source}."));
    }

    private void Finish()
    {
        Loop?.Resumed(this);
        var givesWay = _context is HubContext { Hub: { IsCurrent: true, Pace.IsDelivering: true } };
        var continuation = Interlocked.Exchange(ref _continuation, givesWay ? DoneGivingWay : Done);
        if (continuation is not null)
        {
            Resume(continuation, givesWay);
        }
    }

    // On the awaiting hub: now, in the context of the loop that awaits; in a turn of its own when it was another loop's
    // call (a Put, a Set) that brought the value. Anywhere else: where a task would resume.
    private void Resume(Action continuation, bool givesWay)
    {
        if (!givesWay && _context is HubContext { Hub.IsCurrent: true } context)
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
