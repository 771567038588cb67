using Diesel.Reactive.Protocols.MongoDB;

namespace Diesel.Reactive.Tests;

/// <summary>Three servers that are a replica set: who is asked, and what happens when another one becomes primary.</summary>
public class MongoReplicaSetTests
{
    [Test]
    public void Writes_go_to_the_primary() => MongoSetPlay.Run(async play =>
    {
        await play.Test.InsertOne(new { a = 1 });
        Assert.That(play.Names, Is.EqualTo("0:insert"));
        play.Set.Elect(play.Set.Members[2]);
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        await play.Test.InsertOne(new { a = 2 });
        Assert.That(play.Names, Is.EqualTo("0:insert 2:insert"));
    });

    [Test]
    public void Reads_go_where_they_are_to_go() => MongoSetPlay.Run(async play =>
    {
        await play.Test.InsertOne(new { a = 1 });
        play.Heard.Clear();
        for (var i = 0; i < 20; i++)
        {
            await play.Test.With(static o => o with { ReadPreference = new(ReadMode.Secondary) }).Count();
        }

        Assert.That(play.Heard.Select(static each => each.Member).Distinct().Order(), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(play.Heard[0].Command["$readPreference"]["mode"].AsString, Is.EqualTo("secondary"));
    });

    [Test]
    public void What_has_changed_is_known_at_once() => MongoSetPlay.Run(async play =>
    {
        await play.Test.Count();
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(3));
        var began = play.World.Now;
        play.Set.Elect(play.Set.Members[1]);
        await play.World.Hub.Sleep(TimeSpan.FromMilliseconds(100));
        var topology = await play.Client.Topology.FirstAsync();
        Assert.That((topology.Kind, topology.Servers.Single(static each => each.Kind == MongoServerKind.Primary).Server.ToString()!.EndsWith("27018", StringComparison.Ordinal)),
            Is.EqualTo((MongoTopologyKind.ReplicaSetWithPrimary, true)));
    });

    [TestCase("", 1.0)]
    [TestCase("&serverMonitoringMode=poll&heartbeatFrequencyMS=2000", 2.2)]
    public void Without_a_primary_a_call_waits_for_the_next(string more, double most) => MongoSetPlay.Run(
        async play =>
        {
            await play.Test.Count();
            play.Set.Elect(null);
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(5));
            var insert = play.Test.InsertOne(new { a = 1 }).AsTask();
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
            Assert.That(insert.IsCompleted, Is.False);
            var began = play.World.Now;
            play.Set.Elect(play.Set.Members[1]);
            await insert;
            Assert.That(play.World.Now - began, Is.LessThan(most));
        },
        more);

    [Test]
    public void A_primary_steps_down_under_load() => MongoSetPlay.Run(async play =>
    {
        play.World.Network.Conditions = new() { Latency = TimeSpan.FromMilliseconds(5) };
        await play.Test.Count();
        play.Heard.Clear();
        var writers = Enumerable.Range(0, 200).Select(async writer =>
        {
            for (var i = 0; i < 20; i++)
            {
                await play.Test.InsertOne(new { _id = (writer * 100) + i });
                await play.World.Hub.Sleep(TimeSpan.FromMilliseconds(10));
            }
        }).ToArray();
        await play.World.Hub.Sleep(TimeSpan.FromMilliseconds(97));
        play.Set.Elect(play.Set.Members[1]);
        await Task.WhenAll(writers);
        Assert.That(await play.Test.Count(), Is.EqualTo(4000));
        var sent = play.Heard.Where(static each => each.Command.GetElement(0).Name == "insert").GroupBy(static each => each.Command["documents"].AsBsonArray[0]["_id"].AsInt32).ToArray();
        Assert.That(sent, Has.Length.EqualTo(4000));
        Assert.That(sent.Max(static each => each.Count()), Is.EqualTo(2), "retried once");
        Assert.That(sent.Where(static each => each.Count() > 1).All(static each => each.Select(static one => one.Command["txnNumber"]).Distinct().Count() == 1), "by the same number");
        Assert.That(play.Heard.First(static each => each is { Member: 1 } && each.Command.GetElement(0).Name == "insert").Command, Is.Not.Null);
    });

    [Test]
    public void A_member_that_is_lost_is_left_out() => MongoSetPlay.Run(async play =>
    {
        await play.Test.Count();
        await play.Set.Members[1].Stop();
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 10; i++)
        {
            await play.Test.With(static o => o with { ReadPreference = new(ReadMode.Secondary) }).Count();
        }

        Assert.That(play.Heard.Skip(1).Select(static each => each.Member).Distinct(), Is.EqualTo(new[] { 2 }));
    });

    [Test]
    public void A_primary_that_is_lost_is_an_error_that_says_so() => MongoSetPlay.Run(
        async play =>
        {
            await play.Test.Count();
            play.Set.Elect(null);
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
            var began = play.World.Now;
            Assert.That(await MongoPlay.ErrorOf(play.Test.InsertOne(new { a = 1 })), Is.TypeOf<TimeoutException>().With.Message.Contains("one that is written to").And.Message.Contains("ReplicaSetNoPrimary"));
            Assert.That(play.World.Now - began, Is.EqualTo(2).Within(0.05));
        },
        "&timeoutMS=2000");

    [Test]
    public void A_wrong_name_finds_nobody()
    {
        using var play = new MongoSetPlay();
        play.World.Play(async () =>
        {
            using (play)
            {
                using var client = new MongoClient($"mongodb://{World.Here}:27017/?replicaSet=other&timeoutMS=1000", hub: play.World.Hub);
                Assert.That(await MongoPlay.ErrorOf(client["db"]["test"].Count()), Is.TypeOf<TimeoutException>());
            }
        });
    }

    [Test]
    public void One_member_is_talked_to_by_itself()
    {
        using var play = new MongoSetPlay();
        play.World.Play(async () =>
        {
            using (play)
            {
                using var client = new MongoClient($"mongodb://{World.Here}:27018/?directConnection=true", hub: play.World.Hub);
                Assert.That(await client["db"]["test"].Count(), Is.Zero);
                Assert.That((play.Names, play.Heard[0].Command["$readPreference"]["mode"].AsString), Is.EqualTo(("1:aggregate", "primaryPreferred")));
                Assert.That(await MongoPlay.ErrorOf(client["db"]["test"].InsertOne(new { a = 1 })), Is.TypeOf<MongoErrorException>().With.Property("Code").EqualTo(10107));
            }
        });
    }

    [Test]
    public void Each_server_is_asked_every_ten_seconds() => MongoSetPlay.Run(
        async play =>
        {
            await play.Test.Count();
            play.Events.Clear();
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(60.5));
            Assert.That(play.Events.OfType<MongoHeartbeat>().GroupBy(static each => each.Server.ToString()).Select(static each => each.Count()), Is.EqualTo(new[] { 6, 6, 6 }));
            Assert.That(play.Events.OfType<MongoTopologyChanged>(), Is.Empty);
        },
        "&serverMonitoringMode=poll");

    [Test]
    public void Nothing_is_dialled_before_the_first_call() => MongoSetPlay.Run(async play =>
    {
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(30));
        Assert.That(play.Set.Members.Sum(static each => each.ConnectionCount), Is.Zero);
    });

    [Test]
    public void A_client_that_is_disposed_leaves_nothing() => MongoSetPlay.Run(async play =>
    {
        await play.Test.InsertOne(new { a = 1 });
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(15));
        play.Client.Dispose();
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(play.Set.Members.Sum(static each => each.ConnectionCount), Is.Zero);
    });
}
