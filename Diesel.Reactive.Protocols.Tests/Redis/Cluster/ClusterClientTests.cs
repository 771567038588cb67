using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A client and a cluster in which nothing moves.</summary>
public class ClusterClientTests : ClusterFixture
{
    [Test]
    public void A_command_goes_to_who_has_the_slot_of_its_key()
    {
        foreach (var port in new[] { 7001, 7002, 7003 })
        {
            var key = Cluster.KeyAt(port);
            Assert.That(($"{World.Watch(Redis.Set(key, port))}", $"{World.Watch(Redis.Get(key))}", Cluster.Heard(port)), Is.EqualTo(("True |", $"{port} |", $"SET {key} {port}, GET {key}")));
        }

        Assert.That((Cluster.Asked, Redis.Counts.Queued), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Nothing_is_dialled_before_it_is_asked()
    {
        World.Passes(60);
        Assert.That(Cluster.Nodes.Values.Sum(node => node.Dials), Is.Zero);
    }

    [Test]
    public void An_old_cluster_is_understood()
    {
        using var world = new World();
        using var cluster = new ClusterFake(world) { IsOld = true };
        using var redis = cluster.Client();
        var key = cluster.KeyAt(7003);
        Assert.That(($"{world.Watch(redis.Set(key, 1))}", cluster.Heard(7003)), Is.EqualTo(("True |", $"SET {key} 1")));
    }

    [Test]
    public void One_of_the_servers_is_enough_to_begin_with()
    {
        Cluster.Rises(7101);
        Cluster.Dies(7001);
        var key = Cluster.KeyAt(7003);
        var set = World.Watch(Redis.Set(key, 1));
        World.Passes(1);
        Assert.That($"{set}", Is.EqualTo("True |"));
    }

    [Test]
    public void A_server_that_says_nothing_does_not_hold_up_the_beginning()
    {
        Cluster[7001].IsSilent = true;
        using var redis = Cluster.Client(new() { ConnectTimeout = TimeSpan.FromSeconds(2) });
        var set = World.Watch(redis.Set(Cluster.KeyAt(7002), 1));
        World.Passes(3);
        Assert.That($"{set}", Is.EqualTo("True |"));
    }

    [Test]
    public void Who_asks_again_when_told_that_it_is_of_no_use_is_told_again()
    {
        foreach (var node in Cluster.Nodes.Values)
        {
            node.Refuses = command => command.StartsWith("CLUSTER", StringComparison.Ordinal) ? "NOPERM this user has no permissions" : null;
        }

        var get = World.Watch(Redis.Get("k").Retry(3));
        World.Passes(2);
        Assert.That(($"{get}", Cluster.Asked), Is.EqualTo(("#RedisErrorException", 3 * 2)), "Both servers, three times.");
    }

    [Test]
    public void What_one_who_waits_throws_is_nobody_elses()
    {
        var second = new Story<Bytes?>();
        World.Do(() =>
        {
            Redis.Get("k").Subscribe(_ => throw new FormatException());
            Redis.Get("k").Subscribe(second);
        });
        World.Passes(1);
        Assert.That(($"{second}", World.Trouble), Is.EqualTo(("null |", "FormatException")));
    }

    [TestCase("it is not known who has what")]
    [TestCase("no slot is served")]
    [TestCase("no reply comes")]
    public void The_end_of_its_hub_is_told_to_who_waits_because(string why)
    {
        if (why != "it is not known who has what")
        {
            World.Watch(Redis.MGet(Cluster.KeyAt(7001), Cluster.KeyAt(7002), Cluster.KeyAt(7003)));
        }

        foreach (var node in Cluster.Nodes.Values)
        {
            node.IsSilent = why != "no slot is served";
        }

        Cluster.IsDown = true;
        var (get, several) = (World.Watch(Redis.Get("k")), World.Watch(Redis.MGet("a", "b", "c")));
        World.Passes(0.1);
        World.Hub.Dispose();
        Assert.That(new[] { get.Error, several.Error }, Has.All.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void That_there_is_none_is_told_in_time()
    {
        using var redis = new RedisClient("redis://10.0.0.1:1,10.0.0.1:2", new() { MaxReconnectTime = TimeSpan.FromSeconds(2) }, World.Hub);
        var (first, second) = (World.Watch(redis.Get("a")), World.Watch(redis.Batch(b => b.Get("a"))));
        World.Passes(4);
        Assert.That((first.Error, second.Error), Is.InstanceOf<(ConnectionException, ConnectionException)>().Or.Matches<(Exception, Exception)>(told => told.Item1 is ConnectionException && told.Item2 is ConnectionException));
        Assert.That($"{World.Watch(redis.Get("b"))}", Is.Empty);
    }

    [Test]
    public void A_server_that_is_no_clusters_says_so()
    {
        using var world = new World();
        using var server = new RedisFake(world);
        using var redis = new RedisClient("redis://10.0.0.1?cluster=true", hub: world.Hub);
        Assert.That(world.Watch(redis.Get("a")).Error, Is.InstanceOf<RedisErrorException>());
    }

    [Test]
    public void What_has_no_key_and_means_all_is_asked_of_all_primaries()
    {
        Fill(9);
        Assert.That(
            ($"{World.Watch(Redis.DbSize())}", World.Watch(Redis.Keys("*")).Last.Order().Select(key => $"{key}"), $"{World.Watch(Redis.ScriptFlush())}"),
            Is.EqualTo(("9 |", Cluster.Data.Keys.Order().Select(key => $"{key}"), "() |")));
        Assert.That(new[] { 7001, 7002, 7003, 7101 }.Select(port => Cluster[port].Heard.Count(command => command.StartsWith("SCRIPT", StringComparison.Ordinal))), Is.EqualTo(new[] { 1, 1, 1, 0 }));
    }

    [Test]
    public void What_has_no_key_and_means_one_is_asked_of_one()
    {
        Assert.That($"{World.Watch(Redis.Ping())}", Is.EqualTo("PONG |"));
        Assert.That(Cluster.Nodes.Values.Sum(node => node.Heard.Count(command => command == "PING")), Is.EqualTo(1));
    }

    [TestCase("news")]
    [TestCase("jobs")]
    public void What_is_published_on_a_channel_goes_by_one_server(string channel)
    {
        for (var i = 0; i < 6; i++)
        {
            World.Watch(Redis.Publish(channel, i));
        }

        Assert.That(Cluster.Nodes.Values.Select(node => node.Heard.Count(command => command.StartsWith("PUBLISH", StringComparison.Ordinal))).Order(), Is.EqualTo(new[] { 0, 0, 0, 0, 0, 6 }));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(50)]
    public void Gone_through_are_the_keys_of_all(int count)
    {
        Fill(count);
        var keys = World.Watch(Redis.Scan());
        Assert.That((keys.Values.Order().Select(key => $"{key}"), keys.IsCompleted), Is.EqualTo((Cluster.Data.Keys.Order().Select(key => $"{key}"), true)));
    }

    [Test]
    public void A_scan_begins_a_shard_anew_that_has_another_primary()
    {
        Fill(60);
        var keys = new List<Bytes>();
        var cursor = (Bytes)"0";
        for (var page = 0; page == 0 || cursor != "0"; page++)
        {
            var reply = World.Watch(Redis.Command("SCAN", cursor)).Last.ToItems();
            cursor = reply[0].ToBytes();
            keys.AddRange(reply[1].ToItems().Select(key => key.ToBytes()));
            if (page == 2)
            {
                Cluster.Rises(7101);
                Cluster.Dies(7001);
                World.Watch(Redis.Get(Cluster.KeyAt(7101)));
                World.Passes(1);
            }
        }

        Assert.That(keys.Distinct().Order().Select(key => $"{key}"), Is.EqualTo(Cluster.Data.Keys.Order().Select(key => $"{key}")));
    }

    [Test]
    public void A_script_is_given_to_each_server_that_has_it_not()
    {
        var script = Script.Of("return 1");
        foreach (var port in new[] { 7001, 7002 })
        {
            World.Watch(script.Run(Redis, [Cluster.KeyAt(port)]));
            Assert.That(Cluster[port].Heard.Select(command => command.Split(' ')[0]), Is.SupersetOf(new[] { "EVALSHA", "EVAL" }));
        }
    }

    [Test]
    public void A_lease_is_to_who_has_the_key()
    {
        var key = Cluster.KeyAt(7002);
        var got = World.Watch(Redis.Lease(async session => await session.Set(key, 1), key));
        Assert.That(($"{got}", Cluster.Heard(7002)), Is.EqualTo(("True |", $"PING, CLIENT ID, SET {key} 1")));
    }

    [Test]
    public void A_command_that_waits_does_so_at_who_has_the_key()
    {
        var key = Cluster.KeyAt(7003);
        Cluster[7003].Refuses = command => command.StartsWith("BLPOP", StringComparison.Ordinal) ? "ERR heard" : null;
        Assert.That(World.Watch(Redis.BLPop(TimeSpan.FromSeconds(1), key)).Error, Is.InstanceOf<RedisErrorException>().With.Message.EqualTo("ERR heard"));
        Assert.That(World.Watch(Redis.BLPop(TimeSpan.FromSeconds(1), key, Cluster.KeyAt(7001))).Error, Is.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("CROSSSLOT"));
    }

    [Test]
    public void Disposed_it_answers_nobody()
    {
        World.Watch(Redis.Get("a"));
        Redis.Dispose();
        Assert.That(($"{World.Watch(Redis.Get("a"))}", $"{World.Watch(Redis.MGet("a", "b", "c"))}"), Is.EqualTo(("#ObjectDisposedException", "#ObjectDisposedException")));
        World.Passes(1);
        Assert.That(Cluster.Nodes.Values.Sum(node => node.Sessions.Count), Is.Zero);
    }

    [Test]
    public void Disposed_before_it_knows_the_cluster_it_tells_those_who_wait()
    {
        Cluster[7001].IsSilent = true;
        var get = World.Watch(Redis.Get("a"));
        Redis.Dispose();
        World.Settle();
        Assert.That($"{get}", Is.EqualTo("#ObjectDisposedException"));
    }

    private void Fill(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Cluster.Data.Set($"key{i}", i);
        }
    }
}
