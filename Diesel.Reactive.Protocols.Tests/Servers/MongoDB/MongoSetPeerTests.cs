using System.Net;
using System.Reactive.Concurrency;
using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using MongoDB.Bson;
using MongoDB.Driver.GridFS;
using Driver = MongoDB.Driver;

namespace Diesel.Reactive.Tests;

/// <summary>MongoDB.Driver, and Debian's python3-gridfs, take a replica set in memory for one, and files of ours for files.</summary>
public class MongoSetPeerTests
{
    private const string Python = "/usr/bin/python3";
    private const string Gridfs = "/usr/lib/python3/dist-packages/gridfs/__init__.py";

    [Test]
    public async Task The_driver_repeats_what_may_be_repeated()
    {
        using var live = new Live();
        var (set, driver) = Begin(live);
        using (driver)
        {
            var test = driver.GetDatabase("db").GetCollection<BsonDocument>("test");
            set.Members[0].Fail("insert", 10107, "RetryableWriteError");
            await test.InsertOneAsync(new BsonDocument("_id", 1));
            set.Members[0].Lose("insert");
            await test.InsertOneAsync(new BsonDocument("_id", 2));
            set.Members[0].Lose("update");
            await test.UpdateOneAsync(new BsonDocument("_id", 2), new BsonDocument("$inc", new BsonDocument("n", 1)));
            var all = await Driver.IAsyncCursorSourceExtensions.ToListAsync(Driver.IMongoCollectionExtensions.Find(test, new BsonDocument()));
            Assert.That(all, Is.EqualTo(new[] { new BsonDocument("_id", 1), new BsonDocument { { "_id", 2 }, { "n", 1 } } }));
        }
    }

    [Test]
    public async Task The_driver_follows_the_primary()
    {
        using var live = new Live();
        var (set, driver) = Begin(live);
        using (driver)
        {
            var test = driver.GetDatabase("db").GetCollection<BsonDocument>("test");
            await test.InsertOneAsync(new BsonDocument("_id", 1));
            var heard = new List<BsonDocument>();
            using var hearing = set.Members[1].Commands.Where(static each => each.Contains("insert")).Subscribe(heard.Add);
            live.Hub.Schedule(() => set.Elect(set.Members[1]));
            for (var i = 2; i < 50; i++)
            {
                await test.InsertOneAsync(new BsonDocument("_id", i));
            }

            Assert.That(heard, Is.Not.Empty);
            Assert.That(await test.CountDocumentsAsync(new BsonDocument()), Is.EqualTo(49));
        }
    }

    [Test]
    public async Task The_driver_has_transactions()
    {
        using var live = new Live();
        var (_, driver) = Begin(live);
        using (driver)
        {
            var test = driver.GetDatabase("db").GetCollection<BsonDocument>("test");
            await test.InsertOneAsync(new BsonDocument("_id", 0));
            using var session = await driver.StartSessionAsync();
            await session.WithTransactionAsync(async (own, left) =>
            {
                await test.InsertOneAsync(own, new BsonDocument("_id", 1), cancellationToken: left);
                Assert.That((await test.CountDocumentsAsync(new BsonDocument(), cancellationToken: left), await test.CountDocumentsAsync(own, new BsonDocument(), cancellationToken: left)), Is.EqualTo((1L, 2L)));
                return 0;
            });
            session.StartTransaction();
            await test.InsertOneAsync(session, new BsonDocument("_id", 2));
            await session.AbortTransactionAsync();
            Assert.That(await test.CountDocumentsAsync(new BsonDocument()), Is.EqualTo(2));
        }
    }

    [Test]
    public async Task The_driver_watches_and_goes_on()
    {
        using var live = new Live();
        var (set, driver) = Begin(live);
        using (driver)
        {
            var test = driver.GetDatabase("db").GetCollection<BsonDocument>("test");
            using var watching = await Driver.IMongoCollectionExtensions.WatchAsync(test);
            var told = new List<int>();
            for (var i = 0; i < 6; i++)
            {
                if (i == 3)
                {
                    set.Members[0].Fail("getMore", 43);
                }

                await test.InsertOneAsync(new BsonDocument("_id", i));
                while (told.Count <= i && await watching.MoveNextAsync())
                {
                    told.AddRange(watching.Current.Select(static each => each.FullDocument["_id"].AsInt32));
                }
            }

            Assert.That(told, Is.EqualTo(Enumerable.Range(0, 6)));
        }
    }

    [Test]
    public async Task The_driver_and_we_read_each_others_files()
    {
        using var live = new Live();
        var uri = $"mongodb://127.0.0.1:{live.Starts(new MongoService()).Port}";
        using var driver = new Driver.MongoClient(uri);
        using var ours = new MongoClient(uri, hub: live.Hub);
        var (theirs, bucket) = (new GridFSBucket(driver.GetDatabase("db")), ours["db"].Bucket());
        var bytes = new byte[1_000_000];
        new Random(1).NextBytes(bytes);
        var id = await bucket.Upload("ours", MongoBucketTests.Chunks(bytes, 77_777)).AsTask();
        Assert.That(await theirs.DownloadAsBytesAsync(id), Is.EqualTo(bytes));
        await theirs.UploadFromBytesAsync("theirs", bytes);
        Assert.That(await MongoBucketTests.Read(bucket.Download("theirs")), Is.EqualTo(bytes));
    }

    [Test]
    public async Task Python_and_we_read_each_others_files()
    {
        SampleTool.Require(Gridfs, "python3-gridfs");
        using var live = new Live();
        var port = live.Starts(new MongoService()).Port;
        using var ours = new MongoClient($"mongodb://127.0.0.1:{port}", hub: live.Hub);
        var bucket = ours["db"].Bucket();
        await bucket.Upload("ours", MongoBucketTests.Chunks([.. Enumerable.Range(0, 600_000).Select(static i => (byte)(i % 251))], 10_000), new { kind = "bytes" }).AsTask();
        Assert.That(await SampleTool.Run(Python, "-c", GridfsScript, $"{port}"), Is.EqualTo((0, "")));
        Assert.That(await MongoBucketTests.Read(bucket.Download("theirs")), Is.EqualTo(Enumerable.Range(0, 700_000).Select(static i => (byte)(i % 241))));
    }

    private static (MongoReplicaSet Set, Driver.MongoClient Driver) Begin(Live live)
    {
        var ports = Enumerable.Range(0, 3).Select(static _ => Daemon.FreePort().Port).ToArray();
        var set = new MongoReplicaSet([.. ports.Select(static port => new IPEndPoint(IPAddress.Loopback, port))], hub: live.Hub);
        var started = new TaskCompletionSource();
        live.Hub.Schedule(() =>
        {
            set.Start(live.Hub);
            started.SetResult();
        });
        live.Await(started.Task);
        return (set, new Driver.MongoClient($"mongodb://127.0.0.1:{ports[0]}/?replicaSet=rs&serverSelectionTimeoutMS=10000"));
    }

    private const string GridfsScript = """
        import sys
        import gridfs
        from pymongo import MongoClient
        db = MongoClient('127.0.0.1', int(sys.argv[1]), serverSelectionTimeoutMS=10000).db
        fs = gridfs.GridFS(db)
        ours = fs.get_last_version('ours')
        if ours.read() != bytes(i % 251 for i in range(600000)) or ours.metadata != {'kind': 'bytes'}:
            print('wrong: what we wrote')
        fs.put(bytes(i % 241 for i in range(700000)), filename='theirs')
        """;
}
