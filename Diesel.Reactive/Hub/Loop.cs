using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Code that a hub runs beside other code: an observable, an <c>async</c> method, or a plain action.</summary>
/// <remarks>
/// Observing a loop joins it: it completes when the loop has ended, however it ended, and fails with what the loop threw.
/// Disposing it ends it: an observable is unsubscribed; an <c>async</c> method gets an
/// <see cref="OperationCanceledException"/> from what it awaits on the hub (from <see cref="Token"/> for the rest).
/// One that is kept alive (<c>KeepAlive</c>) begins again whenever it comes to its end; it has ended when it does not.
/// Idea: diesel's <c>Loop</c> and bluelet's <c>spawn</c>, <c>join</c> and <c>kill</c>.
/// </remarks>
public sealed class Loop : IObservable<Unit>, IHubWait, IDisposable
{
    private readonly LoopBody _body;
    private readonly object _name;
    private readonly bool _isForked;
    private AwaitableSource<Unit> _ended;
    private OneTimeToken _token;
    private LoopWaits _waits;
    private LoopFamily _family;
    private IDisposable? _subscription;
    private LoopRecord? _record;
    private TimeSpan _since;
    private LoopState _state;
    private bool _mayBegin;

    internal Loop(Hub hub, LoopBody body, object name, Loop? parent = null, HubContext? context = null, bool isForked = false)
    {
        (Hub, _body, _name, Parent, _isForked) = (hub, body, name, parent, isForked);
        Context = context ?? new HubContext(hub, this);
        (_ended, _since) = (NewEnd(), hub.TurnBegan);
    }

    /// <summary>The loop whose code is running; null outside of any.</summary>
    public static Loop? Current => (SynchronizationContext.Current as HubContext)?.Loop;

    /// <summary>What it is called in errors. Idea: diesel's <c>label</c>.</summary>
    public string Name => _name.ToString()!;

    /// <summary>The loop it ends with; null for one that stands alone.</summary>
    public Loop? Parent { get; }

    /// <summary>Whether it has begun and not ended.</summary>
    public bool IsRunning => _state == LoopState.Running;

    /// <summary>How far it is.</summary>
    public LoopState State => _state;

    /// <summary>How often it has died and begun again, because it is kept alive.</summary>
    public int Deaths => _record?.Deaths ?? 0;

    /// <summary>The hub's time that its code has used while <see cref="LoopSupervision.MeasureLoops"/> was asked for.</summary>
    public TimeSpan HubTime => _record?.HubTime ?? TimeSpan.Zero;

    /// <summary>Cancelled when the loop ends or is ended: hand it to what is awaited outside the hub. One that begins again has
    /// another.</summary>
    public CancellationToken Token => _token.Token;

    /// <summary>Joins it: <c>await loop.Ended</c> goes on when the loop has ended, however it ended, and throws what it threw.</summary>
    /// <remarks>Hot. Idea: bluelet's <c>join</c>.</remarks>
    public Awaitable<Unit> Ended => _ended;

    internal Hub Hub { get; }

    internal HubContext Context { get; private set; }

    internal ref LoopFamily Family => ref _family;

    internal LoopStatus Status => new()
    {
        Name = Name,
        State = _state,
        Since = Hub.Elapsed - _since,
        Deaths = Deaths,
        LastError = _record?.LastError,
        WaitsFor = _waits.Descriptions,
        HubTime = HubTime,
        Children = _family.GetStatus(),
    };

    internal int WaitCount => _waits.Count;

    internal bool IsEnding => _state == LoopState.Ended;

    /// <summary>Joins the loop.</summary>
    /// <param name="observer">Is completed when the loop has ended; gets the error of a loop that failed.</param>
    /// <returns>Leaves again; the loop goes on.</returns>
    public IDisposable Subscribe(IObserver<Unit> observer) => _ended.IgnoreElements().Subscribe(observer);

    /// <summary>Ends the loop and its children; ended already, nothing happens.</summary>
    /// <remarks>Idea: bluelet's <c>kill</c>, diesel's <c>TerminateLoop</c>.</remarks>
    public void Dispose() => Hub.Invoke(static loop => ((Loop)loop!).EndForGood(null, null), this);

    /// <summary>Its name, as errors show it.</summary>
    public override string ToString() => $"loop '{Name}'";

    /// <summary>Its code runs already.</summary>
    internal void HasBegun() => _state = LoopState.Running;

    /// <summary>Whether code of this context is that of its present life.</summary>
    internal bool IsAlive(HubContext context) => _state < LoopState.Restarting && context == Context;

    /// <summary>Notes that the loop waits; false when it has ended and must not wait any more.</summary>
    internal bool Suspend(ISuspension suspension, HubContext context)
    {
        if (!IsAlive(context))
        {
            return false;
        }

        _waits.Add(suspension);
        return true;
    }

    internal void Refuse(ISuspension suspension) => _waits.Refuse(this, suspension);

    internal void Resumed(ISuspension suspension)
    {
        // Off the hub only when that has ended: its end has told, or will tell, everybody.
        if (Hub.IsCurrent)
        {
            _waits.Remove(suspension);
        }
    }

