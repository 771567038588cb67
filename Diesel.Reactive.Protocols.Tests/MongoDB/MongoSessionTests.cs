using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>Sessions, what is sent a second time and what is not, transactions.</summary>
public class MongoSessionTests
{
    [Test]
    public void One_after_another_has_the_same_session() => MongoSetPlay.Run(async play =>
    {
        await play.Test.Count();
        await play.Test.Count();
        Assert.That(play.Heard.Select(static each => each.Command["lsid"]).Distinct().Count(), Is.EqualTo(1));
        await Awaitable.All(play.Test.Count(), play.Test.Count(), play.Test.Count());
        await Awaitable.All(play.Test.Count(), play.Test.Count());
        Assert.That(play.Heard.TakeLast(2).Select(static each => each.Command["lsid"]).Distinct().Count(), Is.EqualTo(2));
        Assert.That(play.Heard.Select(static each => each.Command["lsid"]).Distinct().Count(), Is.EqualTo(2));
    });

    [Test]
    public void A_session_that_is_old_is_not_used_again() => MongoSetPlay.Run(async play =>
    {
        await play.Test.Count();
        await play.World.Hub.Sleep(TimeSpan.FromMinutes(29.5));
        await play.Test.Count();
        Assert.That(play.Heard.Select(static each => each.Command["lsid"]).Distinct().Count(), Is.EqualTo(2));
    });

    [Test]
    public void A_cursor_has_one_session() => MongoSetPlay.Run(async play =>
    {
        await play.Test.InsertMany(Enumerable.Range(0, 10).Select(static i => new { _id = i }));
        play.Heard.Clear();
        await play.Test.Find().BatchSize(3).ToList();
        await play.Test.Count();
        Assert.That(play.Names, Is.EqualTo("0:find 0:getMore 0:getMore 0:getMore 0:aggregate"));
        Assert.That(play.Heard.Select(static each => each.Command["lsid"]).Distinct().Count(), Is.EqualTo(1));
    });

    [Test]
    public void A_cursor_stays_with_its_server() => MongoSetPlay.Run(async play =>
    {
        await play.Test.InsertMany(Enumerable.Range(0, 100).Select(static i => new { _id = i }));
        play.Heard.Clear();
        Assert.That(await play.Test.With(static o => o with { ReadPreference = new(ReadMode.Nearest) }).Find().BatchSize(3).ToList(), Has.Count.EqualTo(100));
        Assert.That(play.Heard.Select(static each => each.Member).Distinct().Count(), Is.EqualTo(1));
    });

    // Labels count, of servers from 4.4 on; codes of those before.
    [TestCase(9, 10107, "RetryableWriteError", true)]
    [TestCase(9, 10107, "", false)]
    [TestCase(9, 11000, "", false)]
    [TestCase(9, 6, "RetryableWriteError", true)]
    [TestCase(8, 6, "", true)]
    [TestCase(8, 7, "", true)]
    [TestCase(8, 89, "", true)]
    [TestCase(8, 91, "", true)]
    [TestCase(8, 134, "", false)]
    [TestCase(8, 189, "", true)]
    [TestCase(8, 262, "", true)]
    [TestCase(8, 9001, "", true)]
    [TestCase(8, 10107, "", true)]
    [TestCase(8, 11600, "", true)]
    [TestCase(8, 11602, "", true)]
    [TestCase(8, 13435, "", true)]
    [TestCase(8, 13436, "", true)]
    [TestCase(8, 43, "", false)]
    [TestCase(8, 50, "", false)]
    public void Writing_is_tried_once_more(int wireVersion, int code, string label, bool isRetried) => MongoSetPlay.Run(
        async play =>
        {
            play.Set.Members[0].Fail("insert", code, label.Length == 0 ? [] : [label]);
            var failure = await MongoPlay.Failure(play.Test.InsertOne(new { _id = 1 }));
            Assert.That((failure as MongoErrorException)?.Code, Is.EqualTo(isRetried ? null : (int?)code));
            Assert.That(play.Names, Is.EqualTo(isRetried ? "0:insert 0:insert" : "0:insert"));
            Assert.That(play.Heard.Select(static each => (each.Command["lsid"], each.Command["txnNumber"])).Distinct().Count(), Is.EqualTo(1));
        },
        service: new() { MaxWireVersion = wireVersion });

