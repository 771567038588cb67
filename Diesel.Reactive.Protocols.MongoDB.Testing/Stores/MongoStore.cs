using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Databases and their collections.</summary>
internal sealed class MongoStore(int changes = 10_000)
{
    private readonly SortedDictionary<string, SortedDictionary<string, StoredCollection>> _databases = new(StringComparer.Ordinal);

    /// <summary>What was written in it.</summary>
    public ChangeLog Log { get; } = new(changes);

    public IEnumerable<string> Databases => _databases.Keys;

    public IEnumerable<StoredCollection> Collections(string database) => _databases.TryGetValue(database, out var collections) ? collections.Values : [];

    public StoredCollection? Find(string database, string name) => _databases.TryGetValue(database, out var collections) ? collections.GetValueOrDefault(name) : null;

    public StoredCollection Get(string database, string name, BsonDocument? options = null)
    {
        if (!_databases.TryGetValue(database, out var collections))
        {
            _databases.Add(database, collections = new(StringComparer.Ordinal));
        }

        if (!collections.TryGetValue(name, out var collection))
        {
            collections.Add(name, collection = new($"{database}.{name}", options ?? [], Log));
        }

        return collection;
    }

    public bool Drop(string database, string name)
    {
        var isGone = _databases.TryGetValue(database, out var collections) && collections.Remove(name);
        if (isGone)
        {
            Log.Add(new(database, name, "drop", null, null, null));
        }

        return isGone;
    }

    /// <summary>Another one with the same documents, whose changes are its own.</summary>
    public MongoStore Copy()
    {
        var copy = new MongoStore(int.MaxValue / 2);
        foreach (var (database, collections) in _databases)
        {
            copy._databases.Add(database, new(StringComparer.Ordinal));
            foreach (var (name, collection) in collections)
            {
                copy._databases[database].Add(name, collection.Copy(copy.Log));
            }
        }

        return copy;
    }

    /// <summary>Takes over what was written in a copy.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="versions">What the collections had when it was made.</param>
    /// <returns>False: somebody else has written to one of the same collections meanwhile.</returns>
    public bool TryTake(MongoStore copy, IReadOnlyDictionary<string, long> versions)
    {
        var written = Enumerable.Range(0, copy.Log.Count).Select(number => copy.Log[number]).GroupBy(static change => (change.Database, change.Collection)).ToArray();
        if (written.Any(group => (Find(group.Key.Database, group.Key.Collection)?.Version ?? -1) != versions.GetValueOrDefault($"{group.Key.Database}.{group.Key.Collection}", -1)))
        {
            return false;
        }

        foreach (var (database, name) in written.Select(static group => group.Key))
        {
            Get(database, name);
            _databases[database][name] = copy.Find(database, name)!.Copy(Log);
        }

        for (var i = 0; i < copy.Log.Count; i++)
        {
            Log.Add(copy.Log[i]);
        }

        return true;
    }

    public Dictionary<string, long> Versions() => _databases.Values.SelectMany(static all => all.Values).ToDictionary(static each => each.Space, static each => each.Version);

    public bool Drop(string database)
    {
        foreach (var name in Collections(database).Select(static each => each.Name).ToArray())
        {
            Drop(database, name);
        }

        return _databases.Remove(database);
    }

    public void Replace(string database, string name, IEnumerable<BsonDocument> documents)
    {
        BsonDocument[] all = [.. documents];
        Drop(database, name);
        var collection = Get(database, name);
        Array.ForEach(all, collection.Insert);
    }
}
