namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Which query is due when: all of a client have one timer. On the hub.</summary>
/// <remarks>A heap: a query enters and leaves in the logarithm of how many there are, and none is looked at that is not due.</remarks>
internal sealed class DnsTimes
{
    private readonly List<DnsRun> _heap = [];
    private readonly Func<TimeSpan> _now;
    private readonly Action _idle;
    private readonly Deadline _timer;
    private TimeSpan _looks = TimeSpan.MaxValue;

    /// <param name="hub">Keeps the time.</param>
    /// <param name="now">Says what time it is.</param>
    /// <param name="idle">Called when it has looked and nobody is there.</param>
    public DnsTimes(Hub hub, Func<TimeSpan> now, Action idle)
    {
        (_now, _idle) = (now, idle);
        _timer = new Deadline(hub, static times => ((DnsTimes)times!).Look(), this);
    }

    /// <summary>Queries that are under way.</summary>
    public int Count => _heap.Count;

    /// <summary>All of them.</summary>
    public DnsRun[] All => [.. _heap];

    /// <summary>A query is due, sooner or later than it was.</summary>
    public void Set(DnsRun run, TimeSpan due, TimeSpan now)
    {
        run.Due = due;
        if (run.Place < 0)
        {
            run.Place = _heap.Count;
            _heap.Add(run);
        }

        Sink(Rise(run.Place));

        // An earlier look finds that nobody is due, and looks again when somebody is.
        if (due < _looks)
        {
            _looks = due;
            _timer.Reset(due > now ? due - now : TimeSpan.Zero);
        }
    }

    public void Remove(DnsRun run)
    {
        var (at, last) = (run.Place, _heap.Count - 1);
        if (at < 0)
        {
            return;
        }

        Put(at, _heap[last]);
        _heap.RemoveAt(last);
        run.Place = -1;
        if (at < last)
        {
            Sink(Rise(at));
        }
    }

    /// <summary>What waits for the hub's end as well: it is what a client's end is told by.</summary>
    public override string ToString() => "the time limits of DNS queries";

    public void Stop() => _timer.Cancel();

    private void Look()
    {
        var now = _now();
        _looks = TimeSpan.MaxValue;
        try
        {
            while (_heap.Count > 0 && _heap[0].Due <= now)
            {
                var run = _heap[0];
                Remove(run);
                run.TimeIsUp();
            }
        }
        finally
        {
            // Also when somebody who was told has thrown: the others are no less due.
            if (_heap.Count > 0 && _heap[0].Due < _looks)
            {
                _looks = _heap[0].Due;
                _timer.Reset(_looks > now ? _looks - now : TimeSpan.Zero);
            }
        }

        if (_heap.Count == 0)
        {
            _idle();
        }
    }

    private int Rise(int at)
    {
        var run = _heap[at];
        while (at > 0 && _heap[(at - 1) / 2] is var parent && run.Due < parent.Due)
        {
            Put(at, parent);
            at = (at - 1) / 2;
        }

        Put(at, run);
        return at;
    }

    private void Sink(int at)
    {
        var run = _heap[at];
        while (2 * at + 1 < _heap.Count)
        {
            var child = 2 * at + 1;
            if (child + 1 < _heap.Count && _heap[child + 1].Due < _heap[child].Due)
            {
                child++;
            }

            if (run.Due <= _heap[child].Due)
            {
                break;
            }

            Put(at, _heap[child]);
            at = child;
        }

        Put(at, run);
    }

    private void Put(int at, DnsRun run)
    {
        _heap[at] = run;
        run.Place = at;
    }
}
