using System.Reactive;
using System.Reactive.Linq;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A collection of documents.</summary>
/// <typeparam name="T">What a document becomes: <see cref="BsonDocument"/>, a class, or <see cref="RawBson"/>.</typeparam>
/// <remarks>
/// <para>Filters, updates and documents are a <see cref="BsonDocument"/>, JSON text, or an object whose properties are its names; what is none of these
/// is an <see cref="ArgumentException"/> of the call. A name with U+0000 in it, and what is larger than the server takes, is an error before anything is
/// sent.</para>
/// <para>Commands are cold: each <c>await</c> sends one. Errors: <see cref="MongoErrorException"/> (the server said no; of writes
/// <see cref="MongoWriteException"/>), <see cref="TimeoutException"/>, <see cref="ConnectionException"/>, <see cref="ReplyLostException"/> (it was sent, and nobody
/// knows whether it was carried out; what only reads is asked once more instead), <see cref="ProtocolException"/>. Any thread.</para>
/// </remarks>
public sealed class MongoCollection<T>
{
    private readonly MongoTarget _target;

    internal MongoCollection(MongoTarget target, string name) => (_target, Name) = (target, name);

    /// <summary>Its name, without that of its database.</summary>
    public string Name { get; }

    internal DateTime Now => _target.Hub.TimeProvider.GetUtcNow().UtcDateTime;

