namespace Diesel.Reactive;

/// <summary>A time by which something is to happen, moved as often as one likes: a timer that costs nothing to move to a later time.</summary>
/// <remarks>
/// Made for what nearly never comes due, such as the end of a connection that says nothing: moved with each byte, it only notes the new
/// time, and its one timer looks at that when it comes. Never early. Belongs to its hub's thread. It comes due once, and may be
/// set again, also by what it calls. With its hub it ends without coming due. Idea: Twisted's <c>callLater</c>, whose
/// <c>DelayedCall</c> has <c>reset</c>, <c>delay</c>, <c>cancel</c> and <c>active</c>.
/// </remarks>
public sealed class Deadline : IHubWait
{
    private static readonly Action<object?> LookLater = static deadline => ((Deadline)deadline!).Look();

    private readonly Hub _hub;
    private readonly Action<object?> _missed;
    private readonly object? _state;
    private IDisposable? _timer;
    private TimeSpan _looks;
    private TimeSpan _due;

    /// <summary>Makes one that is not set: <see cref="Reset"/> sets it.</summary>
    /// <param name="hub">Keeps the time.</param>
    /// <param name="missed">Called in a turn of the hub when the time is up; what it throws is reported.</param>
    /// <param name="state">Handed to it; names the deadline in errors, unless it is null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> or <paramref name="missed"/> is null.</exception>
    public Deadline(Hub hub, Action<object?> missed, object? state = null)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(missed);
        (_hub, _missed, _state) = (hub, missed, state);
    }

    /// <summary>Whether it was set and is neither due yet nor cancelled.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Sets it, or moves it: it is due that long from now.</summary>
    /// <param name="time">Zero: in a coming turn; <see cref="Timeout.InfiniteTimeSpan"/>: never, as <see cref="Cancel"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">This is not its hub's thread.</exception>
    /// <remarks>To a later time it reads the clock and writes a number. To an earlier one, or when it was not active, it sets a timer.</remarks>
    public void Reset(TimeSpan time)
    {
        if (time == Timeout.InfiniteTimeSpan)
        {
            Cancel();
            return;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        ThrowIfElsewhere();
        IsActive = true;
        Move(Times.Sum(_hub.Elapsed, time));
    }

    /// <summary>Moves it to a later time than the one it was set for.</summary>
    /// <param name="by">How much later.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">It is not active; this is not its hub's thread.</exception>
    public void Delay(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        ThrowIfElsewhere();
        if (!IsActive)
        {
            throw new InvalidOperationException("A deadline that is not active cannot be delayed: set it with Reset.");
        }

        Move(Times.Sum(_due, by));
    }

    /// <summary>It does not come due; not active, nothing happens.</summary>
    /// <exception cref="InvalidOperationException">It is active, and this is not its hub's thread.</exception>
    public void Cancel()
    {
        if (IsActive)
        {
            ThrowIfElsewhere();
            End();
        }
    }

    void IHubWait.HubEnded(ObjectDisposedException error)
    {
        End();
        (_state as IHubWait)?.HubEnded(error);
    }

    /// <summary>What it is for.</summary>
    public override string ToString() => _state is null ? WorkItem.Describe(_missed) : Label.Of(_state);

    private void Move(TimeSpan due)
    {
        _due = due;
        if (_timer is null || due < _looks)
        {
            _timer?.Dispose();
            SetTimer();
        }
    }

    private void SetTimer()
    {
        _looks = _due;
        var wait = _due - _hub.Elapsed;
        _timer = _hub.StartTimer(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, LookLater, this);
    }

    // By the time at which the turn began: what has arrived since then is still to be read, and may move it.
    private void Look()
    {
        if (_hub.TurnBegan < _due)
        {
            SetTimer();
            return;
        }

        _timer = null;
        IsActive = false;
        _missed(_state);
    }

    private void End()
    {
        IsActive = false;
        _timer?.Dispose();
        _timer = null;
    }

    private void ThrowIfElsewhere()
    {
        if (!_hub.IsCurrent)
        {
            throw new InvalidOperationException("A deadline belongs to its hub's thread: set and cancel it in a turn, with hub.Post(…) from elsewhere.");
        }
    }
}
