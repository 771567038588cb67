namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Something that has held a server up.</summary>
/// <param name="Event">What.</param>
/// <param name="Time">When last, to the second.</param>
/// <param name="Last">How long last.</param>
/// <param name="Longest">How long at most.</param>
public readonly record struct LatencySpike(string Event, DateTimeOffset Time, TimeSpan Last, TimeSpan Longest)
{
    internal static LatencySpike Read(RespValue value) => value.ToItems() is [var name, var time, var last, var longest, ..]
        ? new(name.ToText(), DateTimeOffset.FromUnixTimeSeconds(time.ToInt64()), TimeSpan.FromMilliseconds(last.ToInt64()), TimeSpan.FromMilliseconds(longest.ToInt64()))
        : throw new ProtocolException("A reply arrived that is no spike of latency.");
}
