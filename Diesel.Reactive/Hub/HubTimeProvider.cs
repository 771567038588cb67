namespace Diesel.Reactive;

/// <summary><see cref="IHub.TimeProvider"/>: the hub's clock, for code that takes a <see cref="TimeProvider"/>.</summary>
internal sealed class HubTimeProvider(Hub hub) : TimeProvider
{
    // What a test sees must not depend on where it runs.
    public override TimeZoneInfo LocalTimeZone => hub.IsVirtual ? TimeZoneInfo.Utc : base.LocalTimeZone;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => hub.Now.ToUniversalTime();

    public override long GetTimestamp() => hub.Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new HubTimer(hub, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
