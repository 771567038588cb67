namespace Diesel.Reactive.Tests;

/// <summary>What a pool should do, said as simply as possible: lists, and a clock that is told the time.</summary>
internal sealed class PoolModel(PoolOptions<int> options, TimeSpan making, Func<int, bool> makingFails)
{
    private readonly List<(int Item, TimeSpan Since)> _idle = [];
    private readonly List<(TimeSpan Due, bool Fails)> _making = [];
    private readonly List<(int Borrower, TimeSpan Deadline)> _waiting = [];
    private readonly Dictionary<int, string> _outcomes = [];
    private TimeSpan _now;
    private int _items;
    private int _makings;

    public List<int> Lent { get; } = [];

    public List<int> Waiting => [.. _waiting.Select(w => w.Borrower)];

    public string State =>
        $"{Lent.Count} lent, {_idle.Count} idle, {_making.Count} made, {_waiting.Count} waiting; " +
        string.Join(", ", _outcomes.OrderBy(o => o.Key).Select(o => $"{o.Key}: {o.Value}"));

    public void Advance(TimeSpan now)
    {
        while (Next() is var due && due <= now)
        {
            _now = due;
            if (_making.FindIndex(m => m.Due == due) is >= 0 and var made)
            {
                Made(made);
            }
            else if (_waiting.FindIndex(w => w.Deadline == due) is >= 0 and var late)
            {
                _outcomes[_waiting[late].Borrower] = "late";
                _waiting.RemoveAt(late);
            }
            else
            {
                _idle.RemoveAll(i => i.Since + options.IdleTimeout == due);
            }
        }

        _now = now;
    }

    public void Borrow(int borrower, TimeSpan timeout)
    {
        if (_waiting.Count == 0 && _idle.Count > 0)
        {
            Lend(borrower, Newest());
            return;
        }

        if (_waiting.Count >= options.MaxWaiting)
        {
            _outcomes[borrower] = "refused";
            return;
        }

        _outcomes[borrower] = "waits";
        _waiting.Add((borrower, _now + timeout));
        Serve();
        if (timeout == TimeSpan.Zero && _waiting.RemoveAll(w => w.Borrower == borrower) > 0)
        {
            _outcomes[borrower] = "late";
        }
    }

    public void Leave(int borrower)
    {
        _waiting.RemoveAll(w => w.Borrower == borrower);
        _outcomes[borrower] = "left";
    }

    public void Return(int item, bool discard)
    {
        Lent.Remove(item);
        Keep(item, discard);
        Serve();
    }

    private TimeSpan Next() => _making.Select(m => m.Due)
        .Concat(_waiting.Select(w => w.Deadline))
        .Concat(_idle.Select(i => i.Since + options.IdleTimeout))
        .DefaultIfEmpty(TimeSpan.MaxValue).Min();

    private void Made(int index)
    {
        var fails = _making[index].Fails;
        _making.RemoveAt(index);
        if (!fails)
        {
            Keep(++_items, discard: false);
        }
        else if (_waiting.Count > 0)
        {
            _outcomes[_waiting[0].Borrower] = "failed";
            _waiting.RemoveAt(0);
        }

        Serve();
    }

    private void Keep(int item, bool discard)
    {
        if (!discard && (_idle.Count < options.MaxIdle || _waiting.Count > 0))
        {
            _idle.Add((item, _now));
        }
    }

    private void Serve()
    {
        while (_waiting.Count > 0 && _idle.Count > 0)
        {
            Lend(_waiting[0].Borrower, Newest());
            _waiting.RemoveAt(0);
        }

        while (_making.Count < _waiting.Count && Lent.Count + _idle.Count + _making.Count < options.Max)
        {
            _making.Add((_now + making, makingFails(_makings++)));
        }
    }

    private int Newest()
    {
        var item = _idle[^1].Item;
        _idle.RemoveAt(_idle.Count - 1);
        return item;
    }

    private void Lend(int borrower, int item)
    {
        Lent.Add(item);
        _outcomes[borrower] = $"has {item}";
    }
}