    [Test]
    public void What_was_carried_out_is_not_carried_out_again() => MongoSetPlay.Run(async play =>
    {
        play.Set.Members[0].Lose("update");
        await play.Test.InsertOne(new { _id = 1, n = 0 });
        var result = await play.Test.UpdateOne("{ _id: 1 }", "{ $inc: { n: 1 } }");
        Assert.That((result.Modified, (await play.Test.Find().One())!["n"].AsInt32, play.Names), Is.EqualTo((1L, 1, "0:insert 0:update 0:update 0:find")));
    });

    [TestCase("updateMany")]
    [TestCase("deleteMany")]
    [TestCase("unacknowledged")]
    [TestCase("retryWrites=false")]
    public void What_the_server_cannot_tell_is_not_tried_again(string what) => MongoSetPlay.Run(
        async play =>
        {
            foreach (var command in new[] { "insert", "update", "delete" })
            {
                play.Set.Members[0].Expect(command, static _ => null);
            }

            var failure = what switch
            {
                "updateMany" => await MongoPlay.Failure(play.Test.UpdateMany(null, "{ $set: { a: 1 } }")),
                "deleteMany" => await MongoPlay.Failure(play.Test.DeleteMany(null)),
                "unacknowledged" => await MongoPlay.Failure(play.Test.With(static o => o with { WriteConcern = new(W: 0) }).InsertOne(new { a = 1 })),
                _ => await MongoPlay.Failure(play.Test.InsertOne(new { a = 1 })),
            };
            await play.World.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            Assert.That((failure is null, play.Heard.Count, play.Heard[0].Command.Contains("txnNumber")), Is.EqualTo((what == "unacknowledged", 1, false)));
        },
        what == "retryWrites=false" ? "&retryWrites=false" : "");

    [Test]
    public void Of_two_failures_the_first_is_told_when_the_second_says_nothing() => MongoSetPlay.Run(async play =>
    {
        play.Set.Members[0].Fail("insert", 91, "RetryableWriteError");
        play.Set.Members[0].Fail("insert", 10107, "RetryableWriteError", "NoWritesPerformed");
        Assert.That(await MongoPlay.ErrorOf(play.Test.InsertOne(new { a = 1 })), Is.TypeOf<MongoErrorException>().With.Property("Code").EqualTo(91));
    });

    [Test]
    public void Of_two_failures_the_second_is_told_otherwise() => MongoSetPlay.Run(async play =>
    {
        play.Set.Members[0].Fail("insert", 91, "RetryableWriteError");
        play.Set.Members[0].Fail("insert", 10107, "RetryableWriteError");
        Assert.That(await MongoPlay.ErrorOf(play.Test.InsertOne(new { a = 1 })), Is.TypeOf<MongoErrorException>().With.Property("Code").EqualTo(10107));
    });

    [TestCase(91, true)]
    [TestCase(11600, true)]
    [TestCase(10107, false)]
    [TestCase(13435, false)]
    [TestCase(11602, false)]
    [TestCase(189, false)]
    public void A_server_that_shuts_down_loses_its_connections(int code, bool isCleared) => MongoSetPlay.Run(async play =>
    {
        play.Set.Members[0].Expect("insert", _ => new() { { "ok", 0 }, { "code", code }, { "errmsg", "It is not what it was, and does not number what it says." } });
        await MongoPlay.ErrorOf(play.Test.InsertOne(new { a = 1 }));
        Assert.That(play.Events.OfType<MongoPoolCleared>().Any(), Is.EqualTo(isCleared));
        Assert.That(play.Events.OfType<MongoTopologyChanged>().Any(static each => each.Before.Kind == MongoTopologyKind.ReplicaSetWithPrimary && each.After.Kind == MongoTopologyKind.ReplicaSetNoPrimary));
        await play.Test.InsertOne(new { a = 2 });
    });

