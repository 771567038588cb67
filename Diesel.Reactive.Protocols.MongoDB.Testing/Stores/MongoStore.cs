using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Databases and their collections.</summary>
internal sealed class MongoStore
{
    private readonly SortedDictionary<string, SortedDictionary<string, StoredCollection>> _databases = new(StringComparer.Ordinal);

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
            collections.Add(name, collection = new($"{database}.{name}", options ?? []));
        }

        return collection;
    }

    public bool Drop(string database, string name) => _databases.TryGetValue(database, out var collections) && collections.Remove(name);

    public bool Drop(string database) => _databases.Remove(database);

    public void Replace(string database, string name, IEnumerable<BsonDocument> documents)
    {
        BsonDocument[] all = [.. documents];
        Drop(database, name);
        var collection = Get(database, name);
        Array.ForEach(all, collection.Insert);
    }
}
