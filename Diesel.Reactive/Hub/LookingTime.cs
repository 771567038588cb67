namespace Diesel.Reactive;

/// <summary>The time of a deadline that looks now and then whether something goes on: the time in which it could have seen it.</summary>
/// <remarks>A look that comes late, because the process was stopped or a turn was blocked, sees what was before that: what the
/// peer did meanwhile is still to be read. So a late look counts nothing, and the next one decides; where every look is late, each
/// counts as one period.</remarks>
internal struct LookingTime(TimeSpan period, TimeSpan now)
{
    private const int LooksPerLimit = 10;

    private TimeSpan _looked = now;
    private bool _wasLate;

    /// <summary>What was counted so far.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>How often to look so that a limit is kept within a tenth of it.</summary>
    public static TimeSpan PeriodOf(TimeSpan limit) =>
        TimeSpan.FromTicks(Math.Max(limit.Ticks / LooksPerLimit, TimeSpan.TicksPerMillisecond));

    /// <summary>A look: counts the time since the last one.</summary>
    /// <returns><see cref="Elapsed"/>.</returns>
    public TimeSpan Look(TimeSpan now)
    {
        var passed = now - _looked;
        var isLate = passed > 2 * period;
        Elapsed += !isLate ? passed : _wasLate ? period : TimeSpan.Zero;
        (_looked, _wasLate) = (now, isLate);
        return Elapsed;
    }
}
