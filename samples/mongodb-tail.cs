#:project ../Diesel.Reactive.Protocols.MongoDB.Testing

// What is written to a collection, as it is written; it goes on by itself when a server is lost, and the next time where it was.
//     dotnet run samples/mongodb-tail.cs                                     a replica set in memory, with a writer; ends after five changes
//     dotnet run samples/mongodb-tail.cs -- mongodb://localhost/?replicaSet=rs db collection   an existing one, until Ctrl+C
using System.Net;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using MongoDB.Bson;

Application.Quickstart(() => args is [var uri, var database, var collection] ? Tail(uri, database, collection, int.MaxValue) : Demo());

async Task Demo()
{
    await using var servers = new MongoReplicaSet([new IPEndPoint(IPAddress.Loopback, 0)]);
    servers.Start();
    var uri = $"mongodb://127.0.0.1:{servers.Members[0].Port}/?replicaSet=rs";
    Hub.Current!.Fork(() => Write(uri));
    await Tail(uri, "dieselsample", "orders", 5);
}

async Task Tail(string uri, string database, string collection, int most)
{
    using var mongo = new MongoClient(uri);
    var seen = 0;
    await foreach (var change in mongo[database][collection].Watch().WithDocuments().ReadAllAsync())
    {
        Console.WriteLine($"{change.Kind} {change.FullDocument ?? change.DocumentKey}");
        if (++seen == most)
        {
            break;
        }
    }

    Application.Quickstop();
}

async Task Write(string uri)
{
    using var mongo = new MongoClient(uri);
    var orders = mongo["dieselsample"]["orders"];

    // A watcher hears of what is written after it has come.
    await Hub.Current!.Sleep(TimeSpan.FromSeconds(1));
    await orders.InsertOne(new { _id = 1, what = "tea" });
    await orders.InsertOne(new { _id = 2, what = "cake" });
    await orders.UpdateOne("{ _id: 1 }", "{ $set: { sugar: true } }");
    await mongo.WithTransaction(async session =>
    {
        await session["dieselsample"]["orders"].ReplaceOne("{ _id: 2 }", new { what = "bread" });
        return await session["dieselsample"]["orders"].DeleteOne("{ _id: 1 }");
    });
}
