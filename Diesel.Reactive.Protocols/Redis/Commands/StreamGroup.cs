namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A group of consumers that share a stream.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Consumers">How many consumers.</param>
/// <param name="Pending">Entries they have not acknowledged.</param>
/// <param name="LastDelivered">The last entry that was given to any of them.</param>
/// <param name="EntriesRead">How many were given to them; null: the server does not know.</param>
/// <param name="Lag">How many were not; null: the server does not know.</param>
public sealed record StreamGroup(Bytes Name, long Consumers, long Pending, StreamId LastDelivered, long? EntriesRead, long? Lag)
{
    internal static StreamGroup Read(RespValue value)
    {
        var named = Reply.Named(value);
        return new(
            Reply.In(named, "name").ToBytes(),
            Reply.In(named, "consumers").ToInt64(),
            Reply.In(named, "pending").ToInt64(),
            StreamId.Read(Reply.In(named, "last-delivered-id")),
            Reply.NumberOrNull(Reply.In(named, "entries-read")),
            Reply.NumberOrNull(Reply.In(named, "lag")));
    }
}
