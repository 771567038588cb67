using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What is watched, and from when on.</summary>
/// <param name="Collection">Of which; null: of all.</param>
/// <param name="Stages">What is done with changes.</param>
internal sealed record WatchParts(string? Collection, BsonArray Stages)
{
    /// <summary>Whether all databases are watched.</summary>
    public bool IsAll { get; init; }

    public string? FullDocument { get; init; }

    public string? Before { get; init; }

    public BsonDocument? After { get; init; }

    /// <summary>Whether <see cref="After"/> may be the end of what was watched.</summary>
    public bool IsAnew { get; init; }

    public BsonTimestamp? At { get; init; }

    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(1);

    public MongoRequest<CursorBatch> Request(MongoTarget target)
    {
        var stage = new BsonDocument
        {
            { "fullDocument", FullDocument, FullDocument is not null }, { "fullDocumentBeforeChange", Before, Before is not null }, { "allChangesForCluster", true, IsAll },
            { IsAnew ? "startAfter" : "resumeAfter", After, After is not null }, { "startAtOperationTime", At, At is not null },
        };
        var aggregate = Collection is null ? BsonOutput.Rent().Add("aggregate", 1) : MongoTarget.Command("aggregate", Collection);
        aggregate.Add("pipeline", new BsonArray { new BsonDocument("$changeStream", stage) }.AddRange(Stages));
        aggregate.Add("cursor", target.Options.BatchSize is { } size ? new BsonDocument("batchSize", size) : []);
        target.Options.Common(aggregate);
        return target.Read("aggregate", Collection, aggregate.Take(), CursorBatch.Of);
    }
}
