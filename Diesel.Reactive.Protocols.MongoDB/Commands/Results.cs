using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What an update came to.</summary>
/// <param name="Matched">Documents the filter has found.</param>
/// <param name="Modified">Those that are others now.</param>
/// <param name="UpsertedId">The <c>_id</c> of the one that was made as there was none; null: none was.</param>
public sealed record UpdateResult(long Matched, long Modified, BsonValue? UpsertedId);

/// <summary>What several writes came to.</summary>
/// <param name="Inserted">Documents stored.</param>
/// <param name="Matched">Documents that filters of updates have found.</param>
/// <param name="Modified">Those that are others now.</param>
/// <param name="Deleted">Documents removed.</param>
/// <param name="UpsertedIds">The <c>_id</c>s of those that were made as there were none, by the place of their write.</param>
public sealed record BulkResult(long Inserted, long Matched, long Modified, long Deleted, IReadOnlyDictionary<int, BsonValue> UpsertedIds)
{
    internal static BulkResult Nothing { get; } = new(0, 0, 0, 0, new Dictionary<int, BsonValue>());

    internal BulkResult And(BulkResult other) => new(
        Inserted + other.Inserted, Matched + other.Matched, Modified + other.Modified, Deleted + other.Deleted,
        other.UpsertedIds.Count == 0 ? UpsertedIds : UpsertedIds.Concat(other.UpsertedIds).ToDictionary());
}

/// <summary>One of several writes; made by its static methods.</summary>
public sealed class MongoWrite
{
    private MongoWrite(string command, RawBson statement, bool isAboutMany) => (Command, Statement, IsAboutMany) = (command, statement, isAboutMany);

    /// <summary><c>insert</c>, <c>update</c> or <c>delete</c>.</summary>
    internal string Command { get; }

    internal RawBson Statement { get; }

    internal bool IsAboutMany { get; }

    /// <summary>Stores a document.</summary>
    /// <typeparam name="T">A class, or <see cref="BsonDocument"/>.</typeparam>
    /// <param name="document">Without an <c>_id</c> it is given one.</param>
    /// <returns>A write.</returns>
    public static MongoWrite Insert<T>(T document) => new("insert", MongoDocument.WithId(document, out _), false);

    /// <summary>Changes the first document a filter finds.</summary>
    /// <param name="filter">A document, JSON, or an object.</param>
    /// <param name="update">What is done: names that begin with <c>$</c>; or stages of a pipeline.</param>
    /// <param name="upsert">Whether one is made when there is none.</param>
    /// <returns>A write.</returns>
    /// <exception cref="ArgumentException">One of them is none.</exception>
    public static MongoWrite UpdateOne(object filter, object update, bool upsert = false) => Of(filter, MongoDocument.Update(update), upsert, false, new());

    /// <summary>Changes all documents a filter finds.</summary>
    /// <inheritdoc cref="UpdateOne"/>
    public static MongoWrite UpdateMany(object filter, object update, bool upsert = false) => Of(filter, MongoDocument.Update(update), upsert, true, new());

    /// <summary>Puts a document in the place of the first that a filter finds.</summary>
    /// <typeparam name="T">A class, or <see cref="BsonDocument"/>.</typeparam>
    /// <param name="filter">A document, JSON, or an object.</param>
    /// <param name="document">No name of it begins with <c>$</c>.</param>
    /// <param name="upsert">Whether it is stored when there is none.</param>
    /// <returns>A write.</returns>
    /// <exception cref="ArgumentException">One of them is none.</exception>
    public static MongoWrite ReplaceOne<T>(object filter, T document, bool upsert = false) =>
        Of(filter, MongoDocument.Replacement(document).ToDocument(), upsert, false, new());

    /// <summary>Removes the first document a filter finds.</summary>
    /// <param name="filter">A document, JSON, or an object.</param>
    /// <returns>A write.</returns>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static MongoWrite DeleteOne(object filter) => Of(filter, 1, new());

    /// <summary>Removes all documents a filter finds.</summary>
    /// <inheritdoc cref="DeleteOne"/>
    public static MongoWrite DeleteMany(object filter) => Of(filter, 0, new());

    internal static MongoWrite Inserted(RawBson document) => new("insert", document, false);

    internal static MongoWrite Of(object filter, BsonValue update, bool upsert, bool isAboutMany, MongoCallOptions options)
    {
        var output = BsonOutput.Rent();
        var whole = output.Begin();
        output.Add("q", MongoDocument.Of(filter)).Add("u", update);
        if (upsert)
        {
            output.Add("upsert", true);
        }

        if (isAboutMany)
        {
            output.Add("multi", true);
        }

        return new("update", Ended(output, whole, options), isAboutMany);
    }

    internal static MongoWrite Of(object filter, int limit, MongoCallOptions options)
    {
        var output = BsonOutput.Rent();
        var whole = output.Begin();
        output.Add("q", MongoDocument.Of(filter)).Add("limit", limit);
        return new("delete", Ended(output, whole, options), limit == 0);
    }

    private static RawBson Ended(BsonOutput output, int whole, MongoCallOptions options)
    {
        if (options.Collation is not null)
        {
            output.Add("collation", options.Collation);
        }

        if (options.Hint is not null)
        {
            output.Add("hint", options.Hint);
        }

        output.End(whole);
        return new(output.Take());
    }
}
