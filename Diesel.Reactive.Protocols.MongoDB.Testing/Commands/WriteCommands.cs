using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Commands that write documents.</summary>
internal sealed class WriteCommands(ServiceState state, MongoStore store, TimeProvider clock)
{
    private readonly BsonArray _errors = [];
    private readonly BsonArray _upserted = [];
    private int _n;
    private int _modified;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <exception cref="MongoErrorException">It is refused.</exception>
    public BsonDocument Carry(ServiceRequest request)
    {
        switch (request.Name)
        {
            case "insert":
                Each(request, "documents", static (self, collection, document, _) => self.Insert(collection, document));
                break;
            case "update":
                Each(request, "updates", static (self, collection, statement, index) => self.Update(collection, statement, index));
                break;
            case "delete":
                Each(request, "deletes", static (self, collection, statement, _) => self.Delete(collection, statement));
                break;
            default:
                return FindAndModify(request);
        }

        return new()
        {
            { "n", _n }, { "nModified", _modified, request.Name == "update" }, { "upserted", _upserted, _upserted.Count > 0 }, { "writeErrors", _errors, _errors.Count > 0 }, { "ok", 1.0 },
        };
    }

    private void Each(ServiceRequest request, string name, Action<WriteCommands, StoredCollection, BsonDocument, int> write)
    {
        var (statements, ordered) = (request.Documents(name), request.Flag("ordered", true));
        if (statements.Count == 0 || statements.Count > state.Options.MaxBatch)
        {
            throw new MongoErrorException($"Write batch sizes must be between 1 and {state.Options.MaxBatch}. Got {statements.Count} operations.", 16, "InvalidLength");
        }

        var collection = store.Get(request.Database, request.Collection);
        for (var i = 0; i < statements.Count; i++)
        {
            try
            {
                write(this, collection, statements[i], i);
            }
            catch (MongoErrorException error)
            {
                _errors.Add(new BsonDocument { { "index", i }, { "code", error.Code }, { "errmsg", error.Message } }.Merge(error.Reply));
                if (ordered)
                {
                    return;
                }
            }
        }
    }

    private void Insert(StoredCollection collection, BsonDocument document)
    {
        collection.Insert(document);
        _n++;
    }

    private void Update(StoredCollection collection, BsonDocument statement, int index)
    {
        var (filter, update, multi) = (statement["q"].AsBsonDocument, statement["u"], statement.GetValue("multi", false).ToBoolean());
        if (multi && update is BsonDocument replacement && (replacement.ElementCount == 0 || replacement.GetElement(0).Name is not ['$', ..]))
        {
            throw new MongoErrorException("multi update is not supported for replacement-style update", 9, "FailedToParse");
        }

        StoredDocument[] found = [.. multi ? collection.Find(filter) : collection.Find(filter).Take(1)];
        foreach (var stored in found)
        {
            Put(collection, stored, Change.Of(stored.Document, update, isNew: false, Now), update);
        }

        _n += found.Length;
        if (found.Length == 0 && statement.GetValue("upsert", false).ToBoolean())
        {
            var made = Make(collection, filter, update);
            _upserted.Add(new BsonDocument { { "index", index }, { "_id", made["_id"] } });
            _n++;
        }
    }

    private void Delete(StoredCollection collection, BsonDocument statement)
    {
        var found = collection.Find(statement["q"].AsBsonDocument);
        StoredDocument[] gone = [.. statement["limit"].ToInt32() == 0 ? found : found.Take(1)];
        Array.ForEach(gone, collection.Remove);
        _n += gone.Length;
    }

    private void Put(StoredCollection collection, StoredDocument stored, BsonDocument changed, BsonValue update)
    {
        if (!BsonOrder.AreEqual(stored.Document, changed) || stored.Document != changed)
        {
            collection.Replace(stored, changed, update is BsonDocument { ElementCount: > 0 } how && how.GetElement(0).Name is not ['$', ..] ? "replace" : "update");
            _modified++;
        }
    }

    private BsonDocument Make(StoredCollection collection, BsonDocument filter, BsonValue update)
    {
        var made = StoredCollection.WithId(Change.Of(Change.Begun(filter), update, isNew: true, Now));
        collection.Insert(made);
        return made;
    }

    private BsonDocument FindAndModify(ServiceRequest request)
    {
        var collection = store.Get(request.Database, request.Collection);
        var (filter, isNew) = (request.Document("query"), request.Flag("new"));
        var found = collection.Find(filter);
        var stored = request.Document("sort") is { ElementCount: > 0 } sort ? found.OrderBy(static each => each.Document, new DocumentOrder(sort)).FirstOrDefault() : found.FirstOrDefault();
        var (value, last) = (stored?.Document, new BsonDocument { { "n", stored is null ? 0 : 1 } });
        if (request.Flag("remove"))
        {
            if (stored is not null)
            {
                collection.Remove(stored);
            }
        }
        else if (stored is not null)
        {
            var changed = Change.Of(stored.Document, request["update"], isNew: false, Now);
            Put(collection, stored, changed, request["update"]);
            value = isNew ? changed : value;
            last.Add("updatedExisting", true);
        }
        else if (request.Flag("upsert"))
        {
            var made = Make(collection, filter, request["update"]);
            value = isNew ? made : null;
            last = new BsonDocument { { "n", 1 }, { "updatedExisting", false }, { "upserted", made["_id"] } };
        }
        else
        {
            last.Add("updatedExisting", false);
        }

        var fields = request.Document("fields");
        return new() { { "lastErrorObject", last }, { "value", value is null ? BsonNull.Value : fields.ElementCount > 0 ? Projection.Of(fields)(value) : value }, { "ok", 1.0 } };
    }
}
