namespace Diesel.Reactive;

/// <summary>What there is to wait for at the head of a line.</summary>
internal enum HeadState
{
    /// <summary>Nobody stands there.</summary>
    None,

    /// <summary>A call waits for a reply.</summary>
    Waits,

    /// <summary>Replies are read for nobody.</summary>
    Drains,
}

/// <summary>What a <see cref="HeadWatch"/> looks at.</summary>
internal interface IHeadOfLine
{
    HeadState HeadState { get; }

    /// <summary>How long it may be so; never is <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    TimeSpan HeadLimit { get; }

    /// <summary>Whether the reply has come nearer since the last look.</summary>
    bool HasMoved();

    /// <summary>It has been so for too long.</summary>
    void HeadIsLate();
}

/// <summary>Looks now and then how long the head of a line has waited: so a reply costs no look at the clock.</summary>
internal sealed class HeadWatch(Hub hub, IHeadOfLine line, TimeSpan shortestLimit) : IDisposable
{
    private readonly TimeSpan _period = LookingTime.PeriodOf(shortestLimit);
    private LookingTime _time;
    private IDisposable? _timer;
    private TimeSpan _due;
    private TimeSpan _since;
    private HeadState _state;
    private bool _moved;

    /// <summary>How late the hub was at the last look.</summary>
    public TimeSpan Lag { get; private set; }

    /// <summary>There is something else to wait for from now on: another head, or the next reply to the same.</summary>
    public void Begin()
    {
        if (_timer is not null)
        {
            _moved = true;
        }
        else if (line.HeadLimit != Timeout.InfiniteTimeSpan)
        {
            (_time, _since, _state, _moved) = (new LookingTime(_period, hub.Elapsed), TimeSpan.Zero, line.HeadState, false);
            line.HasMoved();
            Arm();
        }
    }

    /// <summary>What is to be waited for next has nothing to do with what was.</summary>
    public void StartOver() => _state = HeadState.None;

    public void Dispose()
    {
        _timer?.Dispose();
        _timer = null;
    }

    public override string ToString() => $"the time limit of {line}";

    private void Arm()
    {
        _due = Times.Sum(hub.Elapsed, _period);
        _timer = hub.StartTimer(_period, static watch => ((HeadWatch)watch!).Look(), this);
    }

    private void Look()
    {
        _timer = null;
        Lag = hub.Elapsed - _due;
        var now = _time.Look(hub.Elapsed);
        var (state, limit) = (line.HeadState, line.HeadLimit);
        if (state == HeadState.None || limit == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        // What is drained may move as it likes.
        if (state != _state || (state == HeadState.Waits && (line.HasMoved() | _moved)))
        {
            (_state, _since) = (state, now);
        }
        else if (now - _since >= limit)
        {
            line.HeadIsLate();
            return;
        }

        _moved = false;
        Arm();
    }
}
