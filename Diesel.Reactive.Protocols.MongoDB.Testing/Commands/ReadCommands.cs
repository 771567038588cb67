using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Commands that only read.</summary>
internal sealed class ReadCommands(ServiceState state, MongoStore store)
{
    /// <exception cref="MongoErrorException">It is refused.</exception>
    public RawBson Carry(ServiceRequest request)
    {
        if (request["collation"] is BsonDocument collation && collation.GetValue("locale", "simple") != "simple")
        {
            throw new MongoErrorException("collation is not known here", 9, "FailedToParse");
        }

        return request.Name switch
        {
            "find" => Find(request),
            "getMore" => state.Cursors.GoOn(request["getMore"].ToInt64(), request.Number("batchSize")),
            "aggregate" => Aggregate(request),
            "count" => RawBson.Of(new BsonDocument { { "n", Counted(request) }, { "ok", 1.0 } }),
            "distinct" => RawBson.Of(new BsonDocument { { "values", Values(request) }, { "ok", 1.0 } }),
            "listIndexes" => Indexes(request),
            _ => Collections(request),
        };
    }

    private RawBson Find(ServiceRequest request)
    {
        var found = Found(request, request.Document("filter"));
        var sort = request.Document("sort");
        if (sort.ElementCount > 0 && sort.GetElement(0).Name != "$natural")
        {
            var order = new DocumentOrder(sort);
            found = found.OrderBy(static stored => stored.Document, order);
        }

        var (skip, limit) = (request.Number("skip") ?? 0, request.Number("limit") ?? 0);
        if (skip < 0)
        {
            throw new MongoErrorException($"Skip value must be non-negative, but received: {skip}", 51024, "Location51024");
        }

        found = found.Skip(skip);
        found = limit == 0 ? found : found.Take(Math.Abs(limit));
        var projection = request.Document("projection");
        var take = projection.ElementCount == 0 ? null : Projection.Of(projection);

        // As it is now: what is written later does not change what a cursor gives.
        StoredDocument[] snapshot = [.. found];
        var documents = snapshot.Select(stored => take is null ? stored.Raw : RawBson.Of(take(stored.Document)));
        return state.Cursors.Begin($"{request.Database}.{request.Collection}", documents, request.Number("batchSize"), request.Flag("singleBatch") || limit < 0);
    }

    private RawBson Aggregate(ServiceRequest request)
    {
        var stages = (BsonArray)request["pipeline"].DeepClone();
        var last = stages.Count > 0 ? stages[^1].AsBsonDocument.GetElement(0) : default;
        var space = request.Body[0].IsString ? $"{request.Database}.{request.Collection}" : $"{request.Database}.$cmd.aggregate";
        var size = request.Document("cursor").TryGetValue("batchSize", out var asked) ? asked.ToInt32() : (int?)null;
        if (stages.Count > 0 && stages[0].AsBsonDocument.TryGetValue("$changeStream", out var watch))
        {
            var options = watch.AsBsonDocument;
            var database = options.GetValue("allChangesForCluster", false).ToBoolean() ? "admin" : request.Database;
            return state.Cursors.Begin(space, new(store, database, request.Body[0].IsString ? request.Collection : "", options, stages.Skip(1)), size);
        }

        if (last.Name is "$out" or "$merge")
        {
            stages.RemoveAt(stages.Count - 1);
        }

        var documents = store.Find(request.Database, request.Body[0].IsString ? request.Collection : "")?.Documents ?? [];
        BsonDocument[] results = [.. Pipeline.Run(documents, stages, name => store.Find(request.Database, name)?.Documents ?? [])];
        switch (last.Name)
        {
            case "$out":
                store.Replace(request.Database, last.Value.AsString, results);
                results = [];
                break;
            case "$merge":
                Merge(request.Database, last.Value, results);
                results = [];
                break;
        }

        return state.Cursors.Begin(space, results.Select(RawBson.Of), size, single: false);
    }

    private void Merge(string database, BsonValue into, BsonDocument[] documents)
    {
        var target = store.Get(database, into is BsonDocument how ? how["into"].AsString : into.AsString);
        foreach (var document in documents)
        {
            if (target.Find(new BsonDocument("_id", document["_id"])).FirstOrDefault() is { } before)
            {
                target.Replace(before, ((BsonDocument)before.Document.DeepClone()).Merge(document, overwriteExistingElements: true));
            }
            else
            {
                target.Insert(document);
            }
        }
    }

    private int Counted(ServiceRequest request)
    {
        var count = Math.Max(0, Found(request, request.Document("query")).Count() - (request.Number("skip") ?? 0));
        return request.Number("limit") is { } limit and not 0 ? Math.Min(count, Math.Abs(limit)) : count;
    }

    private BsonArray Values(ServiceRequest request) => new(Found(request, request.Document("query"))
        .SelectMany(stored => BsonPath.Values(stored.Document, request["key"].AsString).OfType<BsonValue>())
        .SelectMany(static value => value is BsonArray array ? array : (IEnumerable<BsonValue>)[value])
        .Distinct(BsonEquality.Instance));

    private RawBson Indexes(ServiceRequest request)
    {
        var collection = store.Find(request.Database, request.Collection)
            ?? throw new MongoErrorException($"ns does not exist: {request.Database}.{request.Collection}", 26, "NamespaceNotFound");
        return state.Cursors.Begin(collection.Space, [.. collection.Indexes.Select(static index => RawBson.Of(index.Definition))], request.Document("cursor").TryGetValue("batchSize", out var size) ? size.ToInt32() : null, single: false);
    }

    private RawBson Collections(ServiceRequest request)
    {
        var test = Filter.Of(request.Document("filter"));
        var all = store.Collections(request.Database).Select(each => new BsonDocument
        {
            { "name", each.Name }, { "type", "collection" }, { "options", each.Options }, { "info", new BsonDocument("readOnly", false) },
            { "idIndex", new BsonDocument { { "v", 2 }, { "key", new BsonDocument("_id", 1) }, { "name", "_id_" } } },
        }).Where(test);
        return state.Cursors.Begin($"{request.Database}.$cmd.listCollections", [.. all.Select(RawBson.Of)], request.Document("cursor").TryGetValue("batchSize", out var size) ? size.ToInt32() : null, single: false);
    }

    private IEnumerable<StoredDocument> Found(ServiceRequest request, BsonDocument filter) => store.Find(request.Database, request.Collection)?.Find(filter) ?? Nothing(filter);

    // What is wrong with a filter is told also where there is nothing to be found.
    private static IEnumerable<StoredDocument> Nothing(BsonDocument filter)
    {
        Filter.Of(filter);
        return [];
    }
}
