namespace Diesel.Reactive.Testing;

/// <summary>Who of several threads runs in virtual time: its own, or, while that holds still, one after the other those on which async code
/// goes on that waits without a context.</summary>
internal sealed class Baton
{
    /// <summary>The longest wait for another thread: only one that nobody will release takes longer, or a process that does not get on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // How long the pool may take to begin what it was given. Where its threads are all blocked it adds one each half second.
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    // In moments: how long after the pool has nothing more it may take until it has told so of the last.
    private const int LongestTelling = 20;

    // How long what a thread of the pool has taken may need until it says that it is the run's. What was given there without a context never does.
    private static readonly TimeSpan LongestEntrance = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private int _waiting;
    private int _turns;
    private int _owed;
    private int _begun;
    private int _coming;
    private bool _isTaken;
    private bool _isOffered;

    /// <summary>Whether the run is over, so that nobody gets a turn any more.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>For a guest: waits for its turn. False: it gets none.</summary>
    public bool Take()
    {
        lock (_gate)
        {
            (_coming, _waiting) = (_coming - 1, _waiting + 1);
            Monitor.PulseAll(_gate);
            var hasTurn = Wait(() => IsDropped || (_isOffered && !_isTaken), Patience) && !IsDropped;
            _waiting--;
            if (hasTurn)
            {
                (_isTaken, _turns) = (true, _turns + 1);
            }

            Monitor.PulseAll(_gate);
            return hasTurn;
        }
    }

    /// <summary>For a guest: its turn is over.</summary>
    public void Give()
    {
        lock (_gate)
        {
            _isTaken = false;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>For whoever has the turn: it gave something to the pool, which has yet to begin it.</summary>
    public void Owe()
    {
        lock (_gate)
        {
            _owed++;
        }
    }

    /// <summary>A thread of the pool has taken something that it was given, and is about to begin it.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _begun = Math.Min(_begun + 1, _owed);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Something of the run has begun on another thread, and will take its turn or <see cref="Refuse"/> it.</summary>
    public void Come()
    {
        lock (_gate)
        {
            (_owed, _begun, _coming) = (Math.Max(_owed - 1, 0), Math.Max(_begun - 1, 0), _coming + 1);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>It needs no turn.</summary>
    public void Refuse()
    {
        lock (_gate)
        {
            _coming--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits, not for long, until the pool has begun what it was given.</summary>
    public void Collect()
    {
        lock (_gate)
        {
            CollectOwed();
            Wait(() => _coming == 0, LongestStart);
        }
    }

    /// <summary>Whether something was given to the pool that it has not begun, or that waits for its turn.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_gate)
            {
                return _owed > 0 || _coming > 0 || _waiting > 0;
            }
        }
    }

    /// <summary>For the run's own thread: guests may run, until <see cref="Reclaim"/>.</summary>
    public void Offer()
    {
        lock (_gate)
        {
            _isOffered = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>For the run's own thread: waits until no guest runs, and lets none in any more.</summary>
    public void Reclaim()
    {
        lock (_gate)
        {
            _isOffered = false;
            ThrowUnless(Wait(() => !_isTaken, Patience));
        }
    }

    /// <summary>For the run's own thread: lets in what async code has scheduled on the pool, and what that schedules, until there is no more.</summary>
    /// <param name="linger">How long to wait in real time for what nobody has scheduled yet.</param>
    /// <returns>Whether anything was let in.</returns>
    public bool Settle(TimeSpan linger)
    {
        lock (_gate)
        {
            var first = _turns;
            int before;
            _isOffered = true;
            do
            {
                before = _turns;
                Monitor.PulseAll(_gate);
                CollectOwed();
                ThrowUnless(Wait(() => _coming == 0 && _waiting == 0 && !_isTaken, Patience));
            }
            while (_owed > 0 || before != _turns || (linger > TimeSpan.Zero && Wait(() => before != _turns, linger)));
            _isOffered = false;
            return first != _turns;
        }
    }

    /// <summary>The run is over: whoever waits goes on elsewhere.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            IsDropped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void CollectOwed()
    {
        // What comes may give the pool more.
        while (_owed > 0 && HasBegun() && Wait(() => _owed == 0 || _owed > _begun, LongestEntrance))
        {
        }

        (_owed, _begun) = (0, 0);
    }

    // Of what the pool has no more, and has not told of, it was not the pool that ran it: who waits for a task may do so himself.
    private bool HasBegun()
    {
        var (end, quiet) = (Environment.TickCount64 + (long)LongestStart.TotalMilliseconds, 0);
        while (_owed > _begun && quiet < LongestTelling)
        {
            if (Environment.TickCount64 >= end)
            {
                return false;
            }

            var before = _begun;
            quiet = Wait(() => _owed <= _begun, Moment) || _begun != before || ThreadPool.PendingWorkItemCount > 0 ? 0 : quiet + 1;
        }

        _owed = Math.Min(_owed, _begun);
        return true;
    }

    private bool Wait(Func<bool> holds, TimeSpan atMost)
    {
        var end = Environment.TickCount64 + (long)atMost.TotalMilliseconds;
        while (!holds())
        {
            var left = end - Environment.TickCount64;
            if (left <= 0)
            {
                return false;
            }

            Monitor.Wait(_gate, (int)left);
        }

        return true;
    }

    private static void ThrowUnless(bool hasEnded)
    {
        if (!hasEnded)
        {
            throw new InvalidOperationException(
                "Async code that waits without a context (ConfigureAwait(false)) went on on the thread pool and does not come to an end: it blocks, or the pool is busy.");
        }
    }
}
