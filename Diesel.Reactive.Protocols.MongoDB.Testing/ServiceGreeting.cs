using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>What a service says of itself.</summary>
internal static class ServiceGreeting
{
    /// <summary>The members that a replica set alone has.</summary>
    public static BsonDocument Of(ServiceRequest request, ServiceState state, int connection, TimeProvider clock)
    {
        var reply = new BsonDocument
        {
            { "ismaster", true }, { "helloOk", true }, { "topologyVersion", state.TopologyVersion },
            { "maxBsonObjectSize", 16 * 1024 * 1024 }, { "maxMessageSizeBytes", MongoCodec.MaxLength }, { "maxWriteBatchSize", state.Options.MaxBatch },
            { "localTime", new BsonDateTime(clock.GetUtcNow().UtcDateTime) }, { "logicalSessionTimeoutMinutes", 30 }, { "connectionId", connection },
            { "minWireVersion", 0 }, { "maxWireVersion", state.Options.MaxWireVersion }, { "readOnly", false },
        }.Merge(state.Said, overwriteExistingElements: true);
        if (request.Name == "hello")
        {
            reply.InsertAt(0, new BsonElement("isWritablePrimary", reply["ismaster"]));
            reply.Remove("ismaster");
        }

        if (state.Options.Compresses && request["compression"] is BsonArray offered && offered.Contains("zlib"))
        {
            reply.Add("compression", new BsonArray { "zlib" });
        }

        if (request["saslSupportedMechs"] is BsonString user)
        {
            reply.Add("saslSupportedMechs", new BsonArray(state.Users.Knows(user.Value) ? ["SCRAM-SHA-1", "SCRAM-SHA-256"] : Array.Empty<string>()));
        }

        return reply;
    }
}
