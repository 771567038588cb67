using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using Driver = MongoDB.Driver;

namespace Diesel.Reactive.Tests;

/// <summary>Clients that others wrote, and ours, do the same with the server in memory: MongoDB.Driver, and Debian's python3-pymongo.</summary>
/// <remarks>No server of MongoDB's own is to be had where these tests run. With the environment variable <c>MONGODB</c> (as
/// <c>mongodb://localhost</c>) ours and the driver are compared on that one, too.</remarks>
public class MongoPeerTests
{
    private const string Python = "/usr/bin/python3";
    private const string Pymongo = "/usr/lib/python3/dist-packages/pymongo/__init__.py";

    private static readonly JsonWriterSettings Canonical = new() { OutputMode = JsonOutputMode.CanonicalExtendedJson };

    // What differs by itself from one run to the next.
    private static readonly string[] Own = ["lsid", "$clusterTime", "operationTime", "localTime", "connectionId", "electionId", "opTime"];

    [Test]
    public void There_are_enough_of_them() => Assert.That(MongoOperations.All, Has.Count.GreaterThanOrEqualTo(200));

    [Test]
    public async Task The_driver_and_we_get_the_same()
    {
        using var live = new Live();
        var uri = Environment.GetEnvironmentVariable("MONGODB") ?? $"mongodb://127.0.0.1:{live.Starts(new MongoService()).Port}";
        using var driver = new Driver.MongoClient(uri);
        using var ours = new MongoClient(uri, hub: live.Hub);
        var (theirDatabase, ourDatabase) = (driver.GetDatabase("theirs"), ours["ours"]);
        foreach (var command in MongoOperations.All)
        {
            await driver.DropDatabaseAsync("theirs");
            await theirDatabase.GetCollection<BsonDocument>("suite").InsertManyAsync(MongoOperations.Documents);
            await ours.DropDatabase("ours");
            await ourDatabase["suite"].InsertMany(MongoOperations.Documents);
            var theirs = await Outcome(() => theirDatabase.RunCommandAsync<BsonDocument>(new BsonDocument(command)));
            Assert.That(await Outcome(() => ourDatabase.RunCommand(command).AsTask()), Is.EqualTo(theirs.Replace("theirs.", "ours.", StringComparison.Ordinal)), command.ToJson());
        }
    }

    [Test]
    public async Task Pymongo_and_we_get_the_same()
    {
        SampleTool.Require(Pymongo, "python3-pymongo");
        using var live = new Live();
        var service = live.Starts(new MongoService());
        using var ours = new MongoClient($"mongodb://127.0.0.1:{service.Port}", hub: live.Hub);
        var file = Path.GetTempFileName();
        var results = new List<string>();
        foreach (var command in MongoOperations.All)
        {
            await ours.DropDatabase("ours");
            await ours["ours"]["suite"].InsertMany(MongoOperations.Documents);
            results.Add(await Outcome(() => ours["ours"].RunCommand(command).AsTask()));
        }

        await File.WriteAllTextAsync(file, new BsonDocument
        {
            { "documents", new BsonArray(MongoOperations.Documents) }, { "commands", new BsonArray(MongoOperations.All) },
            { "results", new BsonArray(results.Select(static each => each.StartsWith('{') ? BsonDocument.Parse(each) : (BsonValue)each)) },
        }.ToJson(Canonical));
        Assert.That(await SampleTool.Run(Python, "-c", CommandsScript, $"{service.Port}", file), Is.EqualTo((0, "")));
        File.Delete(file);
    }

