using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>The latest time that servers have told of their cluster: it is passed on to the others.</summary>
internal sealed class ClusterClock
{
    private ulong _latest;

    /// <summary>As it is passed on; null: none was told.</summary>
    public RawBson? Time { get; private set; }

    public void Hear(RawBson reply)
    {
        if (reply["$clusterTime"u8] is { Type: BsonType.Document } told && told.ToDocument()["clusterTime"u8] is { Type: BsonType.Timestamp } time && (ulong)time.ToInt64() is var at && at > _latest)
        {
            // The reply is not kept for it.
            (_latest, Time) = (at, new RawBson(told.Bytes.ToArray()));
        }
    }
}
