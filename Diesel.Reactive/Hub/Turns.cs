using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>
/// The order of things on a hub. A turn runs what was queued when it began; what it queues itself waits for the next one,
/// so that endless work cannot starve sockets and timers. Output is flushed once, at the turn's end.
/// </summary>
internal sealed class Turns : ITurns
{
    private const int LastTurns = 100;
    private const int MostRoom = 4096;

    private readonly Hub _hub;
    private readonly IEventLoop _loop;
    private readonly Action _readyAndTimers;
    private readonly Lock _gate = new();
    private List<WorkItem> _queued = [];
    private List<WorkItem> _running = [];
    private bool _awake;
    private bool _closed;
    private bool _inTurn;
    private int _begun;
    private ExecutionContext? _flow;

    public Turns(Hub hub, IEventLoop loop)
    {
        (_hub, _loop) = (hub, loop);
        (Clock, End) = (new TurnClock(loop), new TurnEnd(hub));
        Timers = loop as ITimers ?? new HubTimers(loop, this);
        _readyAndTimers = ReadyAndTimers;
    }

    public ITimers Timers { get; }

    /// <summary>The time, as the present turn sees it.</summary>
    public TurnClock Clock { get; }

    /// <summary>What the present turn does last.</summary>
    public TurnEnd End { get; }

    /// <summary>Nothing is taken any more. Any thread.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Told of each turn; null: nobody is.</summary>
    public Watchdog? Watchdog { get; set; }

    /// <summary>What runs now, for the watchdog.</summary>
    public WorkItem Current { get; private set; }

    /// <summary>It is this that runs, until something else does.</summary>
    public void Name(object work) => Current = new WorkItem(TurnEnd.FlushOne, work, _hub.Context);

    /// <summary>Counts turns; odd while one runs.</summary>
    public long Epoch;

    /// <summary>What waits for the next turn. Any thread.</summary>
    public int Queued
    {
        get
        {
            lock (_gate)
            {
                return _queued.Count;
            }
        }
    }

    public bool IsCurrent => _hub.IsCurrent;

    public bool IsAwake => Volatile.Read(ref _awake);

    public TimeSpan? UntilTimer => Timers.UntilNext();

    public bool Post(Action<object?> callback, object? state) => Post(callback, state, _hub.Context);

    public bool Post(object callback, object? state, HubContext context)
    {
        bool wake;
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _queued.Add(new WorkItem(callback, state, context));
            wake = !_awake;
            _awake = true;
        }

        if (wake)
        {
            _loop.Wake();
        }

