using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Code that a hub runs beside other code: an observable, an <c>async</c> method, or a plain action.</summary>
/// <remarks>
/// Observing a loop joins it: it completes when the loop has ended, however it ended, and fails with what the loop threw.
/// Disposing it ends it: an observable is unsubscribed; an <c>async</c> method gets an
/// <see cref="OperationCanceledException"/> from what it awaits on the hub (from <see cref="Token"/> for the rest).
/// Source: diesel's <c>Loop</c> and bluelet's <c>spawn</c>, <c>join</c> and <c>kill</c>.
/// </remarks>
public sealed class Loop : IObservable<Unit>, IHubWait, IDisposable
{
    private const int MostRefused = 16;

    private readonly LoopBody _body;
    private readonly object _name;
    private readonly AwaitableSource<Unit> _ended;
    private OneTimeToken _token;

    // One of these, or a set where there are several: nearly every loop waits for one thing at a time, and has no child.
    private object? _suspensions;
    private HashSet<Loop>? _children;
    private IDisposable? _subscription;
    private State _state;
    private int _refused;

    internal Loop(Hub hub, LoopBody body, object name, Loop? parent = null, HubContext? context = null)
    {
        (Hub, _body, _name, Parent) = (hub, body, name, parent);
        Context = context ?? new HubContext(hub, this);
        _ended = new AwaitableSource<Unit>(hub, null, this);
    }

    private enum State
    {
        Queued,
        Running,
        Ended,
    }

    /// <summary>The loop whose code is running; null outside of any.</summary>
    public static Loop? Current => (SynchronizationContext.Current as HubContext)?.Loop;

    /// <summary>What it is called in errors. Source: diesel's <c>label</c>.</summary>
    public string Name => _name.ToString()!;

    /// <summary>The loop it ends with; null for one that stands alone.</summary>
    public Loop? Parent { get; }

    /// <summary>Whether it has begun and not ended.</summary>
    public bool IsRunning => _state == State.Running;

    /// <summary>Cancelled when the loop ends or is ended: hand it to what is awaited outside the hub.</summary>
    public CancellationToken Token => _token.Token;

    /// <summary>Joins it: <c>await loop.Ended</c> goes on when the loop has ended, however it ended, and throws what it threw.</summary>
    /// <remarks>Hot. Source: bluelet's <c>join</c>.</remarks>
    public Awaitable<Unit> Ended => _ended;

    internal Hub Hub { get; }

    internal HubContext Context { get; }

    internal int WaitCount => Slot.Count<ISuspension>(_suspensions);

    internal bool IsEnding => _state == State.Ended;

    /// <summary>Joins the loop.</summary>
    /// <param name="observer">Is completed when the loop has ended; gets the error of a loop that failed.</param>
    /// <returns>Leaves again; the loop goes on.</returns>
    public IDisposable Subscribe(IObserver<Unit> observer) => _ended.IgnoreElements().Subscribe(observer);

    /// <summary>Starts a loop that ends when this one ends, however that ends, also if it has not begun by then.</summary>
    /// <param name="child">The child's code.</param>
    /// <param name="name">What it is called in errors.</param>
    /// <returns>The child. It begins after the caller has given way.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="child"/> is null.</exception>
    /// <remarks>Source: diesel's <c>fork_child</c>.</remarks>
    public Loop ForkChild(Func<Task> child, string? name = null) => Start(LoopBody.Of(child), name);

    /// <inheritdoc cref="ForkChild(Func{Task}, string?)"/>
    public Loop ForkChild(Func<CancellationToken, Task> child, string? name = null) => Start(LoopBody.Of(child), name);

    /// <inheritdoc cref="ForkChild(Func{Task}, string?)"/>
    public Loop ForkChild(Action child, string? name = null) => Start(LoopBody.Of(child), name);

    /// <inheritdoc cref="ForkChild(Func{Task}, string?)"/>
    /// <typeparam name="T">What the observable gives; the loop ends with it.</typeparam>
    public Loop ForkChild<T>(IObservable<T> child, string? name = null) => Start(LoopBody.Of(child), name);

    /// <summary>Ends the loop and its children; ended already, nothing happens.</summary>
    /// <remarks>Source: bluelet's <c>kill</c>, diesel's <c>TerminateLoop</c>.</remarks>
    public void Dispose() => Hub.Invoke(static loop => ((Loop)loop!).End(null), this);

    /// <summary>Its name, as errors show it.</summary>
    public override string ToString() => $"loop '{Name}'";

