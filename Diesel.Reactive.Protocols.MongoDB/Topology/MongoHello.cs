using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What a server says of itself when it is greeted.</summary>
/// <param name="Said">All it said.</param>
internal sealed record MongoHello(BsonDocument Said)
{
    /// <summary>The oldest that is spoken with: MongoDB 4.2.</summary>
    public const int LeastWireVersion = 8;

    public int MaxWireVersion { get; } = Number(Said, "maxWireVersion", 0);

    public int MinWireVersion { get; } = Number(Said, "minWireVersion", 0);

    public int MaxDocument { get; } = Number(Said, "maxBsonObjectSize", 16 * 1024 * 1024);

    public int MaxMessage { get; } = Number(Said, "maxMessageSizeBytes", MongoCodec.MaxLength);

    public int MaxBatch { get; } = Number(Said, "maxWriteBatchSize", 100_000);

    /// <summary>Whether it chooses among the servers of a cluster.</summary>
    public bool IsRouter { get; } = Said.GetValue("msg", "") == "isdbgrid";

    /// <summary>Whether it is a member of a replica set.</summary>
    public bool IsMember { get; } = Said.Contains("setName");

    /// <summary>Whether it knows sessions.</summary>
    public bool HasSessions { get; } = Said.GetValue("logicalSessionTimeoutMinutes", BsonNull.Value).IsNumeric;

    /// <summary>Which of the servers behind a balancer it is; null: it stands behind none.</summary>
    public ObjectId? Service { get; } = Said.GetValue("serviceId", BsonNull.Value) is BsonObjectId id ? id.Value : null;

    public MongoCompressor Compressor(MongoCompressor wanted) =>
        wanted == MongoCompressor.Zlib && Said.GetValue("compression", BsonNull.Value) is BsonArray all && all.Contains("zlib") ? wanted : MongoCompressor.None;

    // What a server says is bounded here as well: nobody takes more than the defaults allow.
    private static int Number(BsonDocument said, string name, int most) =>
        said.GetValue(name, most) is { IsNumeric: true } number && (most == 0 || (number.ToDouble() > 0 && number.ToDouble() <= most)) ? (int)Math.Clamp(number.ToDouble(), 0, 1e9) : most;
}