        return true;
    }

    /// <summary>As <see cref="Post(Action{object?}, object?)"/>, for what can wait until there is a turn: it is no reason for one.</summary>
    public void PostForLater(Action<object?> callback, object? state)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _queued.Add(new WorkItem(callback, state, _hub.Context));
            }
        }
    }

    /// <summary>Ends: what is queued is dropped, but those who wait are told, and code that was to go on after an <c>await</c>
    /// does, a number of turns long. On the hub.</summary>
    public void Close(ObjectDisposedException error)
    {
        Timers.Close(state => Tell(state, error));
        var turn = _running;
        _running = [];
        EndEach(CollectionsMarshal.AsSpan(turn)[Math.Min(_begun, turn.Count)..], error);
        for (var last = 1; !IsClosed; last++)
        {
            var rest = Take(closeIfEmpty: true, close: last == LastTurns);
            EndEach(CollectionsMarshal.AsSpan(rest), error);
            rest.Clear();
        }

        // Those that another thread set meanwhile.
        Timers.Close(state => Tell(state, error));
    }

    /// <summary>Tells one who may wait that the hub ends; what that throws is reported.</summary>
    public void Tell(object? waiting, ObjectDisposedException error)
    {
        if (waiting is IHubWait wait)
        {
            Execute(new WorkItem((Action<object?>)(s => ((IHubWait)s!).HubEnded(error)), wait, _hub.Context));
        }
    }

    /// <summary>One turn: everything queued so far, then what the loop has besides (sockets, timers).</summary>
    public void Run()
    {
        Enter(CollectionsMarshal.AsSpan(Take()), _readyAndTimers);
        _running.Clear();

        // The burst is over: its room is given back.
        if (_running.Capacity > MostRoom)
        {
            _running = [];
        }
    }

    /// <summary>A turn of one item: a timer that came due.</summary>
    public void Run(Action<object?> callback, object? state)
    {
        if (_inTurn)
        {
            Execute(new WorkItem(callback, state, _hub.Context));
            return;
        }

        Enter([new WorkItem(callback, state, _hub.Context)]);
    }

    /// <summary>Runs one thing within the turn; what it throws is reported.</summary>
    public void Execute(Action<object?> callback, object? state) => Execute(new WorkItem(callback, state, _hub.Context));

    /// <inheritdoc cref="Execute(Action{object?}, object?)"/>
    public void Execute(in WorkItem item)
    {
        Current = item;
        SynchronizationContext.SetSynchronizationContext(item.Context);
        _hub.Roots.Measuring?.Enter(item.Context);
        try
        {
            item.Invoke();
        }
        catch (Exception error)
        {
            _hub.Report(error, item.ToString());
        }

        RestoreFlow();
    }

    /// <summary>As the other, with what a poll found.</summary>
    public void Execute(IPollTarget target, uint events)
    {
        Current = new WorkItem(TurnEnd.FlushOne, target, _hub.Context);
        SynchronizationContext.SetSynchronizationContext(_hub.Context);
        _hub.Roots.Measuring?.Enter(null);
        try
        {
            target.OnReady(events);
        }
        catch (Exception error)
        {
            _hub.Report(error, Label.Of(target));
        }

        RestoreFlow();
    }

    private List<WorkItem> Take(bool closeIfEmpty = false, bool close = false)
    {
        lock (_gate)
        {
            (_queued, _running) = (_running, _queued);
            _awake = false;
            _closed |= close || (closeIfEmpty && _running.Count == 0);
        }

        return _running;
    }

    private void EndEach(ReadOnlySpan<WorkItem> items, ObjectDisposedException error)
    {
        foreach (ref readonly var item in items)
        {
            if (item.Callback is SendOrPostCallback)
            {
                Execute(item);
            }
            else
            {
                Tell(item.State, error);
            }
        }
    }

    // A timer may be a deadline for what has arrived, so sockets come first. Those that become ready in the course of a long turn are
    // seen by the next one; what becomes due meanwhile waits for it, too.
    private void ReadyAndTimers()
    {
        _loop.RunReady();
        Timers.FireDue(Clock.Began);
    }

    private void Enter(ReadOnlySpan<WorkItem> items, Action? more = null)
    {
        var outerHub = Hub.Current;
        var outerContext = SynchronizationContext.Current;
        var outerFlow = _flow;
        _flow = ExecutionContext.Capture();
        Hub.Enter(_hub);
        _inTurn = true;
        Epoch++;
        Clock.TurnBegins();
        Watchdog?.TurnBegins();
        try
        {
            // The rest of a turn in which the hub ends has been seen to by then.
            for (_begun = 0; _begun < items.Length && !IsClosed;)
            {
                Execute(items[_begun++]);
            }

            more?.Invoke();
            EndTurn();
        }
        finally
        {
            Epoch++;
            Watchdog?.TurnEnds();
            _hub.Roots.Measuring?.Enter(null);
            Current = default;
            _inTurn = false;
            Hub.Enter(outerHub);
            SynchronizationContext.SetSynchronizationContext(outerContext);
            _flow = outerFlow;
        }
    }

    // What one item sets (an AsyncLocal) is not seen by the next, which has nothing to do with it.
    private void RestoreFlow()
    {
        if (_flow is { } flow && ExecutionContext.Capture() != flow)
        {
            ExecutionContext.Restore(flow);
        }
    }

    private void EndTurn()
    {
        if (End.Run(this))
        {
            Post(Nothing, null, _hub.Context);
        }
    }

    private static readonly Action<object?> Nothing = static _ => { };
}
