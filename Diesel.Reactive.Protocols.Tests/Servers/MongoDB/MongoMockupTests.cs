using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>A server that others wrote and a script speaks for, Debian's python3-mockupdb: what we send is what it knows, and what it says is understood.</summary>
public class MongoMockupTests
{
    private const string Python = "/usr/bin/python3";
    private const string Mockupdb = "/usr/lib/python3/dist-packages/mockupdb/__init__.py";

    [Test]
    public Task Queries_are_read_to_their_ends() => Run(
        """
        find = receives('find')
        check('find', find['find'] == 'test' and find['filter'] == {'a': 1} and list(find['sort'].items()) == [('b', -1), ('c', 1)] and find['limit'] == 5 and find['batchSize'] == 2)
        check('session', isinstance(find['lsid']['id'], uuid.UUID) or find['lsid']['id'] is not None)
        find.replies({'cursor': {'id': Int64(7), 'ns': 'db.test', 'firstBatch': [{'_id': 1}, {'_id': 2}]}})
        more = receives('getMore')
        check('getMore', more['getMore'] == 7 and isinstance(more['getMore'], Int64) and more['collection'] == 'test' and more['batchSize'] == 2 and more['lsid'] == find['lsid'])
        more.replies({'cursor': {'id': Int64(0), 'ns': 'db.test', 'nextBatch': [{'_id': 3}]}})
        receives('find').replies({'cursor': {'id': Int64(8), 'ns': 'db.test', 'firstBatch': [{'_id': 1}, {'_id': 2}]}})
        kill = receives('killCursors')
        check('killCursors', kill['killCursors'] == 'test' and kill['cursors'] == [8])
        kill.replies({'cursorsKilled': [Int64(8)], 'cursorsNotFound': [], 'cursorsAlive': [], 'cursorsUnknown': []})
        """,
        async test =>
        {
            var all = await test.Find("{ a: 1 }").Sort("-b,c").Limit(5).BatchSize(2).ToList();
            Assert.That(all.Select(static each => each["_id"].AsInt32), Is.EqualTo(new[] { 1, 2, 3 }));
            Assert.That((await test.Find().FirstAsync())["_id"].AsInt32, Is.EqualTo(1));
        });

    [Test]
    public Task Writes_are_answered_one_by_one() => Run(
        """
        insert = receives('insert')
        check('insert', insert['documents'] == [{'_id': 1}, {'_id': 2}, {'_id': 1}] and insert['ordered'] is False)
        insert.replies({'n': 2, 'writeErrors': [{'index': 2, 'code': 11000, 'errmsg': 'E11000'}]})
        update = receives('update')
        check('update', update['updates'] == [{'q': {'_id': 1}, 'u': {'$set': {'a': 1}}, 'upsert': True}])
        update.replies({'n': 1, 'nModified': 0, 'upserted': [{'index': 0, '_id': 1}]})
        delete = receives('delete')
        check('delete', delete['deletes'] == [{'q': {'a': 1}, 'limit': 0}] and 'txnNumber' not in delete)
        delete.replies({'n': 3, 'writeConcernError': {'code': 64, 'errmsg': 'waiting'}})
        modify = receives('findAndModify')
        check('findAndModify', modify['query'] == {'_id': 1} and modify['update'] == {'$inc': {'a': 1}} and modify['new'] is True)
        modify.replies({'value': {'_id': 1, 'a': 2}})
        unanswered = receives('insert')
        check('nobody waits', unanswered.flags == 2 and unanswered['writeConcern'] == {'w': 0} and 'txnNumber' not in unanswered)
        receives('count').replies({'n': 9})
        """,
        async test =>
        {
            var error = (MongoWriteException)await MongoPlay.ErrorOf(test.InsertMany([new { _id = 1 }, new { _id = 2 }, new { _id = 1 }], ordered: false));
            Assert.That((error.Result.Inserted, error.Errors[0].Index, error.Errors[0].Code), Is.EqualTo((2L, 2, 11000)));
            Assert.That((await test.UpdateOne("{ _id: 1 }", "{ $set: { a: 1 } }", upsert: true)).UpsertedId, Is.EqualTo((BsonValue)1));
            error = (MongoWriteException)await MongoPlay.ErrorOf(test.DeleteMany("{ a: 1 }"));
            Assert.That((error.Result.Deleted, error.ConcernError!.Code), Is.EqualTo((3L, 64)));
            Assert.That((await test.FindOneAndUpdate("{ _id: 1 }", "{ $inc: { a: 1 } }", new() { IsAfterwards = true }))!["a"].AsInt32, Is.EqualTo(2));
            await test.With(static o => o with { WriteConcern = new(W: 0) }).InsertOne(new { _id = 5 });
            Assert.That(await test.EstimatedCount(), Is.EqualTo(9));
        });

