using System.Runtime.ExceptionServices;

namespace Diesel.Reactive;

/// <summary>One loop waiting for one value.</summary>
internal interface ISuspension
{
    /// <summary>What it waits for.</summary>
    string Description { get; }

    /// <summary>Whose it is; null: nobody's, and perhaps somebody's again later.</summary>
    Loop? Loop { get; }

    /// <summary>The loop ends: wake it with <see cref="OperationCanceledException"/>. On the hub.</summary>
    void Cancel();
}

/// <summary>Who wants to know why there will be no value.</summary>
internal interface IToldWhy
{
    /// <summary>The end, in place of <c>OnCompleted</c>.</summary>
    void OnEnded(string why);
}

/// <summary>An <c>await</c> that had to wait: subscribes, keeps the outcome, resumes where it was awaited.</summary>
/// <remarks>One that belongs to a loop is finished on the loop's hub, wherever its outcome came from; so the loop's list of these is
/// touched by one thread only.</remarks>
internal sealed class Suspension<T> : IObserver<T>, ISuspension, IHubWait, IToldWhy, IThreadPoolWorkItem
{
    private const string Waiting = "waiting for ";
    private const int MostSpare = 64;

    private static readonly Action Done = static () => { };
    private static readonly Action DoneGivingWay = static () => { };
    private static readonly Action<object?> FinishPosted = static s => ((Suspension<T>)s!).Finish();

    [ThreadStatic]
    private static Suspension<T>? _spare;

    [ThreadStatic]
    private static int _spares;

    private Awaitable<T> _source = null!;

    // Where it goes on; null: on the thread pool, and on its way there what goes on.
    private object? _context;
    private Action? _continuation;
    private T _value = default!;

    // One field for what excludes each other: while it waits nothing or the subscription, then itself for a value, or the exception; the next spare one.
    private object? _state;

    private Suspension()
    {
    }

    public bool IsCompleted => ReferenceEquals(Volatile.Read(ref _continuation), Done);

    public Loop? Loop => (_context as HubContext)?.Loop;

    public string Description => Label.Of(_source) is var text && text.StartsWith(Waiting, StringComparison.Ordinal) ? text[Waiting.Length..] : text;

    /// <summary>One that waits for nothing yet.</summary>
    public static Suspension<T> For(Awaitable<T> source)
    {
        var suspension = _spare;
        if (suspension is null)
        {
            suspension = new Suspension<T>();
        }
        else
        {
            (_spare, suspension._state) = ((Suspension<T>?)suspension._state, null);
            _spares--;
        }

        (suspension._source, suspension._context) = (source, SynchronizationContext.Current);
        return suspension;
    }

    public void Start()
    {
        if (Loop is { } loop && !loop.Suspend(this, (HubContext)_context!))
        {
            loop.Refuse(this);
            return;
        }

        var subscription = Subscribe();
        if (Interlocked.CompareExchange(ref _state, subscription, null) is not null)
        {
            // It came out, or its loop ended, within the call.
            subscription.Dispose();
        }
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
            var value = _value;
            if (_source.TellsOnce && _context is null or HubContext { Hub.IsCurrent: true })
            {
                Spare();
            }

            return value;
        }

        if (_state is Exception error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        throw new InvalidOperationException("The value is not there yet: await, instead of calling GetResult.");
    }

    // A source gives one notification, so the value is there before anybody can see that it is over.
    public void OnNext(T value)
    {
        if (!IsOver(Volatile.Read(ref _state)))
        {
            _value = value;
            ComeOut(this);
        }
    }

    public void OnError(Exception error) => ComeOut(error);

    public void OnCompleted()
    {
        if (!IsOver(Volatile.Read(ref _state)))
        {
            OnEnded($"{_source} ended without a value.");
        }
    }

    public void OnEnded(string why) => OnError(new EndOfStreamException(why));

    // What it waited for is let go of first: what the loop does in its finally may wait for the same.
    public void Cancel()
    {
        if (TryComeOut(new OperationCanceledException($"{Loop} was ended while it waited for {_source}."), out var before))
        {
            (before as IDisposable)?.Dispose();
            FinishOnHub();
        }
    }

    // Posted for its loop, to be finished or, when that has ended, to be told so: the outcome may not be there yet.
    public void HubEnded(ObjectDisposedException error)
    {
        TryComeOut(error, out _);
        Finish();
    }

    void IThreadPoolWorkItem.Execute()
    {
        var continuation = (Action)_context!;
        _context = null;
        continuation();
    }

    // Its value is taken, so nobody knows it any more: whoever awaits asks once.
    private void Spare()
    {
        (_value, _continuation, _context, _source, _state) = (default!, null, null, null!, null);
        if (_spares < MostSpare)
        {
            (_state, _spare) = (_spare, this);
            _spares++;
        }
    }

    // What was refused is not waited for.
    private IDisposable Subscribe()
    {
        try
        {
            return _source.Subscribe(this);
        }
        catch
        {
            Loop?.Resumed(this);
            throw;
        }
    }

    private bool IsOver(object? state) => ReferenceEquals(state, this) || state is Exception;

    private void ComeOut(object outcome)
    {
        if (TryComeOut(outcome, out _))
        {
            FinishOnHub();
        }
    }

    // The first outcome counts, whichever thread it comes from.
    private bool TryComeOut(object outcome, out object? before)
    {
        while (true)
        {
            before = Volatile.Read(ref _state);
            if (IsOver(before))
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _state, outcome, before) == before)
            {
                return true;
            }
        }
    }

    private void FinishOnHub()
    {
        if (Loop is not { Hub.IsCurrent: false } loop || !loop.Hub.Post(FinishPosted, this))
        {
            Finish();
        }
    }

    private void Finish()
    {
        Loop?.Resumed(this);
        var givesWay = _context is HubContext { Hub: { IsCurrent: true } hub } && (hub.Pace.IsDelivering || hub.Pace.IsYielding);
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
            using (context.Enter())
            {
                continuation();
            }
        }
        else if (_context is SynchronizationContext elsewhere)
        {
            elsewhere.Post(static c => ((Action)c!)(), continuation);
        }
        else
        {
            _context = continuation;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
