namespace Diesel.Reactive;

/// <summary>Something that may still be waiting when its time is up.</summary>
internal abstract class Deadline
{
    internal DeadlineFamily? Family { get; set; }

    internal Deadline? PreviousDue { get; set; }

    internal Deadline? NextDue { get; set; }

    internal TimeSpan Due { get; set; }

    /// <summary>Its time is up.</summary>
    public abstract void OnDue();
}

/// <summary>Timeouts that hardly ever fire: setting and cancelling one is O(1), and a cancelled one holds no memory.</summary>
/// <remarks>Equal timeouts come due in the order they were set, so each length is a list with one timer, for its first. The
/// hub's thread only. Source: the timer families proposed for diesel.</remarks>
internal sealed class Deadlines(Hub hub)
{
    private readonly Dictionary<TimeSpan, DeadlineFamily> _families = [];

    public int FamilyCount => _families.Count;

    public void Set(Deadline deadline, TimeSpan timeout)
    {
        if (!_families.TryGetValue(timeout, out var family))
        {
            family = new DeadlineFamily(hub, timeout, () => _families.Remove(timeout));
            _families.Add(timeout, family);
        }

        family.Add(deadline);
    }
}

/// <summary>The deadlines of one length.</summary>
internal sealed class DeadlineFamily(Hub hub, TimeSpan timeout, Action emptied)
{
    private Deadline? _first;
    private Deadline? _last;
    private bool _armed;

    public void Add(Deadline deadline)
    {
        deadline.Family = this;
        deadline.Due = hub.Elapsed + timeout;
        deadline.PreviousDue = _last;
        if (_last is null)
        {
            _first = deadline;
        }
        else
        {
            _last.NextDue = deadline;
        }

        _last = deadline;
        Arm();
    }

    public void Remove(Deadline deadline)
    {
        if (deadline.PreviousDue is null)
        {
            _first = deadline.NextDue;
        }
        else
        {
            deadline.PreviousDue.NextDue = deadline.NextDue;
        }

        if (deadline.NextDue is null)
        {
            _last = deadline.PreviousDue;
        }
        else
        {
            deadline.NextDue.PreviousDue = deadline.PreviousDue;
        }

        deadline.Family = null;
        deadline.PreviousDue = deadline.NextDue = null;
    }

    // The timer of one that left is not cancelled: it fires once, for nobody, and serves those who came since.
    private void Arm()
    {
        if (_armed || _first is null)
        {
            return;
        }

        _armed = true;
        var wait = _first.Due - hub.Elapsed;
        hub.StartTimer(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, static f => ((DeadlineFamily)f!).Fire(), this);
    }

    private void Fire()
    {
        while (_first is { } first && first.Due <= hub.Elapsed)
        {
            Remove(first);
            first.OnDue();
        }

        _armed = false;
        Arm();
        if (_first is null)
        {
            emptied();
        }
    }
}
