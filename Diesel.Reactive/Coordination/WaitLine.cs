namespace Diesel.Reactive;

/// <summary>Those who wait, first come, first served. Joining, leaving and serving are O(1). The hub's thread only.</summary>
/// <param name="emptied">Called when the last one has left.</param>
internal sealed class WaitLine<T>(Action<WaitLine<T>>? emptied = null)
{
    private Waiter<T>? _first;
    private Waiter<T>? _last;
    private long _number;
    private int _passing;

    public int Count { get; private set; }

    public bool IsEmpty => _first is null;

    public void Add(Waiter<T> waiter)
    {
        waiter.Line = this;
        waiter.Number = ++_number;
        waiter.Ahead = _last;
        if (_last is null)
        {
            _first = waiter;
        }
        else
        {
            _last.Behind = waiter;
        }

        _last = waiter;
        Count++;
    }

    public void Remove(Waiter<T> waiter)
    {
        if (waiter.Line != this)
        {
            return;
        }

        Unlink(waiter);
        waiter.Line = null;
        waiter.Ahead = null;
        if (_passing == 0)
        {
            waiter.Behind = null;
        }

        if (--Count == 0)
        {
            emptied?.Invoke(this);
        }
    }

    /// <summary>The first in line, taken out of it, to be given its one value; null when nobody waits.</summary>
    public Waiter<T>? ClaimFirst()
    {
        while (_first is { } first)
        {
            if (first.TryClaim())
            {
                return first;
            }

            // Unsubscribed on another thread; its leaving is on its way here.
            Remove(first);
        }

        return null;
    }

    /// <summary>Gives each who waits now its one value; those who come meanwhile wait for the next.</summary>
    public void DeliverAll(T value)
    {
        var last = _number;
        while (_first is { } first && first.Number <= last)
        {
            if (first.TryClaim())
            {
                first.Deliver(value);
            }
            else
            {
                Remove(first);
            }
        }
    }

    /// <summary>Ends the wait of each who waits now.</summary>
    public void EndAll(Exception? error)
    {
        var last = _number;
        while (_first is { } first && first.Number <= last)
        {
            if (first.TryClaim())
            {
                first.End(error);
            }
            else
            {
                Remove(first);
            }
        }
    }

    /// <summary>Passes a value to each who listens now; they stay.</summary>
    public void PassAll(T value)
    {
        var last = _number;
        _passing++;
        for (var waiter = _first; waiter is not null && waiter.Number <= last; waiter = waiter.Behind)
        {
            waiter.Pass(value);
        }

        _passing--;
    }

    private void Unlink(Waiter<T> waiter)
    {
        if (waiter.Ahead is null)
        {
            _first = waiter.Behind;
        }
        else
        {
            waiter.Ahead.Behind = waiter.Behind;
        }

        if (waiter.Behind is null)
        {
            _last = waiter.Ahead;
        }
        else
        {
            waiter.Behind.Ahead = waiter.Ahead;
        }
    }
}
