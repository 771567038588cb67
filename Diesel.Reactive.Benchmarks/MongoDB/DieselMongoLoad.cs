using System.Reactive.Linq;
using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Benchmarks.MongoDB;

/// <summary>This library, on its hub.</summary>
internal sealed class DieselMongoLoad : MongoLoad
{
    readonly Hub _hub = new();
    readonly MongoClient _mongo;
    readonly MongoCollection<BsonDocument> _documents;
    int _last;

    public DieselMongoLoad(int port, MongoWorkload workload)
    {
        _hub.Errors.Where(static error => error.Exception is not ObjectDisposedException).Subscribe(static error => Console.Error.WriteLine(error));
        _mongo = new MongoClient($"mongodb://127.0.0.1:{port}", hub: _hub);
        _documents = _mongo[MongoWorkload.Database][MongoWorkload.Collection];
        for (var caller = 0; caller < workload.Callers; caller++)
        {
            _hub.Fork(workload.Asking switch
            {
                MongoAsking.Find => Find,
                MongoAsking.Insert => Insert,
                MongoAsking.RawCursor => RawCursor,
                _ => (Func<Task>)Cursor,
            });
        }
    }

    public override void Dispose()
    {
        _mongo.Dispose();
        _hub.Dispose();
    }

    async Task Find()
    {
        while (true)
        {
            var id = _last++ % MongoWorkload.Documents;
            Check((await _documents.Find(new BsonDocument("_id", id)).First())!["_id"].AsInt32 == id);
            Count(1);
        }
    }

    async Task Insert()
    {
        var written = _mongo[MongoWorkload.Database]["written"];
        while (true)
        {
            await written.InsertOne(new BsonDocument { { "name", "Ada" }, { "n", 7 } });
            Count(1);
        }
    }

    async Task RawCursor()
    {
        while (true)
        {
            var count = 0;
            await _documents.As<RawBson>().Find().Do(raw =>
            {
                count++;
                Check(raw.Memory.Length > 16);
            }).LastAsync();
            Check(count == MongoWorkload.Documents);
            Count(count);
        }
    }

    async Task Cursor()
    {
        while (true)
        {
            var count = 0;
            await _documents.Find().Do(document =>
            {
                count++;
                Check(document.ElementCount > 2);
            }).LastAsync();
            Check(count == MongoWorkload.Documents);
            Count(count);
        }
    }
}
