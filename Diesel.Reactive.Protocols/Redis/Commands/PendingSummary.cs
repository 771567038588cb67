namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What the consumers of a group were given and have not acknowledged.</summary>
/// <param name="Count">How many entries.</param>
/// <param name="First">The oldest; null: there is none.</param>
/// <param name="Last">The newest; null: there is none.</param>
/// <param name="Consumers">How many each has; those that have none are left out.</param>
public sealed record PendingSummary(long Count, StreamId? First, StreamId? Last, IReadOnlyDictionary<Bytes, long> Consumers)
{
    internal static PendingSummary Read(RespValue value) => value.ToItems() is [var count, var first, var last, var consumers]
        ? new(
            count.ToInt64(),
            first.IsNull ? null : StreamId.Read(first),
            last.IsNull ? null : StreamId.Read(last),
            consumers.IsNull ? new Dictionary<Bytes, long>() : Reply.Tallies(consumers))
        : throw new ProtocolException("A reply arrived that is no summary of what is pending.");
}
