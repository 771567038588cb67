using System.Net;
using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>Routers of a sharded cluster, and a balancer.</summary>
public class MongoRoutersTests
{
    [Test]
    public void Calls_are_spread_over_routers() => Run(async (client, heard, _) =>
    {
        for (var i = 0; i < 40; i++)
        {
            await client["db"]["test"].InsertOne(new { i });
        }

        Assert.That(heard.Select(static each => each.Router).Distinct().Count(), Is.EqualTo(2));
        Assert.That((await client.Topology.FirstAsync()).Kind, Is.EqualTo(MongoTopologyKind.Sharded));
    });

    [Test]
    public void What_has_failed_with_one_router_is_sent_to_the_other() => Run(async (client, heard, routers) =>
    {
        await client["db"]["test"].Count();
        for (var i = 0; i < 10; i++)
        {
            heard.Clear();
            routers[0].Fail("insert", 6, "RetryableWriteError");
            await client["db"]["test"].InsertOne(new { i });
            if (heard[0].Router == 0)
            {
                break;
            }
        }

        Assert.That(heard.Select(static each => each.Router), Is.EqualTo(new[] { 0, 1 }));
    });

    [Test]
    public void A_router_is_told_among_which_to_choose() => Run(async (client, heard, _) =>
    {
        await client["db"]["test"].With(static o => o with { ReadPreference = new(ReadMode.Secondary, MaxStaleness: TimeSpan.FromSeconds(120)) }).Count();
        Assert.That(heard[0].Command["$readPreference"], Is.EqualTo(BsonDocument.Parse("{ mode: 'secondary', maxStalenessSeconds: NumberLong(120) }")));
        await client["db"]["test"].Count();
        Assert.That(heard[1].Command.Contains("$readPreference"), Is.False);
    });

    [Test]
    public void A_transaction_stays_with_its_router() => Run(async (client, heard, routers) =>
    {
        await client["db"]["test"].Count();
        heard.Clear();
        await client.WithTransaction(async session =>
        {
            for (var i = 0; i < 10; i++)
            {
                await session["db"]["test"].InsertOne(new { i });
            }

            return 0;
        });
        Assert.That(heard.Select(static each => each.Router).Distinct().Count(), Is.EqualTo(1));
        Assert.That(heard, Has.Count.EqualTo(11));
    });

    [Test]
    public void A_transaction_tells_its_end_where_it_was() => Run(async (client, heard, routers) =>
    {
        foreach (var router in routers)
        {
            router.Expect("insert", static _ => new() { { "n", 1 }, { "ok", 1 }, { "recoveryToken", new BsonDocument("shard", "a") } });
            router.Expect("commitTransaction", static _ => new() { { "ok", 1 } });
        }

        await client.WithTransaction(async session => await session["db"]["test"].InsertOne(new { a = 1 }));
        Assert.That(heard[^1].Command["recoveryToken"]["shard"].AsString, Is.EqualTo("a"));
    });

    [Test]
    public void A_balancer_is_not_asked_how_it_is() => MongoPlay.Run(
        async play =>
        {
            play.Service.Say(new BsonDocument("serviceId", ObjectId.GenerateNewId()));
            await play.Test.InsertOne(new { a = 1 });
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(30));
            Assert.That((play.Service.ConnectionCount, play.Heard.Count(static each => each.GetElement(0).Name == "hello"), play.Heard[0]["loadBalanced"].AsBoolean), Is.EqualTo((1, 1, true)));
        },
        "/?loadBalanced=true");

    [Test]
    public void Behind_a_balancer_only_the_connections_of_one_are_given_up() => MongoPlay.Run(
        async play =>
        {
            var (one, other) = (ObjectId.GenerateNewId(), ObjectId.GenerateNewId());
            play.Service.Say(new BsonDocument("serviceId", one));
            await play.Test.Count();
            play.Service.Say(new BsonDocument("serviceId", other));
            await Awaitable.All(play.Test.Count(), play.Test.Count(), play.Test.Count());
            var before = play.Open;
            play.Service.Expect("insert", static _ => null);
            await MongoPlay.ErrorOf(play.Test.With(static o => o with { RetryWrites = false }).InsertOne(new { a = 1 }));
            await Awaitable.All(play.Test.Count(), play.Test.Count(), play.Test.Count());
            Assert.That(play.Events.OfType<MongoPoolCleared>().Count(), Is.EqualTo(1));
            Assert.That(before, Is.GreaterThan(1));
        },
        "/?loadBalanced=true");

    [Test]
    public void One_that_stands_behind_no_balancer_is_refused() => MongoPlay.Run(
        async play => Assert.That(await MongoPlay.ErrorOf(play.Test.With(static o => o with { Timeout = TimeSpan.FromSeconds(1) }).InsertOne(new { a = 1 })), Is.InstanceOf<ConnectionException>().Or.InstanceOf<TimeoutException>()),
        "/?loadBalanced=true");

    private static void Run(Func<MongoClient, List<(int Router, BsonDocument Command)>, MongoService[], Task> test)
    {
        using var world = new World();
        var heard = new List<(int, BsonDocument)>();
        MongoService[] routers = [.. Enumerable.Range(0, 2).Select(number =>
        {
            var router = world.Starts(new MongoService(new IPEndPoint(World.Here, 27017 + number), null, world.Hub));
            world.Do(() => router.Say(new BsonDocument("msg", "isdbgrid")));
            router.Commands.Where(static each => each.GetElement(0).Name is not ("isMaster" or "hello" or "endSessions")).Subscribe(each => heard.Add((number, each)));
            return router;
        })];
        world.Play(async () =>
        {
            using (var client = new MongoClient($"mongodb://{World.Here}:27017,{World.Here}:27018", hub: world.Hub))
            {
                // Both are known before anything is asked.
                await client["db"]["test"].Count();
                await world.Hub.Sleep(TimeSpan.FromSeconds(1));
                heard.Clear();
                await test(client, heard, routers);
            }

            await Awaitable.All(routers.Select(static router => router.Stop()));
        });
    }
}
