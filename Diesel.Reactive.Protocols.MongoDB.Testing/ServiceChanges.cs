using System.Globalization;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>A cursor over what is written: it waits for more.</summary>
internal sealed class ServiceChanges
{
    private readonly MongoStore _store;
    private readonly string _database;
    private readonly string _collection;
    private readonly BsonArray _stages;
    private readonly string _full;
    private int _next;

    /// <exception cref="MongoErrorException">It is to go on where nothing is.</exception>
    public ServiceChanges(MongoStore store, string database, string collection, BsonDocument options, IEnumerable<BsonValue> stages)
    {
        (_store, _database, _collection, _stages) = (store, database, collection, new(stages));
        _full = options.GetValue("fullDocument", "default").AsString;
        _next = options.TryGetValue("resumeAfter", out var token) || options.TryGetValue("startAfter", out token) ? NumberIn(token.AsBsonDocument) + 1
            : options.TryGetValue("startAtOperationTime", out var time) ? time.AsBsonTimestamp.Increment
            : store.Log.Count;
        if (_next < store.Log.First)
        {
            throw Lost();
        }

        if (_next > store.Log.Count)
        {
            throw new MongoErrorException("resume token was not found", 280, "ChangeStreamFatalError", ["NonResumableChangeStreamError"]);
        }
    }

    /// <summary>Behind all that was looked at.</summary>
    public BsonDocument Token => TokenOf(_next - 1);

    public bool HasMore => _next < _store.Log.Count;

    /// <summary>The next ones.</summary>
    public List<RawBson> Take(int count)
    {
        var batch = new List<RawBson>();
        while (HasMore && batch.Count < count)
        {
            var number = _next >= _store.Log.First ? _next++ : throw Lost();
            var change = _store.Log[number];
            if ((_database == "admin" && _collection.Length == 0) || (change.Database == _database && (_collection.Length == 0 || change.Collection == _collection)))
            {
                batch.AddRange(Pipeline.Run([Shown(change, number)], _stages, static _ => []).Select(RawBson.Of));
            }
        }

        return batch;
    }

    private static MongoErrorException Lost() => new("Resume of change stream was not possible, as the resume point may no longer be in the oplog.", 286, "ChangeStreamHistoryLost", ["NonResumableChangeStreamError"]);

    private static BsonDocument TokenOf(int number) => new("_data", $"{number + 1:X8}");

    private static int NumberIn(BsonDocument token) => int.Parse(token["_data"].AsString, NumberStyles.HexNumber, CultureInfo.InvariantCulture) - 1;

    private BsonDocument Shown(StoredChange change, int number)
    {
        var shown = new BsonDocument
        {
            { "_id", TokenOf(number) }, { "operationType", change.What }, { "clusterTime", new BsonTimestamp(1, number + 1) },
            { "ns", new BsonDocument { { "db", change.Database }, { "coll", change.Collection } } },
        };
        if (change.Id is not null)
        {
            shown.Add("documentKey", new BsonDocument("_id", change.Id));
        }

        if (change.What == "update")
        {
            shown.Add("updateDescription", change.Description);
        }

        if (change.After is not null && (change.What != "update" || _full == "updateLookup"))
        {
            shown.Add("fullDocument", change.What != "update" ? change.After
                : _store.Find(change.Database, change.Collection)?.Find(new BsonDocument("_id", change.Id)).FirstOrDefault()?.Document ?? (BsonValue)BsonNull.Value);
        }

        return shown;
    }
}
