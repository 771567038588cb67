using MongoDB.Bson;
using MongoDB.Driver;

namespace Diesel.Reactive.Benchmarks.MongoDB;

/// <summary>MongoDB.Driver, from tasks of the thread pool.</summary>
internal sealed class DriverLoad : MongoLoad
{
    readonly MongoClient _mongo;
    readonly IMongoCollection<BsonDocument> _documents;
    int _last;
    volatile bool _isOver;

    public DriverLoad(int port, MongoWorkload workload)
    {
        _mongo = new MongoClient($"mongodb://127.0.0.1:{port}");
        _documents = _mongo.GetDatabase(MongoWorkload.Database).GetCollection<BsonDocument>(MongoWorkload.Collection);
        for (var caller = 0; caller < workload.Callers; caller++)
        {
            _ = Task.Run(workload.Asking switch
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
        _isOver = true;
        _mongo.Dispose();
    }

    async Task Find()
    {
        while (!_isOver)
        {
            var id = Interlocked.Increment(ref _last) % MongoWorkload.Documents;
            Check((await _documents.Find(new BsonDocument("_id", id)).FirstOrDefaultAsync())["_id"].AsInt32 == id);
            Count(1);
        }
    }

    async Task Insert()
    {
        var written = _mongo.GetDatabase(MongoWorkload.Database).GetCollection<BsonDocument>("written");
        while (!_isOver)
        {
            await written.InsertOneAsync(new BsonDocument { { "name", "Ada" }, { "n", 7 } });
            Count(1);
        }
    }

    async Task RawCursor()
    {
        var raw = _mongo.GetDatabase(MongoWorkload.Database).GetCollection<RawBsonDocument>(MongoWorkload.Collection);
        while (!_isOver)
        {
            var count = 0;
            await raw.Find(FilterDefinition<RawBsonDocument>.Empty).ForEachAsync(document =>
            {
                count++;
                Check(document.Slice.Length > 16);
                document.Dispose();
            });
            Check(count == MongoWorkload.Documents);
            Count(count);
        }
    }

    async Task Cursor()
    {
        while (!_isOver)
        {
            var count = 0;
            await _documents.Find(FilterDefinition<BsonDocument>.Empty).ForEachAsync(document =>
            {
                count++;
                Check(document.ElementCount > 2);
            });
            Check(count == MongoWorkload.Documents);
            Count(count);
        }
    }
}
