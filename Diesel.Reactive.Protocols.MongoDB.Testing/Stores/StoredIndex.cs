using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>An index: of one that is unique, who has which keys.</summary>
internal sealed class StoredIndex(BsonDocument definition)
{
    private readonly Dictionary<BsonValue, StoredDocument> _owners = new(BsonEquality.Instance);
    private readonly Func<BsonDocument, bool> _isMeant = definition.TryGetValue("partialFilterExpression", out var filter) ? Filter.Of(filter.AsBsonDocument) : static _ => true;

    public BsonDocument Definition => definition;

    public string Name => definition["name"].AsString;

    public bool IsUnique { get; } = definition.GetValue("unique", false).ToBoolean() || definition["name"] == "_id_";

    public StoredDocument? Find(BsonValue key) => _owners.GetValueOrDefault(new BsonArray { key });

    /// <summary>Who else has keys of a document; null: nobody.</summary>
    public BsonArray? Conflict(BsonDocument document, StoredDocument? itself) =>
        IsUnique ? Keys(document).FirstOrDefault(key => _owners.TryGetValue(key, out var owner) && owner != itself) : null;

    public void Add(StoredDocument document)
    {
        if (IsUnique)
        {
            foreach (var key in Keys(document.Document))
            {
                _owners[key] = document;
            }
        }
    }

    public void Remove(StoredDocument document)
    {
        if (IsUnique)
        {
            foreach (var key in Keys(document.Document))
            {
                _owners.Remove(key);
            }
        }
    }

    private IEnumerable<BsonArray> Keys(BsonDocument document)
    {
        var keys = definition["key"].AsBsonDocument;
        if (!_isMeant(document) || (definition.GetValue("sparse", false).ToBoolean() && !keys.Any(key => BsonPath.Value(document, key.Name) is not null)))
        {
            return [];
        }

        // Each item of an array is a key; of several arrays at once none may be indexed.
        if (keys.ElementCount == 1)
        {
            var value = BsonPath.Value(document, keys.GetElement(0).Name) ?? BsonNull.Value;
            return (value is BsonArray { Count: > 0 } array && keys.GetElement(0).Name != "_id" ? array.Distinct(BsonEquality.Instance) : [value]).Select(static each => new BsonArray { each });
        }

        return [new BsonArray(keys.Select(key => BsonPath.Value(document, key.Name) ?? BsonNull.Value))];
    }
}