    /// <summary>Its code has used some of the hub's time.</summary>
    internal void Use(TimeSpan time) => (_record ??= new()).HubTime += time;

    internal void KeepAlive(Restarts restarts)
    {
        if (!_isForked)
        {
            throw new InvalidOperationException($"{this} was not forked: it ends with its handler or its call. Fork one that is kept alive.");
        }

        Hub.Invoke(() => Keep(restarts));
    }

    internal void HubEnded(ObjectDisposedException error) => EndForGood(error, error);

    internal void EndWithParent(ObjectDisposedException? hubEnded) => EndForGood(hubEnded, hubEnded);

    void IHubWait.HubEnded(ObjectDisposedException error) => HubEnded(error);

    /// <summary>Begins, unless it was ended before. In its context.</summary>
    internal void Begin()
    {
        if (_state is LoopState.Queued or LoopState.Restarting)
        {
            Run();
        }
    }

    /// <summary>Its code has come to its end.</summary>
    internal void End(Exception? error)
    {
        if (_state == LoopState.Running && _record?.Restarts is { } restarts && !Hub.IsDisposed)
        {
            Die(restarts, error);
        }
        else if (_state != LoopState.Ended)
        {
            EndForGood(error, null, byItself: true);
        }
    }

    private AwaitableSource<Unit> NewEnd() => new(Hub, null, this);

    private void Keep(Restarts restarts)
    {
        (_record ??= new()).Restarts = restarts;
        if (_state == LoopState.Ended && _mayBegin && !Hub.IsDisposed && Parent is null or { _state: LoopState.Running })
        {
            (_ended, _state) = (NewEnd(), LoopState.Restarting);
            LoopFamily.Join(this);
            Die(restarts, null);
        }
    }

    // It ends for a while, or for good if that was too often.
    private void Die(Restarts restarts, Exception? error)
    {
        var record = _record!;
        (record.Deaths, record.LastError) = (record.Deaths + 1, error);
        if (!restarts.TryGetPause(Hub.TurnBegan - _since, out var pause))
        {
            EndForGood(new RestartLimitException(ToString(), restarts.Limit!, record.Deaths, error), null);
            return;
        }

        EndLife(LoopState.Restarting, null, error, pause);
        if (error is not null)
        {
            Hub.Report(error, ToString());
        }

        // What ran at its end may have ended it for good.
        if (_state == LoopState.Restarting)
        {
            record.Pause = Hub.StartTimer(pause, static loop => ((Loop)loop!).BeginAgain(), this);
        }
    }

    // What its hub's end does to it is nobody's failure; only those who joined are told.
    private void EndForGood(Exception? error, ObjectDisposedException? hubEnded, bool byItself = false)
    {
        _mayBegin = byItself;
        if (_state == LoopState.Ended)
        {
            return;
        }

        _record?.Pause?.Dispose();
        EndLife(LoopState.Ended, hubEnded, error, null);

        // Missed when all of its own has ended: when nothing runs any more, a program ends.
        LoopFamily.Leave(this);
        if (error is null)
        {
            Try(() => _ended.TrySetResult(Unit.Default));
            return;
        }

        // What somebody joined for is theirs; one who joins without a place for errors throws what it is told.
        if (!(error is ObjectDisposedException && Hub.IsDisposed) && !_body.IsJoined && !_ended.IsObserved)
        {
            Hub.Report(error, ToString());
        }

        Try(() => _ended.TrySetException(error));
    }

    // Of one life: what it was subscribed to, its children, and what it waited for.
    private void EndLife(LoopState state, ObjectDisposedException? hubEnded, Exception? error, TimeSpan? pause)
    {
        Come(state);
        Try(() => Interlocked.Exchange(ref _subscription, null)?.Dispose());
        _token.Cancel(Hub, this);
        _family.EndAll(hubEnded ?? IfHubEnded());
        foreach (var suspension in _waits.Take())
        {
            // What one of them does as it ends may bring another its value: that is used again then.
            if (suspension.Loop == this)
            {
                Try(suspension.Cancel);
            }
        }

        Tell(state, error, pause);
    }

    private void BeginAgain()
    {
        (Context, _token, _waits, _record!.Pause) = (new HubContext(Hub, this), default, default, null);
        using (Context.Enter())
        {
            Begin();
        }
    }

    private void Come(LoopState state) => (_state, _since) = (state, Hub.TurnBegan);

    private void Tell(LoopState state, Exception? error, TimeSpan? pause)
    {
        if (_isForked && Hub.Roots.News.IsObserved)
        {
            Hub.Roots.Tell(new LoopEvent(this, state, Hub.Now, Deaths, error, pause));
        }
    }

    // What user code throws while the loop ends keeps neither the rest of it nor its children from ending.
    private void Try(Action step) => UserCode.Run(Hub, this, step);

    private ObjectDisposedException? IfHubEnded() => Hub.IsDisposed ? Hub.Ended() : null;

    private void Run()
    {
        Come(LoopState.Running);
        Tell(LoopState.Running, null, null);
        try
        {
            var subscription = _body.Run(this);
            if (_state == LoopState.Running)
            {
                _subscription = subscription;
            }
            else
            {
                subscription.Dispose();
            }
        }
        catch (Exception error)
        {
            End(error);
        }
    }
}
