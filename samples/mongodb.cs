#:project ../Diesel.Reactive.Protocols.MongoDB.Testing

// Diesel's MongoClient: documents are stored, found, changed and counted.
//     dotnet run samples/mongodb.cs                          a server in memory, which ends with it
//     dotnet run samples/mongodb.cs -- mongodb://localhost   an existing one; it removes and fills the database dieselsample
using Diesel.Reactive;
using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;

Application.Quickstart(() => Demo());

async Task Demo()
{
    await using var service = new MongoService();
    service.Start();
    using var mongo = new MongoClient(args.FirstOrDefault() ?? $"mongodb://127.0.0.1:{service.Port}");
    await mongo.DropDatabase("dieselsample");
    var langs = mongo["dieselsample"]["test"];
    foreach (var (name, kind) in new[] { ("Python", "imperative"), ("Haskell", "functional"), ("C", "imperative") })
    {
        await langs.InsertOne(new { language = name, type = kind });
    }

    Console.WriteLine((await langs.Find(new { type = "functional" }).One())?["language"]);
    Console.WriteLine(await langs.Find(new { type = "none" }).One() is null ? "none" : "one");
    await foreach (var found in langs.Find("{ type: 'imperative' }").Sort("language").ReadAllAsync())
    {
        Console.WriteLine(found["language"]);
    }

    await langs.UpdateMany("{ type: 'imperative' }", "{ $set: { old: true } }");
    await foreach (var kind in langs.Aggregate("{ $group: { _id: '$type', count: { $sum: 1 } } }", "{ $sort: { _id: 1 } }").ReadAllAsync())
    {
        Console.WriteLine($"{kind["_id"]}: {kind["count"]}");
    }

    Console.WriteLine($"{await langs.DeleteMany("{ old: true }")} are gone");
    await mongo.DropDatabase("dieselsample");
    Application.Quickstop();
}