    [TestCase(1, true)]
    [TestCase(2, true)]
    [TestCase(3, false)]
    public void A_server_with_too_much_to_do_is_asked_later(int times, bool isServed) => MongoSetPlay.Run(async play =>
    {
        for (var i = 0; i < times; i++)
        {
            play.Set.Members[0].Expect("ping", static _ => new()
            {
                { "ok", 0 }, { "code", 462 }, { "errmsg", "busy" }, { "errorLabels", new BsonArray { "RetryableError", "SystemOverloadedError" } }, { "baseBackoffMS", 1000 },
            });
        }

        await play.Test.Count();
        var began = play.World.Now;
        Assert.That(await MongoPlay.Failure(play.Client["db"].RunCommand("{ ping: 1 }")) is null, Is.EqualTo(isServed));
        Assert.That(play.World.Now - began, Is.InRange(0.001, 3.1), "drawn up to 1 s, then up to 2 s");
        Assert.That(play.Heard.Count(static each => each.Command.Contains("ping")), Is.EqualTo(Math.Min(times + 1, 3)));
    });

    [Test]
    public void What_a_session_has_written_it_reads() => MongoSetPlay.Run(async play =>
    {
        play.Set.Members[0].Expect("insert", static _ => new() { { "n", 1 }, { "ok", 1 }, { "operationTime", new BsonTimestamp(7, 3) }, { "$clusterTime", new BsonDocument("clusterTime", new BsonTimestamp(7, 3)) } });
        using var session = play.Client.StartSession();
        await session["db"]["test"].InsertOne(new { a = 1 });
        await session["db"]["test"].With(static o => o with { ReadPreference = new(ReadMode.Secondary) }).Count();
        var read = play.Heard[^1].Command;
        Assert.That((read["readConcern"]["afterClusterTime"], read["$clusterTime"]["clusterTime"], read["lsid"]), Is.EqualTo((new BsonTimestamp(7, 3), new BsonTimestamp(7, 3), play.Heard[0].Command["lsid"])));
        await play.Test.Count();
        Assert.That((play.Heard[^1].Command.Contains("readConcern"), play.Heard[^1].Command.Contains("$clusterTime")), Is.EqualTo((false, true)));
    });

    [Test]
    public void A_transaction_is_whole() => MongoSetPlay.Run(async play =>
    {
        await play.Test.InsertOne(new { _id = 0 });
        play.Heard.Clear();
        var sum = await play.Client.WithTransaction(async session =>
        {
            await session["db"]["test"].InsertOne(new { _id = 1 });
            Assert.That((await play.Test.Count(), await session["db"]["test"].Count()), Is.EqualTo((1L, 2L)));
            await session["db"]["test"].InsertOne(new { _id = 2 });
            return 7;
        });
        Assert.That((sum, await play.Test.Count()), Is.EqualTo((7, 3L)));
        var commands = play.Heard.Where(static each => each.Command.Contains("autocommit")).Select(static each => each.Command).ToArray();
        Assert.That(string.Join(' ', commands.Select(static each => each.GetElement(0).Name + (each.Contains("startTransaction") ? "!" : ""))), Is.EqualTo("insert! aggregate insert commitTransaction"));
        Assert.That(commands.Select(static each => (each["lsid"], each["txnNumber"])).Distinct().Count(), Is.EqualTo(1));
    });

    [Test]
    public void A_transaction_that_fails_is_nothing() => MongoSetPlay.Run(async play =>
    {
        await play.Test.InsertOne(new { _id = 0 });
        Assert.That(await MongoPlay.ErrorOf(play.Client.WithTransaction<int>(async session =>
        {
            await session["db"]["test"].InsertOne(new { _id = 1 });
            throw new InvalidOperationException("mine");
        })), Is.TypeOf<InvalidOperationException>().With.Message.EqualTo("mine"));
        Assert.That((await play.Test.Count(), play.Heard[^2].Command.GetElement(0).Name), Is.EqualTo((1L, "abortTransaction")));
    });

