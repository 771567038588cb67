using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>Cursors whose batches the server sends unasked.</summary>
public class MongoExhaustTests
{
    [Test]
    public void All_batches_are_asked_for_once() => Run(100, async play =>
    {
        var found = await Test(play).Find().Sort("_id").BatchSize(7).ToList();
        Assert.That(found.Select(static each => each["_id"].AsInt32), Is.EqualTo(Enumerable.Range(0, 100)));
        Assert.That((play.Names, play.Service.OpenCursors, play.Client.Counts.Lent, play.Open), Is.EqualTo(("find getMore", 0, 0, 1)));
    });

    [TestCase(5, "find")]
    [TestCase(7, "find")]
    [TestCase(8, "find getMore")]
    public void Nothing_is_asked_for_behind_the_end(int count, string names) => Run(count, async play =>
    {
        Assert.That(await Test(play).Find().BatchSize(7).ToList(), Has.Count.EqualTo(count));
        Assert.That((play.Names, play.Client.Counts.Lent), Is.EqualTo((names, 0)));
    });

    [Test]
    public void What_is_taken_slowly_is_taken_whole() => Run(100, async play =>
    {
        var found = new List<int>();
        await foreach (var document in Test(play).Find().Sort("_id").BatchSize(7).ReadAllAsync())
        {
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
            found.Add(document["_id"].AsInt32);
        }

        Assert.That(found, Is.EqualTo(Enumerable.Range(0, 100)));
        Assert.That((play.Names, play.Client.Counts.Lent), Is.EqualTo(("find getMore", 0)));
    });

