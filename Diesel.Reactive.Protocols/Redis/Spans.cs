namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Lengths of time, of which one may be for ever.</summary>
internal static class Spans
{
    /// <summary>One behind the other.</summary>
    public static TimeSpan And(this TimeSpan span, TimeSpan more) =>
        span == Timeout.InfiniteTimeSpan || more == Timeout.InfiniteTimeSpan || span > TimeSpan.MaxValue - more ? Timeout.InfiniteTimeSpan : span + more;
}
