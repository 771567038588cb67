namespace Diesel.Reactive.Protocols.Redis;

/// <summary>One time that something has held a server up.</summary>
/// <param name="Time">When, to the second.</param>
/// <param name="Duration">How long.</param>
public readonly record struct LatencySample(DateTimeOffset Time, TimeSpan Duration)
{
    internal static LatencySample Read(RespValue value) => value.ToItems() is [var time, var duration]
        ? new(DateTimeOffset.FromUnixTimeSeconds(time.ToInt64()), TimeSpan.FromMilliseconds(duration.ToInt64()))
        : throw new ProtocolException("A reply arrived that is no sample of latency.");
}