    /// <summary>The same collection with other options.</summary>
    /// <param name="change">Changes them.</param>
    /// <returns>Another door to it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    public MongoCollection<T> With(Func<MongoCallOptions, MongoCallOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(_target with { Options = change(_target.Options) }, Name);
    }

    /// <summary>The same collection, whose commands are sent with a session: within its transaction, if it has one.</summary>
    /// <param name="session">The session.</param>
    /// <returns>Another door to it.</returns>
    public MongoCollection<T> In(MongoSession session) => With(options => options with { Session = session });

    /// <summary>The same collection, whose documents become something else.</summary>
    /// <typeparam name="TOther">What they become.</typeparam>
    /// <returns>Another door to it.</returns>
    public MongoCollection<TOther> As<TOther>() => new(_target, Name);

    /// <summary>Stores a document.</summary>
    /// <typeparam name="TDocument">A class, an anonymous one too, or <see cref="BsonDocument"/>.</typeparam>
    /// <param name="document">Without an <c>_id</c> it is given one; an object's own is set, if it has one.</param>
    /// <returns>Its <c>_id</c>.</returns>
    public Awaitable<BsonValue> InsertOne<TDocument>(TDocument document)
    {
        var raw = MongoDocument.WithId(document, out var id);
        return Write("insert", reply =>
        {
            MongoBulk.Result("insert", reply);
            return id;
        }, raw);
    }

    /// <summary>Stores documents, in as few commands as the server takes.</summary>
    /// <typeparam name="TDocument">A class, or <see cref="BsonDocument"/>.</typeparam>
    /// <param name="documents">At least one; gone through by each <c>await</c>'s call once, now.</param>
    /// <param name="ordered">Whether the first that fails is the last.</param>
    /// <returns>How many.</returns>
    public Awaitable<BulkResult> InsertMany<TDocument>(IEnumerable<TDocument> documents, bool ordered = true)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return BulkWrite(documents.Select(static document => MongoWrite.Insert(document)), ordered);
    }

    /// <summary>A query.</summary>
    /// <param name="filter">Null: all documents.</param>
    /// <returns>Cold: nothing is asked before it is subscribed, or one of its methods awaited.</returns>
    public MongoFind<T> Find(object? filter = null) => new(_target, new(Name, MongoDocument.Of(filter)));

    /// <summary>Changes the first document a filter finds.</summary>
    /// <param name="filter">Null: any.</param>
    /// <param name="update">What is done: names that begin with <c>$</c>; or stages of a pipeline.</param>
    /// <param name="upsert">Whether one is made when there is none.</param>
    /// <returns>What it came to.</returns>
    public Awaitable<UpdateResult> UpdateOne(object? filter, object update, bool upsert = false) => Update(filter, MongoDocument.Update(update), upsert, false);

    /// <summary>Changes all documents a filter finds.</summary>
    /// <inheritdoc cref="UpdateOne"/>
    public Awaitable<UpdateResult> UpdateMany(object? filter, object update, bool upsert = false) => Update(filter, MongoDocument.Update(update), upsert, true);

    /// <summary>Puts a document in the place of the first that a filter finds.</summary>
    /// <typeparam name="TDocument">A class, or <see cref="BsonDocument"/>.</typeparam>
    /// <param name="filter">Null: any.</param>
    /// <param name="document">No name of it begins with <c>$</c>.</param>
    /// <param name="upsert">Whether it is stored when there is none.</param>
    /// <returns>What it came to.</returns>
    public Awaitable<UpdateResult> ReplaceOne<TDocument>(object? filter, TDocument document, bool upsert = false) =>
        Update(filter, MongoDocument.Replacement(document).ToDocument(), upsert, false);

    /// <summary>Removes the first document a filter finds.</summary>
    /// <param name="filter">Null: any.</param>
    /// <returns>1 or 0.</returns>
    public Awaitable<long> DeleteOne(object? filter) => Delete(filter, 1);

    /// <summary>Removes all documents a filter finds.</summary>
    /// <param name="filter">Null: all.</param>
    /// <returns>How many.</returns>
    public Awaitable<long> DeleteMany(object? filter) => Delete(filter, 0);

    /// <summary>Changes the first document a filter finds, and gives it.</summary>
    /// <param name="filter">Null: any.</param>
    /// <param name="update">As <see cref="UpdateOne"/>.</param>
    /// <param name="options">In which order, and which one is given; null for the defaults.</param>
    /// <returns>As it was before, unless the options want it as it is then. Null (of a structure its default): there is none.</returns>
    public Awaitable<T?> FindOneAndUpdate(object? filter, object update, FindOneOptions? options = null) => FindAndModify(filter, "update", MongoDocument.Update(update), options);

    /// <summary>Puts a document in the place of the first that a filter finds, and gives that.</summary>
    /// <typeparam name="TDocument">A class, or <see cref="BsonDocument"/>.</typeparam>
    /// <param name="filter">Null: any.</param>
    /// <param name="document">As <see cref="ReplaceOne"/>.</param>
    /// <param name="options">In which order, and which one is given; null for the defaults.</param>
    /// <returns>As <see cref="FindOneAndUpdate"/>.</returns>
    public Awaitable<T?> FindOneAndReplace<TDocument>(object? filter, TDocument document, FindOneOptions? options = null) =>
        FindAndModify(filter, "update", MongoDocument.Replacement(document).ToDocument(), options);

    /// <summary>Removes the first document a filter finds, and gives it.</summary>
    /// <param name="filter">Null: any.</param>
    /// <param name="options">In which order; null for the defaults.</param>
    /// <returns>Null (of a structure its default): there is none.</returns>
    public Awaitable<T?> FindOneAndDelete(object? filter, FindOneOptions? options = null) => FindAndModify(filter, "remove", true, options);

    /// <summary>Several writes, in as few commands as the server takes.</summary>
    /// <param name="writes">Made by <see cref="MongoWrite"/>; at least one.</param>
    /// <param name="ordered">Whether the first that fails is the last; without an order all are tried.</param>
    /// <returns>What they came to.</returns>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Awaitable<BulkResult> BulkWrite(IEnumerable<MongoWrite> writes, bool ordered = true)
    {
        MongoWrite[] all = [.. writes];
        return all.Length > 0
            ? _target.Do($"several writes of {_target.Database}.{Name}", () => new MongoBulk(_target, Name, ordered).Run(all))
            : throw new ArgumentException("There is nothing to be written.", nameof(writes));
    }

    /// <summary>What a pipeline makes of the documents.</summary>
    /// <param name="stages">In order, as <c>{ $match: { … } }</c>.</param>
    /// <returns>Cold. With <c>$out</c> or <c>$merge</c> at its end: nothing, when it is done.</returns>
    public MongoCursor<BsonDocument> Aggregate(params IEnumerable<object> stages) => Aggregate<BsonDocument>(stages);

    /// <summary>What a pipeline makes of the documents.</summary>
    /// <typeparam name="TOut">What each becomes.</typeparam>
    /// <inheritdoc cref="Aggregate(IEnumerable{object})"/>
    public MongoCursor<TOut> Aggregate<TOut>(params IEnumerable<object> stages)
    {
        var pipeline = MongoDocument.Pipeline(stages);
        return new(_target, () => Aggregation(pipeline, CursorBatch.Of), static raw => raw.To<TOut>());
    }

    /// <summary>What is written to it from now on.</summary>
    /// <param name="stages">What is done with changes before they are told, as <c>{ $match: { operationType: 'insert' } }</c>; none: all are.</param>
    /// <returns>Cold.</returns>
    public MongoWatch<T> Watch(params IEnumerable<object> stages) => new(_target, new(Name, MongoDocument.Pipeline(stages)));

    /// <summary>How many documents there are, counted one by one.</summary>
    /// <param name="filter">Null: all.</param>
    /// <returns>How many.</returns>
    public Awaitable<long> Count(object? filter = null)
    {
        var pipeline = MongoDocument.Pipeline([new BsonDocument("$match", MongoDocument.Of(filter).ToDocument()), "{ $group: { _id: 1, n: { $sum: 1 } } }"]);
        return _target.Ask(Aggregation(pipeline, static reply => CursorBatch.Of(reply).Documents is [var counted, ..] ? counted["n"u8].ToInt64() : 0));
    }

    /// <summary>How many documents there are, as far as the server knows without counting.</summary>
    /// <returns>How many.</returns>
    public Awaitable<long> EstimatedCount()
    {
        var count = MongoTarget.Command("count", Name);
        _target.Options.Reading(count);
        return _target.Ask(_target.Read("count", Name, count.Take(), static reply => reply["n"u8].ToInt64()));
    }

    /// <summary>The values there are of a field.</summary>
    /// <typeparam name="TValue">What a value becomes.</typeparam>
    /// <param name="field">Its name; of one within another with a point.</param>
    /// <param name="filter">Null: of all documents.</param>
    /// <returns>Each once.</returns>
    public Awaitable<IReadOnlyList<TValue>> Distinct<TValue>(string field, object? filter = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(field);
        var distinct = MongoTarget.Command("distinct", Name).Add("key", field).Add("query", MongoDocument.Of(filter));
        _target.Options.Reading(distinct);
        return _target.Ask(_target.Read("distinct", Name, distinct.Take(), static reply => (IReadOnlyList<TValue>)Values<TValue>(reply)));
    }

    /// <summary>Makes an index.</summary>
    /// <param name="keys">Names with 1, -1, <c>text</c> …; or names parted by commas.</param>
    /// <param name="isUnique">Whether no two documents may have the same.</param>
    /// <param name="name">What it is called; null: as its keys.</param>
    /// <param name="more">What else the server is told of it; null: nothing.</param>
    /// <returns>Its name.</returns>
    public Awaitable<string> CreateIndex(object keys, bool isUnique = false, string? name = null, object? more = null)
    {
        var key = MongoDocument.Order(keys).ToDocument();
        name ??= string.Join('_', key.Select(static one => $"{one.Name}_{one.Value}"));
        var index = new BsonDocument { { "key", key }, { "name", name }, { "unique", true, isUnique } }.Merge(MongoDocument.Of(more).ToDocument());
        var create = MongoTarget.Command("createIndexes", Name).Add("indexes", new BsonArray { index });
        return _target.Ask(_target.Write("createIndexes", Name, create.Take(), _ => name));
    }

    /// <summary>Removes an index.</summary>
    /// <param name="name">Its name; <c>*</c>: all but that of <c>_id</c>.</param>
    /// <returns>When it is gone.</returns>
    public Awaitable<Unit> DropIndex(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var drop = MongoTarget.Command("dropIndexes", Name).Add("index", name);
        return _target.Ask(_target.Write("dropIndexes", Name, drop.Take(), static _ => Unit.Default));
    }

    /// <summary>The indexes.</summary>
    /// <returns>Cold. As the server describes them.</returns>
    public MongoCursor<BsonDocument> ListIndexes() => new(
        _target, () => _target.Read("listIndexes", Name, MongoTarget.Command("listIndexes", Name).Add("cursor", new BsonDocument()).Take(), CursorBatch.Of, hasConcern: false), static raw => raw.ToDocument());

    /// <summary>Removes the collection with all its documents and indexes.</summary>
    /// <returns>Whether there was one.</returns>
    public Awaitable<bool> Drop()
    {
        var drop = MongoTarget.Command("drop", Name);
        return _target.Ask(_target.Write("drop", Name, drop.Take(), static _ => true))
            .Catch(static (MongoErrorException error) => error.Code == 26 ? Observable.Return(false) : Observable.Throw<bool>(error)).ToAwaitable($"drop of {Name}");
    }

    /// <summary>Its name with that of its database.</summary>
    public override string ToString() => $"{_target.Database}.{Name}";

    private static List<TValue> Values<TValue>(RawBson reply)
    {
        var values = reply["values"u8].ToBsonValue().AsBsonArray;
        using var reader = new BsonDocumentReader(new BsonDocument("v", values));
        reader.ReadStartDocument();
        reader.ReadName();
        return BsonSerializer.LookupSerializer<List<TValue>>().Deserialize(BsonDeserializationContext.CreateRoot(reader));
    }

    private Awaitable<TResult> Write<TResult>(string command, Func<RawBson, TResult> read, RawBson statement, bool isRetried = true) => _target.Ask(_target.Write(
        command, Name, MongoBulk.Elements(_target, command, Name, ordered: true), read, new(MongoBulk.SectionOf(command), [statement]), isRetried));

    private Awaitable<UpdateResult> Update(object? filter, BsonValue update, bool upsert, bool isAboutMany) => Write(
        "update",
        static reply => MongoBulk.Result("update", reply) is var result ? new UpdateResult(result.Matched, result.Modified, result.UpsertedIds.GetValueOrDefault(0)) : null!,
        MongoWrite.Of(filter ?? new BsonDocument(), update, upsert, isAboutMany, _target.Options).Statement,
        isRetried: !isAboutMany);

    private Awaitable<long> Delete(object? filter, int limit) => Write(
        "delete", static reply => MongoBulk.Result("delete", reply).Deleted, MongoWrite.Of(filter ?? new BsonDocument(), limit, _target.Options).Statement,
        isRetried: limit == 1);

    private Awaitable<T?> FindAndModify(object? filter, string verb, BsonValue what, FindOneOptions? options)
    {
        options ??= FindOneOptions.Default;
        var find = MongoTarget.Command("findAndModify", Name).Add("query", MongoDocument.Of(filter)).Add(verb, what);
        options.Write(find, verb == "update");
        _target.Options.Common(find);
        if (_target.Options.Hint is { } hint)
        {
            find.Add("hint", hint);
        }

        return _target.Ask(_target.Write(
            "findAndModify", Name, find.Take(), static reply => reply["value"u8] is { Type: BsonType.Document } found ? found.ToDocument().To<T>() : default, isRetried: true));
    }

    private MongoRequest<TResult> Aggregation<TResult>(BsonArray pipeline, Func<RawBson, TResult> read)
    {
        var writes = pipeline.LastOrDefault()?.AsBsonDocument.Names.FirstOrDefault() is "$out" or "$merge";
        var cursor = _target.Options.BatchSize is { } size && !writes ? new BsonDocument("batchSize", size) : [];
        var aggregate = MongoTarget.Command("aggregate", Name).Add("pipeline", pipeline).Add("cursor", cursor);
        _target.Options.Reading(aggregate);
        return !writes
            ? _target.Read("aggregate", Name, aggregate.Take(), read)
            : _target.Write("aggregate", Name, aggregate.Take(), read) with { HasReadConcern = true, ReadConcern = _target.Options.ReadConcern };
    }
}
