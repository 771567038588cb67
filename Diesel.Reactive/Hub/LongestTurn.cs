namespace Diesel.Reactive;

/// <summary>The longest turn of the present half minute and of the one before. Written by the hub's thread, read by any.</summary>
internal sealed class LongestTurn
{
    private const long Period = 30 * TimeSpan.TicksPerSecond;

    private long _ends = Period;
    private long _present;
    private long _last;

    /// <summary>A turn has ended.</summary>
    /// <param name="took">How long it was, in ticks.</param>
    /// <param name="now">In ticks since the hub began.</param>
    public void Add(long took, long now)
    {
        if (now >= _ends)
        {
            Volatile.Write(ref _last, now < _ends + Period ? _present : 0);
            Volatile.Write(ref _present, 0);
            Volatile.Write(ref _ends, now + Period);
        }

        if (took > _present)
        {
            Volatile.Write(ref _present, took);
        }
    }

    /// <param name="now">In ticks since the hub began.</param>
    /// <param name="began">When the turn did that runs now; 0: none does.</param>
    public TimeSpan Of(long now, long began)
    {
        // A hub that takes no turns has none that was long, a while after the last one.
        var late = now - Volatile.Read(ref _ends);
        var present = late < Period ? Volatile.Read(ref _present) : 0;
        var last = late < 0 ? Volatile.Read(ref _last) : 0;
        return TimeSpan.FromTicks(Math.Max(Math.Max(present, last), began == 0 ? 0 : now - began));
    }
}