    [Test]
    public void Who_takes_slowly_holds_the_server() => MongoPlay.Run(async play =>
    {
        await play.Test.InsertMany(Enumerable.Range(0, 400).Select(static i => new BsonDocument { { "_id", i }, { "text", new string('a', 100_000) } }));
        await using var found = Test(play).Find().BatchSize(10).ReadAllAsync().GetAsyncEnumerator();
        await found.MoveNextAsync();
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(60));

        // Of 40 MB the server has most yet.
        Assert.That(play.Service.OpenCursors, Is.EqualTo(1));
        var count = 1;
        while (await found.MoveNextAsync())
        {
            count++;
        }

        Assert.That((count, play.Service.OpenCursors), Is.EqualTo((400, 0)));
    });

    [Test]
    public void Who_leaves_has_the_rest_given_up_and_its_connection_closed() => Run(1000, async play =>
    {
        await foreach (var document in Test(play).Find().Sort("_id").BatchSize(7).ReadAllAsync())
        {
            if (document["_id"].AsInt32 == 10)
            {
                break;
            }
        }

        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That((play.Names, play.Service.OpenCursors, play.Client.Counts.Lent), Is.EqualTo(("find getMore killCursors", 0, 0)));
        Assert.That(await play.Test.Count(), Is.EqualTo(1000));
    });

    [Test]
    public void Others_have_connections_of_their_own_meanwhile() => Run(100, async play =>
    {
        await foreach (var _ in Test(play).Find().BatchSize(7).ReadAllAsync())
        {
            Assert.That(await play.Test.Count(), Is.EqualTo(100));
        }

        Assert.That((play.Open, play.Client.Counts.Lent), Is.EqualTo((2, 0)));
    });

    [Test]
    public void A_connection_that_is_given_back_is_read_though_the_last_batch_waits() => MongoPlay.Run(
        async play =>
        {
            await play.Test.InsertMany(Enumerable.Range(0, 21).Select(static i => new BsonDocument("_id", i)));
            var found = 0;
            await foreach (var _ in Test(play).Find().BatchSize(7).ReadAllAsync())
            {
                if (++found == 10)
                {
                    await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
                    Assert.That(await play.Test.Count(), Is.EqualTo(21));
                }
            }

            Assert.That((found, play.Client.Counts.Lent), Is.EqualTo((21, 0)));
        },
        "?maxPoolSize=1");

    [Test]
    public void What_the_server_says_in_the_middle_is_told_and_leaves_the_connection() => Run(100, async play =>
    {
        play.Service.Expect("getMore", static _ => BsonDocument.Parse("{ ok: 0, code: 43, errmsg: 'gone', codeName: 'CursorNotFound' }"));
        var error = await MongoPlay.ErrorOf(Test(play).Find().BatchSize(7).ToList());
        Assert.That(error, Is.TypeOf<MongoErrorException>().With.Property("Code").EqualTo(43));
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That((play.Open, play.Client.Counts.Lent), Is.EqualTo((1, 0)));
    });

    [Test]
    public void A_server_that_answers_once_is_asked_again()
    {
        using var world = new World();
        var (left, names) = (3, new List<string>());
        world.Starts(new TcpService(27017, connection => connection.Decode(new MongoFraming()).Select(message =>
        {
            var name = message.Body.ToDocument().GetElement(0).Name;
            names.Add(name);
            left -= name == "getMore" ? 1 : 0;
            var batch = new BsonDocument { { "id", left > 0 ? 7L : 0L }, { "ns", "db.test" }, { name == "find" ? "firstBatch" : "nextBatch", new BsonArray { new BsonDocument("n", left) } } };
            return (ReadOnlyMemory<byte>)MongoCodecTests.Written(new() { ResponseTo = message.RequestId, Body = RawBson.Of(new BsonDocument { { "maxWireVersion", 9 }, { "cursor", batch }, { "ok", 1 } }) });
        }), hub: world.Hub));
        using var client = new MongoClient($"mongodb://{World.Here}", hub: world.Hub);
        var found = world.Watch(client["db"]["test"].With(static o => o with { Batches = MongoBatches.Exhaust }).Find());
        world.Passes(1);
        Assert.That((found.Error, string.Join(' ', found.Values.Select(static each => each["n"]))), Is.EqualTo(((Exception?)null, "3 2 1 0")));
        Assert.That(string.Join(' ', names.Where(static name => name is "find" or "getMore" or "killCursors")), Is.EqualTo("find getMore getMore getMore"));
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void Each_reply_answers_the_one_before(int offset, bool isGood)
    {
        using var world = new World();
        world.Starts(new TcpService(27017, connection => connection.Decode(new MongoFraming()).SelectMany(message =>
        {
            var name = message.Body.ToDocument().GetElement(0).Name;
            MongoMessage Batch(int id, int to, long cursor, MongoFlags flags) => new()
            {
                RequestId = id, ResponseTo = to, Flags = flags,
                Body = RawBson.Of(new BsonDocument { { "maxWireVersion", 9 }, { "cursor", new BsonDocument { { "id", cursor }, { "ns", "db.test" }, { name == "find" ? "firstBatch" : "nextBatch", new BsonArray { new BsonDocument("n", id) } } } }, { "ok", 1 } }),
            };
            return (name == "getMore" ? [Batch(100, message.RequestId, 7, MongoFlags.MoreToCome), Batch(200, 100 + offset, 0, MongoFlags.None)] : new[] { Batch(1, message.RequestId, 7, MongoFlags.None) })
                .Select(static reply => (ReadOnlyMemory<byte>)MongoCodecTests.Written(reply));
        }), hub: world.Hub));
        using var client = new MongoClient($"mongodb://{World.Here}", hub: world.Hub);
        var found = world.Watch(client["db"]["test"].With(static o => o with { Batches = MongoBatches.Exhaust }).Find());
        world.Passes(1);
        Assert.That((found.Error is null, string.Join(' ', found.Values.Select(static each => each["n"]))), Is.EqualTo((isGood, isGood ? "1 100 200" : "1 100")));
    }

    [Test]
    public void A_server_that_does_not_go_on_is_an_error_in_time() => Run(0, async play =>
    {
        play.Service.Expect("find", static _ => BsonDocument.Parse("{ ok: 1, cursor: { id: NumberLong(7), ns: 'db.test', firstBatch: [{ a: 1 }] } }"));
        play.Service.Hold("getMore");
        var began = play.World.Now;
        var error = await MongoPlay.ErrorOf(Test(play).With(static o => o with { Timeout = TimeSpan.FromSeconds(2) }).Find().ToList());
        Assert.That(error, Is.TypeOf<TimeoutException>().With.Message.Contains("the reply of"));
        Assert.That(play.World.Now - began, Is.EqualTo(2).Within(0.05));
        Assert.That(await play.Test.Count(), Is.Zero);
        Assert.That((play.EventNames.Contains("PoolCleared", StringComparison.Ordinal), play.Client.Counts.Lent), Is.EqualTo((false, 0)));
    });

    [Test]
    public void A_lost_connection_is_told() => Run(100, async play =>
    {
        play.Service.Expect("getMore", static _ => null);
        Assert.That(await MongoPlay.ErrorOf(Test(play).Find().BatchSize(7).ToList()), Is.InstanceOf<ConnectionException>());
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(play.Client.Counts.Lent, Is.Zero);
    });

    [Test]
    public void Within_a_transaction_each_batch_is_asked_for() => MongoSetPlay.Run(async play =>
    {
        await play.Test.InsertMany(Enumerable.Range(0, 20).Select(static i => new BsonDocument("_id", i)));
        play.Heard.Clear();
        await play.Client.WithTransaction(async session =>
        {
            Assert.That(await play.Test.In(session).With(static o => o with { Batches = MongoBatches.Exhaust }).Find().BatchSize(7).ToList(), Has.Count.EqualTo(20));
            return 0;
        });
        Assert.That(play.Names, Is.EqualTo("0:find 0:getMore 0:getMore 0:commitTransaction"));
    });

    private static void Run(int count, Func<MongoPlay, Task> test) => MongoPlay.Run(async play =>
    {
        if (count > 0)
        {
            await play.Test.InsertMany(Enumerable.Range(0, count).Select(static i => new BsonDocument("_id", i)));
        }
        else
        {
            await play.Test.Count();
        }

        play.Heard.Clear();
        await test(play);
    });

    private static MongoCollection<BsonDocument> Test(MongoPlay play) => play.Test.With(static o => o with { Batches = MongoBatches.Exhaust });
}
