using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>Connections to a server: how many, for whom, and when they are given up (the driver specifications' CMAP).</summary>
public class MongoPoolTests
{
    [Test]
    public void A_connection_is_used_again() => MongoPlay.Run(async play =>
    {
        await play.Test.Count();
        await play.Test.Count();
        Assert.That(play.EventNames, Is.EqualTo("CheckOutStarted ConnectionCreated ConnectionReady CheckedOut CheckedIn CheckOutStarted CheckedOut CheckedIn"));
    });

    [Test]
    public void Calls_at_the_same_time_have_connections_of_their_own() => MongoPlay.Run(async play =>
    {
        await Awaitable.All(Enumerable.Range(0, 5).Select(_ => play.Test.Count()));
        Assert.That(play.Service.ConnectionCount, Is.InRange(2, 5));
        Assert.That(play.Client.Counts.Lent, Is.Zero);
    });

    [TestCase("/?maxPoolSize=1", 1)]
    [TestCase("/?maxPoolSize=3", 3)]
    public void There_are_no_more_than_there_may_be(string options, int most) => MongoPlay.Run(
        async play =>
        {
            await Awaitable.All(Enumerable.Range(0, 20).Select(_ => play.Test.Count()));
            Assert.That(play.Service.ConnectionCount, Is.LessThanOrEqualTo(most));
        },
        options);

    [TestCase("", 2)]
    [TestCase("/?maxConnecting=1", 1)]
    [TestCase("/?maxConnecting=4", 4)]
    public void So_many_are_opened_at_a_time(string options, int most) => MongoPlay.Run(
        async play =>
        {
            await Awaitable.All(Enumerable.Range(0, 20).Select(_ => play.Test.Count()));
            var (now, highest) = (0, 0);
            foreach (var name in play.EventNames.Split(' '))
            {
                now += name switch { "ConnectionCreated" => 1, "ConnectionReady" => -1, _ => 0 };
                highest = Math.Max(highest, now);
            }

            Assert.That(highest, Is.EqualTo(most));
        },
        options);

    [Test]
    public void Who_came_first_is_served_first() => MongoPlay.Run(
        async play =>
        {
            await Awaitable.All(Enumerable.Range(0, 10).Select(i => play.Client["db"].RunCommand(new BsonDocument { { "ping", 1 }, { "n", i } })));
            Assert.That(play.Heard.Where(static each => each.Contains("n")).Select(static each => each["n"].AsInt32), Is.EqualTo(Enumerable.Range(0, 10)));
        },
        "/?maxPoolSize=1");

    [Test]
    public void So_many_are_kept_open() => MongoPlay.Run(
        async play =>
        {
            await play.Test.Count();
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
            Assert.That((play.Service.ConnectionCount, play.Client.Counts.Idle), Is.EqualTo((4, 4)));
        },
        "/?minPoolSize=4");

    [Test]
    public void One_that_is_idle_for_long_is_closed() => MongoPlay.Run(
        async play =>
        {
            await play.Test.Count();
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(3));
            Assert.That(play.Service.ConnectionCount, Is.Zero);
            Assert.That(play.EventNames, Does.EndWith("ConnectionClosed"));
            Assert.That(((MongoConnectionClosed)play.Events[^1]).Reason, Is.EqualTo("idle"));
        },
        "/?maxIdleTimeMS=2000");

    [Test]
    public void What_is_kept_open_is_opened_again() => MongoPlay.Run(
        async play =>
        {
            await play.Test.Count();
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(5));
            Assert.That(play.Service.ConnectionCount, Is.EqualTo(2));
            Assert.That(play.Events.OfType<MongoConnectionCreated>().Count(), Is.GreaterThan(2));
        },
        "/?minPoolSize=2&maxIdleTimeMS=2000");

    [Test]
    public void A_connection_that_is_lost_gives_up_the_others() => MongoPlay.Run(async play =>
    {
        await Awaitable.All(play.Test.Count(), play.Test.Count());
        play.Events.Clear();
        play.Service.Expect("insert", static _ => null);
        Assert.That(await MongoPlay.ErrorOf(play.Test.InsertOne(new { a = 1 })), Is.InstanceOf<ConnectionException>());
        Assert.That(play.EventNames, Does.Contain("PoolCleared PoolReady"));
        Assert.That(play.Events.OfType<MongoConnectionClosed>().Select(static each => each.Reason), Is.EquivalentTo(new[] { "error", "stale" }));
        Assert.That(await play.Test.Count(), Is.Zero);
    });

    [Test]
    public void Those_who_wait_are_told_when_the_others_are_given_up() => MongoPlay.Run(
        async play =>
        {
            await play.Test.Count();
            play.Service.Expect("insert", static _ => null);
            var first = MongoPlay.ErrorOf(play.Test.InsertOne(new { a = 1 }));
            var second = MongoPlay.ErrorOf(play.Test.InsertOne(new { a = 2 }));
            Assert.That(await first, Is.InstanceOf<ReplyLostException>());
            Assert.That(await second, Is.TypeOf<MongoPoolClearedException>());
        },
        "/?maxPoolSize=1");

    [Test]
    public void Reading_is_tried_once_more() => MongoPlay.Run(async play =>
    {
        play.Service.Expect("aggregate", static _ => null);
        Assert.That(await play.Test.Count(), Is.Zero);
        Assert.That(play.Names, Is.EqualTo("aggregate aggregate"));
    });

    [Test]
    public void Reading_is_not_tried_a_third_time() => MongoPlay.Run(async play =>
    {
        play.Service.Expect("aggregate", static _ => null);
        play.Service.Expect("aggregate", static _ => null);
        Assert.That(await MongoPlay.ErrorOf(play.Test.Count()), Is.InstanceOf<ConnectionException>());
        Assert.That(play.Names, Is.EqualTo("aggregate aggregate"));
    });

    [TestCase(6, true)]
    [TestCase(7, true)]
    [TestCase(89, true)]
    [TestCase(91, true)]
    [TestCase(134, true)]
    [TestCase(189, true)]
    [TestCase(262, true)]
    [TestCase(9001, true)]
    [TestCase(10107, true)]
    [TestCase(11600, true)]
    [TestCase(11602, true)]
    [TestCase(13435, true)]
    [TestCase(13436, true)]
    [TestCase(50, false)]
    [TestCase(43, false)]
    [TestCase(11000, false)]
    public void Of_the_servers_errors_some_are_those_of_the_moment(int code, bool isTriedAgain) => MongoPlay.Run(async play =>
    {
        play.Service.Fail("find", code);
        var failure = await MongoPlay.Failure(play.Test.Find().First());
        Assert.That((failure as MongoErrorException)?.Code, Is.EqualTo(isTriedAgain ? null : (int?)code));
        Assert.That(play.Names, Is.EqualTo(isTriedAgain ? "find find" : "find"));
    });

    [Test]
    public void Reading_is_tried_once_where_that_is_wanted() => MongoPlay.Run(
        async play =>
        {
            play.Service.Fail("find", 6);
            Assert.That(await MongoPlay.ErrorOf(play.Test.Find().First()), Is.TypeOf<MongoErrorException>());
            Assert.That(play.Names, Is.EqualTo("find"));
        },
        "/?retryReads=false");

    [Test]
    public void Writing_is_not_tried_again() => MongoPlay.Run(async play =>
    {
        play.Service.Fail("insert", 6);
        Assert.That(await MongoPlay.ErrorOf(play.Test.InsertOne(new { a = 1 })), Is.TypeOf<MongoErrorException>());
        play.Service.Expect("insert", static _ => null);
        Assert.That(await MongoPlay.ErrorOf(play.Test.InsertOne(new { a = 1 })), Is.InstanceOf<ReplyLostException>());
        Assert.That(play.Names, Is.EqualTo("insert insert"));
    });

    [Test]
    public void A_greeting_that_fails_is_the_callers_error() => MongoPlay.Run(async play =>
    {
        play.Service.Fail("isMaster", 9999);
        Assert.That(await MongoPlay.ErrorOf(play.Test.InsertOne(new { a = 1 })), Is.TypeOf<MongoErrorException>().With.Property("Code").EqualTo(9999));
        Assert.That(play.EventNames, Is.EqualTo("CheckOutStarted ConnectionCreated ConnectionClosed CheckOutFailed PoolCleared PoolReady"));
        await play.Test.InsertOne(new { a = 1 });
    });

    [Test]
    public void A_server_that_is_too_old_is_refused() => MongoPlay.Run(
        async play => Assert.That(await MongoPlay.ErrorOf(play.Test.InsertOne(new { a = 1 })), Is.InstanceOf<ConnectionException>().With.Message.Contains("4.2")),
        service: new() { MaxWireVersion = 6 });

    [Test]
    public void Nobody_listens() => MongoPlay.Run(async play =>
    {
        await play.Service.Stop();
        Assert.That(await MongoPlay.ErrorOf(play.Test.Count()), Is.InstanceOf<ConnectionException>());
    });

    [TestCase(1, false)]
    [TestCase(0, true)]
    public void A_reply_to_something_else_ends_the_connection(int offset, bool isGood)
    {
        using var world = new World();
        var closed = 0;
        world.Starts(new TcpService(27018, connection =>
        {
            connection.Closed.Register(() => closed++);
            return connection.Decode(new MongoFraming()).Select(message => (ReadOnlyMemory<byte>)MongoCodecTests.Written(new()
            {
                ResponseTo = message.RequestId + (message.Body["isMaster"].IsNull ? offset : 0), Body = RawBson.Of(new BsonDocument { { "maxWireVersion", 9 }, { "n", 7 }, { "ok", 1 } }),
            }));
        }, hub: world.Hub));
        using var client = new MongoClient($"mongodb://{World.Here}:27018", hub: world.Hub);
        var count = world.Watch(client["db"].RunCommand("{ ping: 1 }"));
        world.Passes(1);
        Assert.That((count.Error is ProtocolException, count.Error is null, closed), Is.EqualTo((!isGood, isGood, isGood ? 0 : 1)));
    }

    [Test]
    public void A_client_that_is_closed_closes_its_connections() => MongoPlay.Run(async play =>
    {
        await play.Test.Count();
        play.Client.Dispose();
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(play.Service.ConnectionCount, Is.Zero);
        Assert.That(play.EventNames, Does.EndWith("PoolClosed").Or.EndWith("ConnectionClosed"));
        Assert.That(await MongoPlay.ErrorOf(play.Test.Count()), Is.TypeOf<ObjectDisposedException>());
    });

    [Test]
    public void An_observer_of_events_that_throws_harms_nobody() => MongoPlay.Run(async play =>
    {
        play.Client.Events.Subscribe(static _ => throw new InvalidOperationException("mine"));
        await play.Test.Count();
        Assert.That(play.World.Trouble, Is.EqualTo(nameof(InvalidOperationException)));
    });
}
