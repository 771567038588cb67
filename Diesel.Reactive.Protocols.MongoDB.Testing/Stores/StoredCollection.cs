using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>The documents of a collection, in the order they came.</summary>
internal sealed class StoredCollection(string space, BsonDocument options, ChangeLog log)
{
    // Null: it is gone. They are moved together when half of them are.
    private readonly List<StoredDocument?> _documents = [];
    private readonly Dictionary<StoredDocument, int> _places = [];
    private readonly List<StoredIndex> _indexes = [new(new BsonDocument { { "v", 2 }, { "key", new BsonDocument("_id", 1) }, { "name", "_id_" } })];
    private int _front;

    public string Space => space;

    public string Name => space[(space.IndexOf('.', StringComparison.Ordinal) + 1)..];

    public BsonDocument Options => options;

    public int Count => _places.Count;

    /// <summary>How often something was written.</summary>
    public long Version { get; private set; }

    public IReadOnlyList<StoredIndex> Indexes => _indexes;

    public IEnumerable<BsonDocument> Documents => All.Select(static stored => stored.Document);

    private IEnumerable<StoredDocument> All => _documents.OfType<StoredDocument>();

    /// <summary>Those a filter finds; by <c>_id</c> without looking at all.</summary>
    public IEnumerable<StoredDocument> Find(BsonDocument filter)
    {
        if (filter.TryGetValue("_id", out var id) && id is not (BsonRegularExpression or BsonNull or BsonArray) && (id is not BsonDocument operators || operators.ElementCount == 0 || operators.GetElement(0).Name is not ['$', ..]))
        {
            var found = _indexes[0].Find(id);
            return found is not null && (filter.ElementCount == 1 || Filter.Of(filter)(found.Document)) ? [found] : [];
        }

        var test = Filter.Of(filter);
        return filter.ElementCount == 0 ? All : All.Where(stored => test(stored.Document));
    }

    /// <exception cref="MongoErrorException">There is one with its keys.</exception>
    public void Insert(BsonDocument document)
    {
        document = WithId(document);
        ThrowIfTaken(document, null);
        Append(new StoredDocument(document));
        Tell("insert", null, document);
        if (options.TryGetValue("max", out var max) && options.GetValue("capped", false).ToBoolean() && Count > max.ToInt64())
        {
            Remove(First());
        }
    }

    /// <exception cref="MongoErrorException">Another one has its keys.</exception>
    public void Replace(StoredDocument before, BsonDocument document, string what = "replace")
    {
        ThrowIfTaken(document, before);
        Put(TakeOut(before), new StoredDocument(document));
        Tell(what, before.Document, document);
    }

    public void Remove(StoredDocument document)
    {
        TakeOut(document);
        if (_documents.Count > 16 + (2 * Count))
        {
            MoveTogether();
        }

        Tell("delete", document.Document, null);
    }

    /// <summary>Another one with the same documents, whose changes are logged elsewhere.</summary>
    public StoredCollection Copy(ChangeLog elsewhere)
    {
        var copy = new StoredCollection(space, options, elsewhere) { Version = Version };
        copy._indexes.AddRange(_indexes.Skip(1).Select(static index => new StoredIndex(index.Definition)));
        foreach (var document in All)
        {
            copy.Append(document);
        }

        return copy;
    }

    /// <exception cref="MongoErrorException">Documents that are there contradict it.</exception>
    public void AddIndex(BsonDocument definition)
    {
        if (_indexes.Exists(each => each.Name == definition["name"]))
        {
            return;
        }

        var index = new StoredIndex(definition);
        foreach (var stored in All)
        {
            if (index.Conflict(stored.Document, stored) is { } key)
            {
                throw Taken(index, key);
            }

            index.Add(stored);
        }

        _indexes.Add(index);
    }

    public int RemoveIndexes(Func<StoredIndex, bool> which) => _indexes.RemoveAll(index => index.Name != "_id_" && which(index));

    public static BsonDocument WithId(BsonDocument document)
    {
        if (document.TryGetValue("_id", out var id))
        {
            return id is BsonArray or BsonRegularExpression ? throw new MongoErrorException($"The '_id' value cannot be of type {id.BsonType}", 53, "InvalidIdField")
                : document.GetElement(0).Name == "_id" ? document
                : new BsonDocument("_id", id).Merge(document, overwriteExistingElements: false);
        }

        return new BsonDocument("_id", ObjectId.GenerateNewId()).Merge(document);
    }

    private void Tell(string what, BsonDocument? before, BsonDocument? after)
    {
        Version++;
        log.Add(new(space[..space.IndexOf('.', StringComparison.Ordinal)], Name, what, (after ?? before)!["_id"], before, after));
    }

    private StoredDocument First()
    {
        while (_documents[_front] is null)
        {
            _front++;
        }

        return _documents[_front]!;
    }

    private int TakeOut(StoredDocument document)
    {
        _places.Remove(document, out var place);
        _documents[place] = null;
        _indexes.ForEach(index => index.Remove(document));
        return place;
    }

    private void Append(StoredDocument document)
    {
        _documents.Add(null);
        Put(_documents.Count - 1, document);
    }

    private void Put(int place, StoredDocument document)
    {
        _documents[place] = document;
        _places.Add(document, place);
        _indexes.ForEach(index => index.Add(document));
    }

    private void MoveTogether()
    {
        _documents.RemoveAll(static each => each is null);
        _front = 0;
        for (var i = 0; i < _documents.Count; i++)
        {
            _places[_documents[i]!] = i;
        }
    }

    private void ThrowIfTaken(BsonDocument document, StoredDocument? before)
    {
        foreach (var index in _indexes)
        {
            if (index.Conflict(document, before) is { } key)
            {
                throw Taken(index, key);
            }
        }
    }

    private MongoErrorException Taken(StoredIndex index, BsonArray key)
    {
        var (pattern, value) = (index.Definition["key"].AsBsonDocument, new BsonDocument());
        value.AddRange(pattern.Names.Select((name, i) => new BsonElement(name, key[i])));
        return new($"E11000 duplicate key error collection: {space} index: {index.Name} dup key: {value.ToJson()}", 11000, "DuplicateKey", reply: new BsonDocument { { "keyPattern", pattern }, { "keyValue", value } });
    }
}
