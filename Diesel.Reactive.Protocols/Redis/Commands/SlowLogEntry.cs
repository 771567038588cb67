namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A command that took a server long.</summary>
/// <param name="Id">Its number; they count up.</param>
/// <param name="Time">When, to the second.</param>
/// <param name="Duration">How long it took, waiting not included.</param>
/// <param name="Words">The command and its arguments; many or long ones cut.</param>
/// <param name="Client">Who sent it: address and port.</param>
/// <param name="ClientName">What that connection was called; empty: nothing.</param>
public sealed record SlowLogEntry(long Id, DateTimeOffset Time, TimeSpan Duration, IReadOnlyList<Bytes> Words, string Client, string ClientName)
{
    internal static SlowLogEntry Read(RespValue value) => value.ToItems() is [var id, var time, var duration, var words, .. var who]
        ? new(
            id.ToInt64(),
            DateTimeOffset.FromUnixTimeSeconds(time.ToInt64()),
            TimeSpan.FromMicroseconds(duration.ToInt64()),
            Reply.List(words),
            who is [var client, ..] ? client.ToText() : "",
            who is [_, var name, ..] ? name.ToText() : "")
        : throw new ProtocolException("A reply arrived that is no entry of the slow log.");
}