    [Test]
    public Task What_is_lost_is_repeated_with_its_number() => Run(
        """
        first = receives('insert')
        first.hangup()
        second = receives('insert')
        check('number', second['txnNumber'] == first['txnNumber'] and second['lsid'] == first['lsid'] and second['documents'] == first['documents'])
        second.replies({'n': 1})
        third = receives('insert')
        check('next number', third['txnNumber'] != first['txnNumber'] or third['lsid'] != first['lsid'])
        third.replies({'n': 1})
        receives('find').hangup()
        receives('find').replies({'cursor': {'id': Int64(0), 'ns': 'db.test', 'firstBatch': [{'_id': 1}]}})
        receives('find').command_err(13435, 'not master', codeName='NotPrimaryNoSecondaryOk')
        receives('find').replies({'cursor': {'id': Int64(0), 'ns': 'db.test', 'firstBatch': [{'_id': 2}]}})
        receives('find').command_err(2, 'bad', codeName='BadValue')
        many = receives('update')
        check('of many', 'txnNumber' not in many)
        many.hangup()
        receives('count').replies({'n': 1})
        """,
        async test =>
        {
            await test.InsertOne(new { _id = 1 });
            await test.InsertOne(new { _id = 2 });
            Assert.That((await test.Find().First())!["_id"].AsInt32, Is.EqualTo(1));
            Assert.That((await test.Find().First())!["_id"].AsInt32, Is.EqualTo(2));
            Assert.That(await MongoPlay.ErrorOf(test.Find().First()), Is.TypeOf<MongoErrorException>().With.Property("CodeName").EqualTo("BadValue"));
            Assert.That(await MongoPlay.ErrorOf(test.UpdateMany("{}", "{ $inc: { a: 1 } }")), Is.TypeOf<ReplyLostException>());
            await test.EstimatedCount();
        });

    [Test]
    public Task Changes_go_on_behind_the_last() => Run(
        """
        watch = receives('aggregate')
        check('watch', list(watch['pipeline'][0]) == ['$changeStream'] and watch['cursor'] == {})
        watch.replies({'cursor': {'id': Int64(9), 'ns': 'db.test', 'firstBatch': [], 'postBatchResumeToken': {'_data': 'a'}}})
        receives('getMore').replies({'cursor': {'id': Int64(9), 'ns': 'db.test', 'nextBatch': [{'_id': {'_data': 'b'}, 'operationType': 'insert', 'fullDocument': {'_id': 1}}], 'postBatchResumeToken': {'_data': 'b'}}})
        receives('getMore').hangup()
        anew = receives('aggregate')
        check('behind', anew['pipeline'][0]['$changeStream'].get('resumeAfter') == {'_data': 'b'} and anew['lsid'] is not None)
        anew.replies({'cursor': {'id': Int64(10), 'ns': 'db.test', 'firstBatch': [{'_id': {'_data': 'c'}, 'operationType': 'insert', 'fullDocument': {'_id': 2}}]}})
        kill = receives('killCursors')
        check('killed', kill['cursors'] == [10])
        kill.replies({})
        """,
        async test => Assert.That((await test.Watch().Take(2).ToList()).Select(static change => change.FullDocument!["_id"].AsInt32), Is.EqualTo(new[] { 1, 2 })));

    [Test]
    public Task A_transaction_is_one() => Run(
        """
        insert = receives('insert')
        check('begins', insert['startTransaction'] is True and insert['autocommit'] is False and insert['readConcern'] == {'level': 'snapshot'} and 'writeConcern' not in insert)
        insert.replies({'n': 1})
        find = receives('find')
        check('goes on', 'startTransaction' not in find and find['autocommit'] is False and find['txnNumber'] == insert['txnNumber'] and find['lsid'] == insert['lsid'])
        find.replies({'cursor': {'id': Int64(0), 'ns': 'db.test', 'firstBatch': []}})
        commit = receives('commitTransaction')
        check('ends', commit.namespace == 'admin' and commit['autocommit'] is False and commit['txnNumber'] == insert['txnNumber'])
        commit.hangup()
        again = receives('commitTransaction')
        check('once more', again['txnNumber'] == insert['txnNumber'] and again['writeConcern'] == {'w': 'majority', 'wtimeout': 10000})
        again.replies({})
        """,
        async (client, _) =>
        {
            await client.WithTransaction(
                async session =>
                {
                    await session["db"]["test"].InsertOne(new { _id = 1 });
                    return await session["db"]["test"].Find().First();
                },
                new() { ReadConcern = new("snapshot") });
        });

    private static Task Run(string script, Func<MongoCollection<BsonDocument>, Task> test) => Run(script, (_, collection) => test(collection));

    private static async Task Run(string script, Func<MongoClient, MongoCollection<BsonDocument>, Task> test)
    {
        SampleTool.Require(Mockupdb, "python3-mockupdb");
        using var live = new Live();
        var port = Daemon.FreePort().Port;
        var server = SampleTool.Run(Python, "-c", $"{Prelude}\n{script}\n{Coda}", $"{port}");
        using (var client = new MongoClient($"mongodb://127.0.0.1:{port}/?replicaSet=rs", new() { Timeout = TimeSpan.FromSeconds(20) }, live.Hub))
        {
            live.Run(() => test(client, client["db"]["test"]));
        }

        Assert.That(await server, Is.EqualTo((0, "")));
    }

    private const string Prelude = """
        import sys
        import uuid
        from bson import Int64
        from mockupdb import MockupDB, OpMsg
        port = int(sys.argv[1])
        hello = {
            'ismaster': True, 'setName': 'rs', 'hosts': ['127.0.0.1:%d' % port], 'primary': '127.0.0.1:%d' % port, 'me': '127.0.0.1:%d' % port, 'setVersion': 1, 'minWireVersion': 0,
            'maxWireVersion': 8, 'maxBsonObjectSize': 16777216, 'maxMessageSizeBytes': 48000000, 'maxWriteBatchSize': 100000, 'logicalSessionTimeoutMinutes': 30}
        server = MockupDB(port=port, auto_ismaster=hello)
        server.autoresponds('hello', hello)
        server.run()
        def check(what, ok):
            if not ok:
                print('wrong:', what)
        def receives(name):
            request = server.receives(timeout=20)
            if not isinstance(request, OpMsg) or request.command_name != name:
                print('wrong: %s where %s was to come' % (request, name))
            return request
        """;

    private const string Coda = "server.stop()";
}
