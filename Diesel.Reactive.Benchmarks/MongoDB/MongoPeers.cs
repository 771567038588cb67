using System.Net;
using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using MongoDB.Bson;

namespace Diesel.Reactive.Benchmarks.MongoDB;

/// <summary>The server in memory, with documents.</summary>
internal static class MongoPeers
{
    public static IPEndPoint Start(int port)
    {
        var hub = new Hub();
        hub.Errors.Subscribe(static error => Console.Error.WriteLine(error));
        var service = new MongoService(port, hub: hub);
        service.Start(hub);
        Fill(service.Port).GetAwaiter().GetResult();
        return new IPEndPoint(IPAddress.Loopback, service.Port);
    }

    static async Task Fill(int port)
    {
        using var hub = new Hub();
        using var mongo = new MongoClient($"mongodb://127.0.0.1:{port}", new() { Timeout = TimeSpan.FromMinutes(1) }, hub);
        foreach (var some in Enumerable.Range(0, MongoWorkload.Documents).Chunk(1000))
        {
            await mongo[MongoWorkload.Database][MongoWorkload.Collection].InsertMany(some.Select(static i => new BsonDocument
            {
                { "_id", i }, { "name", $"number {i}" }, { "n", i * 1.5 }, { "tags", new BsonArray { "a", "b" } }, { "at", new BsonDateTime(i) },
            })).AsTask();
        }

        await mongo[MongoWorkload.Database].CreateCollection("written", "{ capped: true, size: 1000000, max: 1000 }").AsTask();
    }
}
