using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Commands with keys of several servers.</summary>
public class ClusterSplitTests
{
    private World _world = null!;
    private ClusterFake _cluster = null!;
    private RedisClient _redis = null!;
    private string[] _keys = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _cluster = new ClusterFake(_world);
        _redis = _cluster.Client();
        _keys = [.. Enumerable.Range(0, 30).Select(i => $"key{i}")];
    }

    [TearDown]
    public void TearDown()
    {
        _redis.Dispose();
        _cluster.Dispose();
        _world.Dispose();
    }

    [Test]
    public void Many_are_read_as_each_of_them()
    {
        Fill(skip: 3);
        Bytes[] asked = [.. _keys.Select(key => (Bytes)key), "key1", "none"];
        var all = _world.Watch(_redis.MGet(asked)).Last;
        Assert.That(all, Is.EqualTo(asked.Select(key => _cluster.Data.Get(key))));
    }

    [Test]
    public void Those_of_a_server_leave_in_one_write()
    {
        _world.Watch(_redis.MGet([.. _keys.Select(key => (Bytes)key)]));
        var before = _world.Network.Trace.Entries.Count;
        _world.Watch(_redis.MGet([.. _keys.Select(key => (Bytes)key)]));
        var sent = _world.Network.Trace.Entries.Skip(before).Where(entry => entry.Kind == Testing.TraceKind.Sent).ToArray();
        Assert.That(sent.Count(entry => entry.Bytes.ToText().StartsWith('*') && entry.Bytes.ToText().Contains("MGET", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test]
    public void Many_are_written_deleted_and_counted()
    {
        _world.Watch(_redis.MSet([.. _keys.Select(key => ((Bytes)key, (Bytes)$"v{key}"))]));
        Assert.That(_cluster.Data.Get("key7"), Is.EqualTo((Bytes?)"vkey7"));
        Bytes[] some = ["key1", "key2", "key3", "none"];
        Assert.That(
            ($"{_world.Watch(_redis.Exists(some))}", $"{_world.Watch(_redis.Del(some))}", $"{_world.Watch(_redis.Exists(some))}", _cluster.Data.Keys.Count()),
            Is.EqualTo(("3 |", "3 |", "0 |", 27)));
    }

    [Test]
    public void The_error_of_one_is_the_error_of_all()
    {
        Fill();
        _cluster[7002].Refuses = command => command.StartsWith("MGET", StringComparison.Ordinal) ? "NOPERM no" : null;
        Assert.That(_world.Watch(_redis.MGet([.. _keys.Select(key => (Bytes)key)])).Error, Is.InstanceOf<RedisErrorException>().With.Message.EqualTo("NOPERM no"));
    }

    [Test]
    public void A_write_in_parts_can_be_refused()
    {
        using var redis = _cluster.Client(new() { Cluster = new() { SplitsMSet = false } });
        var set = _world.Watch(redis.MSet([.. _keys.Select(key => ((Bytes)key, (Bytes)"v"))]));
        Assert.That(set.Error, Is.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("CROSSSLOT"));
        Assert.That(_cluster.Data.Keys, Is.Empty);
    }

    [Test]
    public void What_cannot_be_split_is_refused_here()
    {
        _world.Watch(_redis.Get("a"));
        var before = _cluster.Nodes.Values.Sum(node => node.Heard.Count);
        var (union, script, transaction) = (
            _world.Watch(_redis.SUnion("a", "b")), _world.Watch(_redis.Eval("return 1", ["a", "b"])), _world.Watch(_redis.Transaction(t => (t.Incr("a"), t.Incr("b")))));
        Assert.That(
            new[] { union.Error, script.Error, transaction.Error },
            Has.All.InstanceOf<RedisErrorException>().And.All.Message.StartsWith("CROSSSLOT").And.All.Message.Contains("{user:7}"));
        Assert.That(_cluster.Nodes.Values.Sum(node => node.Heard.Count), Is.EqualTo(before));
    }

    [Test]
    public void A_transaction_of_one_slot_is_one()
    {
        var got = _world.Watch(_redis.Transaction(t => (t.Set("{a}x", 1), t.Incr("{a}x"), t.Ping())));
        Assert.That(($"{got.Last.Item2}", _cluster.Heard(_cluster.Owner[ClusterFake.SlotOf("a")])), Is.EqualTo(("2", "MULTI, SET {a}x 1, INCR {a}x, PING, EXEC")));
    }

    [Test]
    public void A_batch_goes_where_its_keys_are()
    {
        Fill();
        var got = _world.Watch(_redis.Batch(b => _keys.Select(key => b.Get(key))));
        Assert.That(got.Last, Is.EqualTo(_keys.Select(key => _cluster.Data.Get(key))));
    }

    [Test]
    public void Nothing_overtakes_a_batch()
    {
        _world.Watch(_redis.Ping());
        var (set, get, deleted) = (new Story<bool>(), new Story<Bytes?>(), new Story<long>());
        _world.Do(() =>
        {
            _redis.Batch(b => b.Set("key1", "v")).Subscribe(set);
            _redis.Get("key1").Subscribe(get);
            _redis.Del("key1", "key2").Subscribe(deleted);
        });
        Assert.That(($"{set}", $"{get}", $"{deleted}", $"{_world.Watch(_redis.Get("key1"))}"), Is.EqualTo(("True |", "v |", "1 |", "null |")));
    }

    [Test]
    public void A_batch_may_have_all_kinds()
    {
        Fill();
        var got = _world.Watch(_redis.Batch(b => (b.DbSize(), b.MGet("key1", "key2", "key3"), b.Incr("n"))));
        Assert.That((got.Last.Item1, got.Last.Item2.Select(value => $"{value}"), got.Last.Item3), Is.EqualTo((30L, new[] { "1", "2", "3" }, 1L)));
    }

    [Test]
    public void The_first_of_a_batch_that_is_refused_is_its_error()
    {
        _world.Watch(_redis.Set("key1", "x"));
        var got = _world.Watch(_redis.Batch(b => (b.Get("key2"), b.Incr("key1"), b.SUnion("a", "b"))));
        Assert.That(got.Error, Is.InstanceOf<RedisBatchException>().With.Property("Index").EqualTo(1));
    }

    [Test]
    public void Who_leaves_is_told_nothing_more()
    {
        Fill();
        _world.Watch(_redis.Get("a"));
        _cluster[7002].IsSilent = true;
        var got = _world.Watch(_redis.MGet([.. _keys.Select(key => (Bytes)key)]));
        _world.Do(() => got.Subscription!.Dispose());
        _world.Passes(10);
        Assert.That(($"{got}", _world.Trouble), Is.EqualTo(("", "")));
    }

    private void Fill(int skip = 0)
    {
        foreach (var key in _keys.Skip(skip))
        {
            _cluster.Data.Set(key, key[3..]);
        }
    }
}
