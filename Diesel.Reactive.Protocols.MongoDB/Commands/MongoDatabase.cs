using System.Reactive;
using System.Reactive.Linq;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A database: collections by their names.</summary>
public sealed class MongoDatabase
{
    private readonly MongoTarget _target;

    internal MongoDatabase(MongoTarget target) => _target = target;

    /// <summary>Its name.</summary>
    public string Name => _target.Database;

    /// <summary>A collection, which need not be there yet.</summary>
    /// <param name="name">Its name.</param>
    public MongoCollection<BsonDocument> this[string name] => GetCollection<BsonDocument>(name);

    /// <summary>The same database with other options.</summary>
    /// <param name="change">Changes them.</param>
    /// <returns>Another door to it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    public MongoDatabase With(Func<MongoCallOptions, MongoCallOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(_target with { Options = change(_target.Options) });
    }

    /// <summary>A collection, which need not be there yet.</summary>
    /// <typeparam name="T">What its documents become.</typeparam>
    /// <param name="name">Its name.</param>
    /// <returns>A door to it.</returns>
    /// <exception cref="ArgumentException">No collection may be called that.</exception>
    public MongoCollection<T> GetCollection<T>(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return !name.Contains('\0', StringComparison.Ordinal) && !name.StartsWith('.') && !name.EndsWith('.') && !name.Contains("..", StringComparison.Ordinal)
            ? new(_target, name)
            : throw new ArgumentException($"No collection is called '{name}'.", nameof(name));
    }

    /// <summary>Asks anything.</summary>
    /// <param name="command">A document, JSON, or an object, whose first name is the command's; without <c>$db</c>.</param>
    /// <returns>The whole reply.</returns>
    /// <exception cref="ArgumentException">It is no document, or empty.</exception>
    public Awaitable<BsonDocument> RunCommand(object command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var raw = MongoDocument.Of(command);
        var name = raw.ToDocument().Names.FirstOrDefault() ?? throw new ArgumentException("A command has a name.", nameof(command));
        return _target.Ask(_target.Command(name, raw.Memory.Span[4..^1].ToArray(), static reply => reply.Memory.IsEmpty ? [] : reply.ToDocument()));
    }

    /// <summary>Makes a collection, before a document does.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="more">What the server is told of it, as <c>{ capped: true, size: 4096 }</c>; null: nothing.</param>
    /// <returns>When it is there.</returns>
    public Awaitable<Unit> CreateCollection(string name, object? more = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var create = MongoTarget.Command("create", name);
        create.Bytes(MongoDocument.Of(more).Memory.Span[4..^1]);
        return _target.Ask(_target.Write("create", name, create.Take(), static _ => Unit.Default));
    }

    /// <summary>The collections.</summary>
    /// <param name="filter">Null: all.</param>
    /// <returns>Cold. As the server describes them: <c>name</c>, <c>type</c>, <c>options</c>.</returns>
    public MongoCursor<BsonDocument> ListCollections(object? filter = null)
    {
        var raw = MongoDocument.Of(filter);
        return new(
            _target,
            () => _target.Read("listCollections", null, BsonOutput.Rent().Add("listCollections", 1).Add("filter", raw).Add("cursor", new BsonDocument()).Take(), CursorBatch.Of, hasConcern: false),
            static raw => raw.ToDocument());
    }

    /// <summary>The names of the collections.</summary>
    /// <returns>Cold.</returns>
    public IObservable<string> ListCollectionNames() => ListCollections().Select(static each => each["name"].AsString);

    /// <summary>What is written to any of its collections from now on.</summary>
    /// <param name="stages">What is done with changes before they are told; none: all are.</param>
    /// <returns>Cold.</returns>
    public MongoWatch<BsonDocument> Watch(params IEnumerable<object> stages) => new(_target, new(null, MongoDocument.Pipeline(stages)));

    /// <summary>Files in it.</summary>
    /// <param name="name">With which the names of its two collections begin.</param>
    /// <returns>A door to them.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public MongoBucket Bucket(string name = "fs")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(_target, name);
    }

    /// <summary>Removes the database with all it has.</summary>
    /// <returns>When it is gone.</returns>
    public Awaitable<Unit> Drop()
    {
        var drop = BsonOutput.Rent().Add("dropDatabase", 1);
        return _target.Ask(_target.Write("dropDatabase", null, drop.Take(), static _ => Unit.Default));
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
