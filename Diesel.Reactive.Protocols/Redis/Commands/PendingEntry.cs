namespace Diesel.Reactive.Protocols.Redis;

/// <summary>An entry that a consumer was given and has not acknowledged.</summary>
/// <param name="Id">Which.</param>
/// <param name="Consumer">Whose.</param>
/// <param name="Idle">How long ago it was given.</param>
/// <param name="Deliveries">How often it was given.</param>
public readonly record struct PendingEntry(StreamId Id, Bytes Consumer, TimeSpan Idle, long Deliveries)
{
    internal static PendingEntry Read(RespValue value) => value.ToItems() is [var id, var consumer, var idle, var deliveries]
        ? new(StreamId.Read(id), consumer.ToBytes(), TimeSpan.FromMilliseconds(idle.ToInt64()), deliveries.ToInt64())
        : throw new ProtocolException("A reply arrived that is no pending entry.");
}
