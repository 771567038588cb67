using System.Numerics;

namespace Diesel.Reactive;

/// <summary>
/// A hierarchical timing wheel: setting and cancelling a timer is O(1) and a cancelled timer is let go of at once. One
/// thread. Source: Varghese and Lauck 1987; the choice of the level by the highest differing bit is tokio's.
/// </summary>
/// <remarks>Level 0 has a slot per tick, each further level a slot per whole turn of the one below. A timer sits at the
/// level of the highest six bits in which its tick differs from the present one, and moves down as time comes near it.</remarks>
internal sealed class TimerWheel
{
    /// <summary>What a tick is: fine enough that rounding up to it keeps a timer well within a millisecond.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMicroseconds(100);

    private const int Bits = 6;
    private const int Slots = 1 << Bits;
    private const int Levels = 8;
    private const long Horizon = (1L << (Bits * Levels)) - 1;

    private readonly WheelTimer?[] _heads = new WheelTimer?[Levels * Slots];
    private readonly ulong[] _occupied = new ulong[Levels];
    private WheelTimer? _firing;
    private long _now;
    private long _earliest;

    /// <summary>Timers that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Those that wait, in no order.</summary>
    public IEnumerable<WheelTimer> All
    {
        get
        {
            foreach (var head in _heads)
            {
                for (var timer = head; timer is not null; timer = timer.Next)
                {
                    yield return timer;
                }
            }
        }
    }

    /// <summary>The first tick that is not before a time.</summary>
    public static long TickAfter(TimeSpan time) => ((time.Ticks - 1) / Tick.Ticks) + 1;

    /// <summary>The last tick that is not after a time.</summary>
    public static long TickBefore(TimeSpan time) => time.Ticks / Tick.Ticks;

    public void Add(WheelTimer timer)
    {
        Count++;
        Link(timer);
    }

    public void Remove(WheelTimer timer)
    {
        if (timer.Slot == WheelTimer.Unlinked)
        {
            return;
        }

        Count--;
        Unlink(timer);
    }

    /// <summary>When to look again: the tick of the next timer, or a sooner one; null when none waits.</summary>
    public long? NextTick() => Next() is { } next ? next.Tick : null;

    /// <summary>Moves to the present and fires what has come due, in the order of ticks. What firing sets anew is due in a
    /// later call, so that a timer that sets itself does not hold the loop.</summary>
    public void Advance(long now, Action<WheelTimer> fire)
    {
        _earliest = now + 1;
        while (Next() is { } next && next.Tick <= now)
        {
            _now = Math.Max(_now, next.Tick);
            var oldest = TakeSlot(next.Level, next.Slot);
            if (next.Level == 0)
            {
                Fire(oldest, fire);
            }
            else
            {
                Cascade(oldest);
            }
        }

        _now = Math.Max(_now, now);
    }

    /// <summary>Takes out all timers.</summary>
    public void Clear(Action<WheelTimer> taken)
    {
        for (var index = 0; index < _heads.Length; index++)
        {
            while (_heads[index] is { } timer)
            {
                Remove(timer);
                taken(timer);
            }
        }
    }

    private (int Level, int Slot, long Tick)? Next()
    {
        for (var level = 0; level < Levels; level++)
        {
            if (_occupied[level] == 0)
            {
                continue;
            }

            // Slots behind the present one belong to the next turn of this level's wheel.
            var shift = Bits * level;
            var present = (int)(_now >> shift) & (Slots - 1);
            var ahead = BitOperations.TrailingZeroCount(BitOperations.RotateRight(_occupied[level], present));
            var slot = (present + ahead) & (Slots - 1);
            var tick = ((_now >> shift) + ahead) << shift;
            return (level, slot, Math.Max(tick, _now));
        }

        return null;
    }

    private void Link(WheelTimer timer)
    {
        var tick = Math.Max(timer.Tick, Math.Max(_now, _earliest));
        var far = Math.Min(tick, _now + Horizon / 2);
        var level = (63 - BitOperations.LeadingZeroCount((ulong)(far ^ _now) | (Slots - 1))) / Bits;
        var slot = (int)(far >> (Bits * level)) & (Slots - 1);
        var index = (level * Slots) + slot;
        timer.Slot = index;
        timer.Previous = null;
        timer.Next = _heads[index];
        if (timer.Next is not null)
        {
            timer.Next.Previous = timer;
        }

        _heads[index] = timer;
        _occupied[level] |= 1UL << slot;
    }

    private void Unlink(WheelTimer timer)
    {
        if (timer.Next is not null)
        {
            timer.Next.Previous = timer.Previous;
        }

        if (timer.Previous is not null)
        {
            timer.Previous.Next = timer.Next;
        }
        else if (timer.Slot == WheelTimer.Firing)
        {
            _firing = timer.Next;
        }
        else
        {
            _heads[timer.Slot] = timer.Next;
            if (timer.Next is null)
            {
                _occupied[timer.Slot / Slots] &= ~(1UL << (timer.Slot % Slots));
            }
        }

        timer.Slot = WheelTimer.Unlinked;
        timer.Next = timer.Previous = null;
    }

    // A slot is a stack; what is taken out comes oldest first, so that timers of one tick fire in the order they were set.
    // The list stays linked both ways, since a callback may cancel a timer behind it.
    private WheelTimer? TakeSlot(int level, int slot)
    {
        var index = (level * Slots) + slot;
        var timers = _heads[index];
        _heads[index] = null;
        _occupied[level] &= ~(1UL << slot);
        WheelTimer? oldest = null;
        while (timers is { } timer)
        {
            timers = timer.Next;
            (timer.Slot, timer.Next, timer.Previous) = (WheelTimer.Firing, oldest, null);
            if (oldest is not null)
            {
                oldest.Previous = timer;
            }

            oldest = timer;
        }

        return oldest;
    }

    private void Cascade(WheelTimer? timers)
    {
        // Moving down is no new setting: what is due now must still fire in this call.
        var earliest = _earliest;
        _earliest = 0;
        while (timers is { } timer)
        {
            timers = timer.Next;
            Link(timer);
        }

        _earliest = earliest;
    }

    private void Fire(WheelTimer? timers, Action<WheelTimer> fire)
    {
        _firing = timers;
        while (_firing is { } timer)
        {
            Count--;
            Unlink(timer);
            fire(timer);
        }
    }
}