    [Test]
    public async Task Pymongo_does_what_its_users_do()
    {
        SampleTool.Require(Pymongo, "python3-pymongo");
        using var live = new Live();
        var service = live.Starts(new MongoService(options: new() { Users = [new("user", "pencil")], MaxBatch = Live.IsSoak ? 100_000 : 1000 }));
        Assert.That(await SampleTool.Run(Python, "-c", UsersScript, $"{service.Port}", Live.IsSoak ? "250000" : "2500"), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task What_one_writes_the_other_reads()
    {
        using var live = new Live();
        var uri = $"mongodb://127.0.0.1:{live.Starts(new MongoService()).Port}";
        using var driver = new Driver.MongoClient(uri);
        using var ours = new MongoClient(uri, hub: live.Hub);
        var theirs = driver.GetDatabase("db").GetCollection<BsonDocument>("test");
        await ours["db"]["test"].InsertMany(Enumerable.Range(0, 10_000).Select(static i => new BsonDocument { { "_id", i }, { "n", i % 7 }, { "text", $"number {i}" } }));
        var options = new Driver.FindOptions<BsonDocument> { BatchSize = 7, Sort = new BsonDocument("_id", -1) };
        using var cursor = await theirs.FindAsync(new BsonDocument(), options);
        var read = await Driver.IAsyncCursorExtensions.ToListAsync(cursor);
        Assert.That(read.Select(static each => each["_id"].AsInt32), Is.EqualTo(Enumerable.Range(0, 10_000).Reverse()));
        await theirs.InsertManyAsync(Enumerable.Range(10_000, 1000).Select(static i => new BsonDocument("_id", i)));
        var all = await ours["db"]["test"].Find().Sort("_id").BatchSize(7).ToList();
        Assert.That(all.Select(static each => each["_id"].AsInt32), Is.EqualTo(Enumerable.Range(0, 11_000)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Many_are_written_in_three_batches_and_what_is_wrong_with_the_last_has_its_place(bool isOurs)
    {
        using var live = new Live();
        var (count, most) = Live.IsSoak ? (250_000, 100_000) : (2_500, 1_000);
        var service = live.Starts(new MongoService(options: new() { MaxBatch = most }));
        var (uri, lengths) = ($"mongodb://127.0.0.1:{service.Port}", new List<int>());
        service.Commands.Where(static command => command.GetElement(0).Name == "insert").Subscribe(insert => lengths.Add(insert["documents"].AsBsonArray.Count));
        var documents = Enumerable.Range(0, count).Select(i => new BsonDocument("_id", i == count - 1 ? 0 : i));
        Assert.That(await (isOurs ? Ours(uri, documents, live) : Theirs(uri, documents)), Is.EqualTo((count - 1L, count - 1, 11000)));
        Assert.That(lengths, Is.EqualTo(new[] { most, most, count - (2 * most) }));
    }

    [TestCase("SCRAM-SHA-1", "pencil", true)]
    [TestCase("SCRAM-SHA-256", "pencil", true)]
    [TestCase("DEFAULT", "pencil", true)]
    [TestCase("SCRAM-SHA-1", "wrong", false)]
    [TestCase("SCRAM-SHA-256", "wrong", false)]
    public async Task The_driver_logs_in_or_does_not(string mechanism, string password, bool isIn)
    {
        using var live = new Live();
        var port = live.Starts(new MongoService(options: new() { Users = [new("user", "pencil")] })).Port;
        using var driver = new Driver.MongoClient($"mongodb://user:{password}@127.0.0.1:{port}/?serverSelectionTimeoutMS=5000{(mechanism == "DEFAULT" ? "" : $"&authMechanism={mechanism}")}");
        var ping = driver.GetDatabase("db").GetCollection<BsonDocument>("test").CountDocumentsAsync(new BsonDocument());
        if (isIn)
        {
            Assert.That(await ping, Is.Zero);
        }
        else
        {
            Assert.That(async () => await ping, Throws.InstanceOf<Driver.MongoAuthenticationException>());
        }
    }

    [Test]
    public async Task The_driver_compresses()
    {
        using var live = new Live();
        var port = live.Starts(new MongoService()).Port;
        using var driver = new Driver.MongoClient($"mongodb://127.0.0.1:{port}/?compressors=zlib");
        var test = driver.GetDatabase("db").GetCollection<BsonDocument>("test");
        await test.InsertOneAsync(new BsonDocument { { "_id", 1 }, { "text", new string('a', 100_000) } });
        Assert.That((await Driver.IAsyncCursorSourceExtensions.SingleAsync(Driver.IMongoCollectionExtensions.Find(test, new BsonDocument())))["text"].AsString, Has.Length.EqualTo(100_000));
    }

    private static async Task<(long, int, int)> Ours(string uri, IEnumerable<BsonDocument> documents, Live live)
    {
        using var ours = new MongoClient(uri, new() { Timeout = Live.Patience }, live.Hub);
        var error = (MongoWriteException)await MongoPlay.ErrorOf(ours["db"]["many"].InsertMany(documents, ordered: false));
        return (error.Result.Inserted, error.Errors.Single().Index, error.Errors[0].Code);
    }

    private static async Task<(long, int, int)> Theirs(string uri, IEnumerable<BsonDocument> documents)
    {
        using var driver = new Driver.MongoClient(uri);
        try
        {
            await driver.GetDatabase("db").GetCollection<BsonDocument>("many").InsertManyAsync(documents, new() { IsOrdered = false });
            return default;
        }
        catch (Driver.MongoBulkWriteException<BsonDocument> error)
        {
            return (error.Result.InsertedCount, error.WriteErrors.Single().Index, error.WriteErrors[0].Code);
        }
    }

    private static async Task<string> Outcome(Func<Task<BsonDocument>> command)
    {
        try
        {
            return Tidy(await command()).ToJson(Canonical);
        }
        catch (MongoErrorException error)
        {
            return $"error {error.Code}";
        }
        catch (Driver.MongoCommandException error)
        {
            return $"error {error.Code}";
        }
    }

    private static BsonDocument Tidy(BsonDocument reply)
    {
        Array.ForEach(Own, reply.Remove);
        return reply;
    }

    private const string CommandsScript = """
        import sys, json
        from bson import json_util
        from bson.codec_options import CodecOptions
        from bson.son import SON
        from pymongo import MongoClient
        from pymongo.errors import OperationFailure
        client = MongoClient('127.0.0.1', int(sys.argv[1]), serverSelectionTimeoutMS=10000)
        options = json_util.JSONOptions(document_class=SON, json_mode=json_util.JSONMode.CANONICAL)
        with open(sys.argv[2]) as f:
            suite = json_util.loads(f.read(), json_options=options)
        db = client.get_database('theirs', codec_options=CodecOptions(document_class=SON))
        for command, ours in zip(suite['commands'], suite['results']):
            client.drop_database('theirs')
            db['suite'].insert_many([SON(d) for d in suite['documents']])
            try:
                reply = db.command(command)
                for own in ('lsid', '$clusterTime', 'operationTime'):
                    reply.pop(own, None)
                got = json_util.dumps(reply, json_options=options).replace('theirs.', 'ours.')
                want = json_util.dumps(ours, json_options=options) if not isinstance(ours, str) else ours
            except OperationFailure as error:
                got, want = 'error %d' % (error.code or 0), ours
            if got != want:
                print(json_util.dumps(command), got, want)
        """;

    private const string UsersScript = """
        import sys
        from pymongo import MongoClient, InsertOne, UpdateOne, DeleteOne, ReplaceOne, ASCENDING, DESCENDING, ReturnDocument
        from pymongo.errors import OperationFailure, BulkWriteError, DuplicateKeyError
        port = int(sys.argv[1])
        def check(what, ok):
            if not ok:
                print('wrong:', what)
        for mechanism in ('SCRAM-SHA-1', 'SCRAM-SHA-256'):
            client = MongoClient('127.0.0.1', port, username='user', password='pencil', authMechanism=mechanism, serverSelectionTimeoutMS=10000)
            check(mechanism, client.db.test.count_documents({}) == 0)
            try:
                MongoClient('127.0.0.1', port, username='user', password='wrong', authMechanism=mechanism, serverSelectionTimeoutMS=10000).db.test.count_documents({})
                check('wrong password with ' + mechanism, False)
            except OperationFailure as error:
                check('code of a wrong password', error.code == 18)
        client = MongoClient('127.0.0.1', port, username='user', password='pencil', compressors='zlib')
        test = client.db.test
        test.insert_many([{'_id': i, 'n': i % 10} for i in range(10000)])
        check('cursor', [d['_id'] for d in test.find().sort('_id', DESCENDING).batch_size(7)] == list(range(9999, -1, -1)))
        check('slice', [d['_id'] for d in test.find({'n': 3}).sort('_id', ASCENDING)[2:5]] == [23, 33, 43])
        check('count', test.count_documents({'n': 3}) == 1000 and test.estimated_document_count() == 10000)
        check('distinct', sorted(test.distinct('n')) == list(range(10)))
        check('find_one', test.find_one({'_id': 77}) == {'_id': 77, 'n': 7} and test.find_one({'_id': -1}) is None)
        check('update', test.update_many({'n': 1}, {'$inc': {'n': 100}}).modified_count == 1000)
        check('upsert', test.update_one({'_id': 'new'}, {'$set': {'a': 1}}, upsert=True).upserted_id == 'new')
        check('replace', test.replace_one({'_id': 'new'}, {'b': 2}).modified_count == 1 and test.find_one({'_id': 'new'}) == {'_id': 'new', 'b': 2})
        check('delete', test.delete_many({'n': 101}).deleted_count == 1000 and test.delete_one({'_id': 'new'}).deleted_count == 1)
        check('find_one_and_update', test.find_one_and_update({'_id': 2}, {'$set': {'x': 1}}, return_document=ReturnDocument.AFTER) == {'_id': 2, 'n': 2, 'x': 1})
        check('aggregate', list(test.aggregate([{'$match': {'n': 5}}, {'$group': {'_id': '$n', 'c': {'$sum': 1}}}])) == [{'_id': 5, 'c': 1000}])
        many = client.db.many
        count = int(sys.argv[2])
        many.insert_many([{'_id': i} for i in range(count)])
        check('three batches', many.estimated_document_count() == count)
        bulk = client.db.bulk
        bulk.insert_one({'_id': 3})
        try:
            bulk.bulk_write([InsertOne({'_id': i}) for i in (1, 2, 3, 4, 3)], ordered=False)
            check('bulk', False)
        except BulkWriteError as error:
            check('indexes', [e['index'] for e in error.details['writeErrors']] == [2, 4] and error.details['nInserted'] == 3)
        result = bulk.bulk_write([InsertOne({'_id': 9}), UpdateOne({'_id': 9}, {'$set': {'a': 1}}), ReplaceOne({'_id': 8}, {'b': 1}, upsert=True), DeleteOne({'_id': 9})])
        check('mixed bulk', (result.inserted_count, result.modified_count, result.upserted_count, result.deleted_count) == (1, 1, 1, 1))
        check('index', client.db.unique.create_index([('a', ASCENDING), ('b', DESCENDING)], unique=True) == 'a_1_b_-1')
        client.db.unique.insert_one({'a': 1, 'b': 1})
        try:
            client.db.unique.insert_one({'a': 1, 'b': 1})
            check('unique', False)
        except DuplicateKeyError:
            pass
        check('index information', sorted(client.db.unique.index_information()) == ['_id_', 'a_1_b_-1'])
        check('names', sorted(client.db.list_collection_names()) == ['bulk', 'many', 'test', 'unique'] and client.list_database_names() == ['db'])
        with client.start_session() as session:
            test.insert_one({'_id': 'session'}, session=session)
            check('session', test.find_one({'_id': 'session'}, session=session) is not None)
        client.drop_database('db')
        check('dropped', client.list_database_names() == [])
        """;
}
