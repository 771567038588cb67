using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Commands with keys of several servers.</summary>
public class ClusterSplitTests : ClusterFixture
{
    private string[] _keys = null!;

    [SetUp]
    public void SetUp()
    {
        _keys = [.. Enumerable.Range(0, 30).Select(i => $"key{i}")];
    }

    [Test]
    public void Many_are_read_as_each_of_them()
    {
        Fill(skip: 3);
        Bytes[] asked = [.. _keys.Select(key => (Bytes)key), "key1", "none"];
        var all = World.Watch(Redis.MGet(asked)).Last;
        Assert.That(all, Is.EqualTo(asked.Select(key => Cluster.Data.Get(key))));
    }

    [Test]
    public void Those_of_a_server_leave_in_one_write()
    {
        World.Watch(Redis.MGet([.. _keys.Select(key => (Bytes)key)]));
        var before = World.Network.Trace.Entries.Count;
        World.Watch(Redis.MGet([.. _keys.Select(key => (Bytes)key)]));
        var sent = World.Network.Trace.Entries.Skip(before).Where(entry => entry.Kind == Testing.TraceKind.Sent).ToArray();
        Assert.That(sent.Count(entry => entry.Bytes.ToText().StartsWith('*') && entry.Bytes.ToText().Contains("MGET", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test]
    public void Many_are_written_deleted_and_counted()
    {
        World.Watch(Redis.MSet([.. _keys.Select(key => ((Bytes)key, (Bytes)$"v{key}"))]));
        Assert.That(Cluster.Data.Get("key7"), Is.EqualTo((Bytes?)"vkey7"));
        Bytes[] some = ["key1", "key2", "key3", "none"];
        Assert.That(
            ($"{World.Watch(Redis.Exists(some))}", $"{World.Watch(Redis.Del(some))}", $"{World.Watch(Redis.Exists(some))}", Cluster.Data.Keys.Count()),
            Is.EqualTo(("3 |", "3 |", "0 |", 27)));
    }

    [Test]
    public void The_error_of_one_is_the_error_of_all()
    {
        Fill();
        Cluster[7002].Refuses = command => command.StartsWith("MGET", StringComparison.Ordinal) ? "NOPERM no" : null;
        Assert.That(World.Watch(Redis.MGet([.. _keys.Select(key => (Bytes)key)])).Error, Is.InstanceOf<RedisErrorException>().With.Message.EqualTo("NOPERM no"));
    }

    [Test]
    public void A_write_in_parts_can_be_refused()
    {
        using var redis = Cluster.Client(new() { Cluster = new() { SplitsMSet = false } });
        var set = World.Watch(redis.MSet([.. _keys.Select(key => ((Bytes)key, (Bytes)"v"))]));
        Assert.That(set.Error, Is.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("CROSSSLOT"));
        Assert.That(Cluster.Data.Keys, Is.Empty);
    }

    [Test]
    public void A_key_without_a_value_is_not_left_out()
    {
        var set = World.Watch(Redis.Command("MSET", "key1", "v", "key2"));
        Assert.That((set.Error is RedisErrorException, Cluster.Data.Keys.Count()), Is.EqualTo((true, 0)));
    }

    [Test]
    public void What_cannot_be_split_is_refused_here()
    {
        World.Watch(Redis.Get("a"));
        var before = Cluster.Nodes.Values.Sum(node => node.Heard.Count);
        var (union, script, transaction) = (
            World.Watch(Redis.SUnion("a", "b")), World.Watch(Redis.Eval("return 1", ["a", "b"])), World.Watch(Redis.Transaction(t => (t.Incr("a"), t.Incr("b")))));
        Assert.That(
            new[] { union.Error, script.Error, transaction.Error },
            Has.All.InstanceOf<RedisErrorException>().And.All.Message.StartsWith("CROSSSLOT").And.All.Message.Contains("{user:7}"));
        Assert.That(Cluster.Nodes.Values.Sum(node => node.Heard.Count), Is.EqualTo(before));
    }

    [Test]
    public void A_transaction_of_one_slot_is_one()
    {
        var got = World.Watch(Redis.Transaction(t => (t.Set("{a}x", 1), t.Incr("{a}x"), t.Ping())));
        Assert.That(($"{got.Last.Item2}", Cluster.Heard(Cluster.Owner[ClusterFake.SlotOf("a")])), Is.EqualTo(("2", "MULTI, SET {a}x 1, INCR {a}x, PING, EXEC")));
    }

    [Test]
    public void A_batch_goes_where_its_keys_are()
    {
        Fill();
        var got = World.Watch(Redis.Batch(b => _keys.Select(key => b.Get(key))));
        Assert.That(got.Last, Is.EqualTo(_keys.Select(key => Cluster.Data.Get(key))));
    }

    [Test]
    public void Nothing_overtakes_a_batch()
    {
        World.Watch(Redis.Ping());
        var (set, get, deleted) = (new Story<bool>(), new Story<Bytes?>(), new Story<long>());
        World.Do(() =>
        {
            Redis.Batch(b => b.Set("key1", "v")).Subscribe(set);
            Redis.Get("key1").Subscribe(get);
            Redis.Del("key1", "key2").Subscribe(deleted);
        });
        Assert.That(($"{set}", $"{get}", $"{deleted}", $"{World.Watch(Redis.Get("key1"))}"), Is.EqualTo(("True |", "v |", "1 |", "null |")));
    }

    [Test]
    public void A_batch_may_have_all_kinds()
    {
        Fill();
        var got = World.Watch(Redis.Batch(b => (b.DbSize(), b.MGet("key1", "key2", "key3"), b.Incr("n"))));
        Assert.That((got.Last.Item1, got.Last.Item2.Select(value => $"{value}"), got.Last.Item3), Is.EqualTo((30L, new[] { "1", "2", "3" }, 1L)));
    }

    [Test]
    public void The_first_of_a_batch_that_is_refused_is_its_error()
    {
        World.Watch(Redis.Set("key1", "x"));
        var got = World.Watch(Redis.Batch(b => (b.Get("key2"), b.Incr("key1"), b.SUnion("a", "b"))));
        Assert.That(got.Error, Is.InstanceOf<RedisBatchException>().With.Property("Index").EqualTo(1));
    }

    [Test]
    public void Who_leaves_is_told_nothing_more()
    {
        Fill();
        World.Watch(Redis.Get("a"));
        Cluster[7002].IsSilent = true;
        var got = World.Watch(Redis.MGet([.. _keys.Select(key => (Bytes)key)]));
        World.Do(() => got.Subscription!.Dispose());
        World.Passes(10);
        Assert.That(($"{got}", World.Trouble), Is.EqualTo(("", "")));
    }

    private void Fill(int skip = 0)
    {
        foreach (var key in _keys.Skip(skip))
        {
            Cluster.Data.Set(key, key[3..]);
        }
    }
}
