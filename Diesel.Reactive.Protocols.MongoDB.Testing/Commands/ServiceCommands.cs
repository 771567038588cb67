using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Commands about collections, databases and the server.</summary>
internal sealed class ServiceCommands(ServiceState state)
{
    /// <exception cref="MongoErrorException">It is refused, or not known.</exception>
    public BsonDocument Carry(ServiceRequest request) => request.Name switch
    {
        "ping" or "endSessions" or "refreshSessions" => Yes(),
        "buildInfo" or "buildinfo" => Yes(("version", "4.4.0"), ("versionArray", new BsonArray { 4, 4, 0, 0 }), ("maxBsonObjectSize", 16 * 1024 * 1024)),
        "connectionStatus" => Yes(("authInfo", new BsonDocument { { "authenticatedUsers", new BsonArray() }, { "authenticatedUserRoles", new BsonArray() } })),
        "create" => Create(request),
        "createIndexes" => CreateIndexes(request),
        "dropIndexes" => DropIndexes(request),
        "drop" => state.Store.Drop(request.Database, request.Collection) ? Yes(("ns", $"{request.Database}.{request.Collection}")) : throw NoNamespace(),
        "dropDatabase" => state.Store.Drop(request.Database) ? Yes(("dropped", request.Database)) : Yes(),
        "killCursors" => KillCursors(request),
        "listDatabases" => ListDatabases(request),
        "renameCollection" => Rename(request),
        "commitTransaction" => Commit(request),
        "abortTransaction" => Abort(request),
        _ => throw new MongoErrorException($"no such command: '{request.Name}'", 59, "CommandNotFound"),
    };

    private static BsonDocument Yes(params (string Name, BsonValue Value)[] more) => new BsonDocument(more.Select(static each => new BsonElement(each.Name, each.Value))).Add("ok", 1.0);

    private static MongoErrorException NoNamespace() => new("ns not found", 26, "NamespaceNotFound");

    private BsonDocument Create(ServiceRequest request)
    {
        if (state.Store.Find(request.Database, request.Collection) is not null)
        {
            throw new MongoErrorException($"Collection already exists. NS: {request.Database}.{request.Collection}", 48, "NamespaceExists");
        }

        state.Store.Get(request.Database, request.Collection, new BsonDocument(request.Body.Skip(1).Where(static each => each.Name is not ("$db" or "lsid" or "writeConcern" or "maxTimeMS" or "comment" or "$readPreference" or "$clusterTime"))));
        return Yes();
    }

    private BsonDocument CreateIndexes(ServiceRequest request)
    {
        var collection = state.Store.Get(request.Database, request.Collection);
        var before = collection.Indexes.Count;
        foreach (var index in request.Documents("indexes"))
        {
            collection.AddIndex(new BsonDocument("v", 2).Merge(index));
        }

        return Yes(("createdCollectionAutomatically", false), ("numIndexesBefore", before), ("numIndexesAfter", collection.Indexes.Count));
    }

    private BsonDocument DropIndexes(ServiceRequest request)
    {
        var collection = state.Store.Find(request.Database, request.Collection) ?? throw NoNamespace();
        var (which, before) = (request["index"], collection.Indexes.Count);
        var gone = which is BsonDocument keys
            ? collection.RemoveIndexes(index => index.Definition["key"] == keys)
            : collection.RemoveIndexes(index => which == "*" || index.Name == which);
        return gone > 0 || which == "*" ? Yes(("nIndexesWas", before)) : throw new MongoErrorException($"index not found with name [{which}]", 27, "IndexNotFound");
    }

    private BsonDocument Commit(ServiceRequest request)
    {
        state.Data.Transactions.Commit(request, state.Store);
        return Yes();
    }

    private BsonDocument Abort(ServiceRequest request)
    {
        state.Data.Transactions.Abort(request);
        return Yes();
    }

    private BsonDocument KillCursors(ServiceRequest request)
    {
        var all = request["cursors"].AsBsonArray.ToLookup(id => state.Cursors.Kill(id.ToInt64()));
        return Yes(("cursorsKilled", new BsonArray(all[true])), ("cursorsNotFound", new BsonArray(all[false])), ("cursorsAlive", new BsonArray()), ("cursorsUnknown", new BsonArray()));
    }

    private BsonDocument ListDatabases(ServiceRequest request)
    {
        var all = state.Store.Databases.Where(name => state.Store.Collections(name).Any()).Select(static name => new BsonDocument { { "name", name }, { "sizeOnDisk", 4096.0 }, { "empty", false } });
        var found = all.Where(Filter.Of(request.Document("filter"))).ToArray();
        return Yes(("databases", new BsonArray(request.Flag("nameOnly") ? found.Select(static each => new BsonDocument("name", each["name"])) : found)), ("totalSize", 4096.0 * found.Length));
    }

    private BsonDocument Rename(ServiceRequest request)
    {
        var (from, to) = (Split(request["renameCollection"].AsString), Split(request["to"].AsString));
        var collection = state.Store.Find(from.Database, from.Name) ?? throw NoNamespace();
        if (state.Store.Find(to.Database, to.Name) is not null && !request.Flag("dropTarget"))
        {
            throw new MongoErrorException("target namespace exists", 48, "NamespaceExists");
        }

        var documents = collection.Documents.ToArray();
        state.Store.Drop(from.Database, from.Name);
        state.Store.Replace(to.Database, to.Name, documents);
        return Yes();
    }

    private static (string Database, string Name) Split(string space) => (space[..space.IndexOf('.', StringComparison.Ordinal)], space[(space.IndexOf('.', StringComparison.Ordinal) + 1)..]);
}
