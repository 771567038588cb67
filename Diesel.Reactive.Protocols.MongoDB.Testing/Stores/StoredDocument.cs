using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>A document of a collection, which does not change: an update puts another in its place.</summary>
internal sealed class StoredDocument(BsonDocument document)
{
    private RawBson? _raw;

    public BsonDocument Document => document;

    public BsonValue Id => document["_id"];

    public RawBson Raw => _raw ??= RawBson.Of(document);
}
