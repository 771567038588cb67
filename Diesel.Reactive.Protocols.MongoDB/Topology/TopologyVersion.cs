using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>How a server numbers what it says of itself: what was said earlier is not believed later.</summary>
internal sealed record TopologyVersion(ObjectId Process, long Counter)
{
    /// <returns>Null: there is none, or it is none.</returns>
    public static TopologyVersion? Of(BsonDocument said) =>
        said.GetValue("topologyVersion", BsonNull.Value) is BsonDocument version && version.GetValue("processId", BsonNull.Value) is BsonObjectId process && version.GetValue("counter", BsonNull.Value) is { IsNumeric: true } counter
            ? new(process.Value, counter.ToInt64())
            : null;

    public BsonDocument ToDocument() => new() { { "processId", Process }, { "counter", Counter } };

    /// <summary>Whether something is as old as what is known, or older: of another process, or without a number, nobody can tell.</summary>
    public static bool IsOld(TopologyVersion? known, TopologyVersion? said) => known is not null && said is not null && known.Process == said.Process && said.Counter <= known.Counter;

    /// <summary>Whether something is older than what is known.</summary>
    public static bool IsOlder(TopologyVersion? known, TopologyVersion? said) => IsOld(known, said) && said!.Counter < known!.Counter;
}
