namespace Diesel.Reactive.Testing;

/// <summary>A scheduler's virtual clock, for code that takes a <see cref="TimeProvider"/>.</summary>
internal sealed class MarbleTimeProvider(MarbleScheduler scheduler) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now;

    public override long GetTimestamp() => scheduler.Clock;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new MarbleTimer(scheduler, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