    [TestCase("TransientTransactionError", 2, 1)]
    [TestCase("UnknownTransactionCommitResult", 1, 2)]
    [TestCase("", 1, 1)]
    public void A_commit_that_fails_is_repeated_or_the_work(string label, int works, int commits) => MongoSetPlay.Run(async play =>
    {
        play.Set.Members[0].Fail("commitTransaction", 251, label.Length == 0 ? [] : [label]);
        var count = 0;
        var failure = await MongoPlay.Failure(play.Client.WithTransaction(async session =>
        {
            count++;
            await session["db"]["test"].InsertOne(new { n = count });
            return count;
        }));
        Assert.That((failure is null, count), Is.EqualTo((label.Length > 0, works)));
        Assert.That(play.Heard.Count(static each => each.Command.Contains("commitTransaction")), Is.EqualTo(label == "TransientTransactionError" ? 2 : commits));
        Assert.That(await play.Test.Count(), Is.EqualTo(failure is null ? 1 : 0));
    });

    [Test]
    public void A_commit_whose_reply_is_lost_is_said_again() => MongoSetPlay.Run(async play =>
    {
        play.Set.Members[0].Lose("commitTransaction");
        await play.Client.WithTransaction(async session => await session["db"]["test"].InsertOne(new { _id = 1 }));
        var commits = play.Heard.Where(static each => each.Command.Contains("commitTransaction")).Select(static each => each.Command).ToArray();
        Assert.That((commits.Length, commits[0].Contains("writeConcern"), commits[1]["writeConcern"]["w"].AsString, await play.Test.Count()), Is.EqualTo((2, false, "majority", 1L)));
    });

    [Test]
    public void Two_transactions_that_contradict_one_another_come_one_after_another() => MongoSetPlay.Run(async play =>
    {
        await play.Test.InsertOne(new { _id = 1, n = 0 });
        await Awaitable.All(Enumerable.Range(0, 5).Select(_ => play.Client.WithTransaction(async session =>
        {
            var n = (await session["db"]["test"].Find("{ _id: 1 }").One())!["n"].AsInt32;
            await play.World.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            return await session["db"]["test"].UpdateOne("{ _id: 1 }", new BsonDocument("$set", new BsonDocument("n", n + 1)));
        })));
        Assert.That((await play.Test.Find().One())!["n"].AsInt32, Is.EqualTo(5));
    });

    [Test]
    public void Within_a_transaction_nothing_is_tried_again() => MongoSetPlay.Run(async play =>
    {
        using var session = play.Client.StartSession();
        session.BeginTransaction(new() { ReadConcern = new("snapshot"), WriteConcern = WriteConcern.Majority });
        play.Set.Members[0].Expect("insert", static _ => null);
        var error = await MongoPlay.ErrorOf(play.Test.In(session).InsertOne(new { a = 1 }));
        Assert.That((error.HasLabel(MongoLabels.TransientTransaction), play.Names, play.Heard[0].Command["readConcern"]["level"].AsString, play.Heard[0].Command.Contains("writeConcern")),
            Is.EqualTo((true, "0:insert", "snapshot", false)));
        await session.Abort();
        Assert.That(() => session.BeginTransaction(), Throws.Nothing);
        Assert.That(() => session.BeginTransaction(), Throws.InvalidOperationException);
    });

    [Test]
    public void An_end_without_a_beginning_is_an_error() => MongoSetPlay.Run(async play =>
    {
        using var session = play.Client.StartSession();
        Assert.That(await MongoPlay.ErrorOf(session.Commit()), Is.TypeOf<InvalidOperationException>());
        Assert.That(await MongoPlay.ErrorOf(session.Abort()), Is.TypeOf<InvalidOperationException>());
        session.BeginTransaction();
        await session.Commit();
        Assert.That(play.Heard, Is.Empty, "of a transaction without commands nobody is told");
    });

    [Test]
    public void Servers_are_told_which_sessions_are_over() => MongoSetPlay.Run(async play =>
    {
        var told = new List<BsonDocument>();
        using var hearing = play.Set.Members[0].Commands.Where(static each => each.Contains("endSessions")).Subscribe(told.Add);
        await play.Test.InsertOne(new { a = 1 });
        play.Client.Dispose();
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(told.Single()["endSessions"].AsBsonArray.Single(), Is.EqualTo(play.Heard[0].Command["lsid"]));
    });
}
