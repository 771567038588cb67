using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Something that was written.</summary>
/// <param name="Database">In which.</param>
/// <param name="Collection">In which; empty: the database itself.</param>
/// <param name="What"><c>insert</c>, <c>update</c>, <c>replace</c>, <c>delete</c>, <c>drop</c>.</param>
/// <param name="Id">Of which document; null: it is about no document.</param>
/// <param name="Before">As it was; null: it was not there.</param>
/// <param name="After">As it is; null: it is gone.</param>
internal sealed record StoredChange(string Database, string Collection, string What, BsonValue? Id, BsonDocument? Before, BsonDocument? After)
{
    /// <summary>What an update has changed, by the names of the outermost fields.</summary>
    public BsonDocument Description => new()
    {
        { "updatedFields", new BsonDocument(After!.Where(each => !Before!.TryGetValue(each.Name, out var old) || old != each.Value)) },
        { "removedFields", new BsonArray(Before!.Names.Where(name => !After!.Contains(name))) },
        { "truncatedArrays", new BsonArray() },
    };
}