    internal static Loop Start(Hub hub, LoopBody body, string? name, Loop? parent = null)
    {
        var loop = new Loop(hub, body, name ?? body.Name, parent);
        if (hub.IsCurrent && !hub.IsDisposed)
        {
            loop.Adopt();
        }

        if (hub.IsDisposed || !hub.Post((Action<object?>)(static l => ((Loop)l!).AdoptAndBegin()), loop, loop.Context))
        {
            loop.HubEnded(hub.Ended());
        }

        return loop;
    }

    /// <summary>Starts a loop at once, on the hub's thread.</summary>
    internal static Loop Begin(Hub hub, LoopBody body, Action<Loop>? made = null)
    {
        var loop = new Loop(hub, body, body.Name);
        made?.Invoke(loop);
        using (loop.Context.Enter())
        {
            loop.Begin();
        }

        return loop;
    }

    /// <summary>Its code runs already.</summary>
    internal void HasBegun() => _state = State.Running;

    /// <summary>Notes that the loop waits; false when it has ended and must not wait any more.</summary>
    internal bool Suspend(ISuspension suspension)
    {
        if (_state == State.Ended)
        {
            return false;
        }

        Slot.Add(ref _suspensions, suspension);
        return true;
    }

    /// <summary>The loop has ended and waits again: it is told so each time, a few times, and then left where it is. Code that
    /// catches every exception would otherwise go round for ever, and take the hub with it.</summary>
    internal void Refuse(ISuspension suspension)
    {
        _refused++;
        if (_refused <= MostRefused)
        {
            if (!Hub.Post(static s => ((ISuspension)s!).Cancel(), suspension))
            {
                suspension.Cancel();
            }
        }
        else if (_refused == MostRefused + 1)
        {
            Hub.Report(
                new InvalidOperationException(
                    $"{this} was ended and went on waiting {MostRefused} times; it is left at its await for good. " +
                    "Let OperationCanceledException end it: catch (Exception e) when (e is not OperationCanceledException)."),
                ToString());
        }
    }

    internal void Resumed(ISuspension suspension)
    {
        // Off the hub only when that has ended: its end has told, or will tell, everybody.
        if (Hub.IsCurrent)
        {
            Slot.Remove(ref _suspensions, suspension);
        }
    }

    internal void HubEnded(ObjectDisposedException error) => End(error, error);

    void IHubWait.HubEnded(ObjectDisposedException error) => HubEnded(error);

    internal void End(Exception? error) => End(error, null);

    // What its hub's end does to it is nobody's failure; only those who joined are told.
    private void End(Exception? error, ObjectDisposedException? hubEnded)
    {
        if (_state == State.Ended)
        {
            return;
        }

        _state = State.Ended;
        Leave();
        Try(() => _subscription?.Dispose());
        _token.Cancel(Hub, this);
        EndChildren(hubEnded ?? IfHubEnded());
        foreach (var suspension in Slot.Take<ISuspension>(ref _suspensions))
        {
            Try(suspension.Cancel);
        }

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

    // What user code throws while the loop ends keeps neither the rest of it nor its children from ending.
    private void Try(Action step) => UserCode.Run(Hub, this, step);

    private void EndChildren(ObjectDisposedException? hubEnded)
    {
        var children = _children;
        _children = null;
        foreach (var child in children ?? [])
        {
            child.End(hubEnded, hubEnded);
        }
    }

    private ObjectDisposedException? IfHubEnded() => Hub.IsDisposed ? Hub.Ended() : null;

    private Loop Start(LoopBody body, string? name) => Start(Hub, body, name, this);

    private void Leave()
    {
        if (!Hub.IsCurrent)
        {
            // Its hub had ended before it could join the others.
            return;
        }

        if (Parent is null)
        {
            Hub.Roots.Remove(this);
        }
        else
        {
            Parent._children?.Remove(this);
        }
    }

    private void Adopt()
    {
        if (Parent is null)
        {
            Hub.Roots.Add(this);
        }
        else if (Parent._state == State.Ended)
        {
            End(IfHubEnded(), IfHubEnded());
        }
        else if (_state != State.Ended)
        {
            (Parent._children ??= []).Add(this);
        }
    }

    private void AdoptAndBegin()
    {
        Adopt();
        Begin();
    }

    private void Begin()
    {
        if (_state != State.Queued)
        {
            return;
        }

        _state = State.Running;
        try
        {
            var subscription = _body.Run(this);
            if (_state == State.Ended)
            {
                subscription.Dispose();
            }
            else
            {
                _subscription = subscription;
            }
        }
        catch (Exception error)
        {
            End(error);
        }
    }
}
