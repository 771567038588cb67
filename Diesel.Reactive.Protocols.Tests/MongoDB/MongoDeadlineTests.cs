using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>One time limit for all of a call, which names what it waited for; the connections of others are not given up for it.</summary>
public class MongoDeadlineTests
{
    [Test]
    public void A_reply_that_does_not_come() => Late(
        static world => Silent(world, answersGreeting: true), "", "the reply");

    [Test]
    public void A_greeting_that_is_not_answered() => Late(static world => Silent(world, answersGreeting: false), "", "the greeting");

    [Test]
    public void The_wait_for_a_connection_gives_up_nothing()
    {
        using var world = new World();
        var requests = Silent(world, answersGreeting: true);
        using var client = new MongoClient($"mongodb://{World.Here}/?maxPoolSize=1&timeoutMS=0", hub: world.Hub);
        var events = world.Watch(client.Events);
        var holds = world.Watch(client["db"].RunCommand("{ ping: 1 }"));
        var waits = world.Watch(client.With(static o => o with { Timeout = TimeSpan.FromSeconds(1) })["db"].RunCommand("{ ping: 2 }"));
        world.Passes(0.95);
        Assert.That(waits.Error, Is.Null);
        world.Passes(0.1);
        Assert.That(waits.Error, Is.TypeOf<TimeoutException>().With.Message.Contains("a connection that others use"));
        Assert.That(events.Values.OfType<MongoPoolCleared>(), Is.Empty);
        Assert.That((holds.Error, requests.Count), Is.EqualTo(((Exception?)null, 1)));
    }

    [Test]
    public void A_call_that_was_late_closes_its_connection_and_the_next_one_works() => MongoPlay.Run(async play =>
    {
        await play.Test.Count();
        var limit = play.Test.With(static o => o with { Timeout = TimeSpan.FromTicks(1) });
        Assert.That(await MongoPlay.ErrorOf(limit.Count()), Is.TypeOf<TimeoutException>());
        Assert.That(await play.Test.Count(), Is.Zero);
        Assert.That(play.EventNames, Does.Not.Contain("PoolCleared"));
    });

    [Test]
    public void Who_leaves_in_the_middle_closes_the_connection()
    {
        using var world = new World();
        var requests = Silent(world, answersGreeting: true);
        using var client = new MongoClient($"mongodb://{World.Here}", hub: world.Hub);
        var events = world.Watch(client.Events);
        world.Watch(client["db"].RunCommand("{ ping: 1 }")).Subscription!.Dispose();
        world.Passes(0.1);
        var call = world.Watch(client["db"].RunCommand("{ ping: 1 }"));
        world.Passes(0.1);
        call.Subscription!.Dispose();
        world.Passes(0.1);
        Assert.That(events.Values.OfType<MongoConnectionClosed>().Select(static each => each.Reason), Has.Some.EqualTo("error"));
        Assert.That((client.Counts.Lent, client.Counts.Idle <= 1), Is.EqualTo((0, true)));
        Assert.That(requests, Is.Not.Empty);
    }

    private static void Late(Func<World, List<string>> server, string more, string stage)
    {
        using var world = new World();
        server(world);
        using var client = new MongoClient($"mongodb://{World.Here}/?timeoutMS=2000{more}", hub: world.Hub);
        var events = world.Watch(client.Events);
        var call = world.Watch(client["db"].RunCommand("{ ping: 1 }"));
        world.Passes(1.95);
        Assert.That(call.Error, Is.Null);
        world.Passes(0.1);
        Assert.That(call.Error, Is.TypeOf<TimeoutException>().With.Message.Contains(stage).And.Message.Contains("ping"));
        Assert.That(events.Values.OfType<MongoPoolCleared>(), Is.Empty);
    }

    // Answers greetings, or nothing.
    private static List<string> Silent(World world, bool answersGreeting)
    {
        var requests = new List<string>();
        world.Starts(new TcpService(27017, connection => connection.Decode(new MongoFraming()).Where(message =>
        {
            var isGreeting = !message.Body["isMaster"].IsNull;
            if (!isGreeting)
            {
                requests.Add(message.Body.ToString());
            }

            return isGreeting && answersGreeting;
        }).Select(static message => (ReadOnlyMemory<byte>)MongoCodecTests.Written(new()
        {
            ResponseTo = message.RequestId, Body = RawBson.Of(new BsonDocument { { "maxWireVersion", 9 }, { "ok", 1 } }),
        })), hub: world.Hub));
        return requests;
    }
}
