using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Reads from replicas.</summary>
public class ClusterReplicaTests
{
    private World _world = null!;
    private ClusterFake _cluster = null!;
    private string _key = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _cluster = new ClusterFake(_world);
        _key = _cluster.KeyAt(7001);
        _cluster.PrimaryOf[7102] = 7001;
    }

    [TearDown]
    public void TearDown()
    {
        _cluster.Dispose();
        _world.Dispose();
    }

    [Test]
    public void Replicas_are_read_from_in_turn()
    {
        using var redis = _cluster.Client(new() { ReadFrom = ReadFrom.Replicas });
        for (var i = 0; i < 4; i++)
        {
            Assert.That($"{_world.Watch(redis.Get(_key))}", Is.EqualTo("null |"));
        }

        Assert.That((_cluster.Heard(7101), _cluster.Heard(7102), _cluster.Heard(7001)), Is.EqualTo(($"READONLY, GET {_key}, GET {_key}", $"READONLY, GET {_key}, GET {_key}", "")));
    }

    [Test]
    public void What_may_change_something_goes_to_the_primary()
    {
        using var redis = _cluster.Client(new() { ReadFrom = ReadFrom.Replicas });
        _world.Watch(redis.Set(_key, 1));
        _world.Watch(redis.Repeatable().Incr(_key));
        _world.Watch(redis.Transaction(t => t.Get(_key)));
        Assert.That(_cluster.Heard(7001), Is.EqualTo($"SET {_key} 1, INCR {_key}, MULTI, GET {_key}, EXEC"));
    }

    [Test]
    public void A_replica_that_is_gone_is_left_out()
    {
        using var redis = _cluster.Client(new() { ReadFrom = ReadFrom.Replicas });
        _world.Watch(redis.Get(_key));
        _cluster.Dies(7101);
        _cluster.Dies(7102);
        for (var i = 0; i < 10; i++)
        {
            var get = _world.Watch(redis.Get(_key));
            _world.Passes(0.5);
            Assert.That($"{get}", Is.EqualTo("null |"));
        }
    }

    [Test]
    public void A_replica_that_is_new_is_found_in_a_while()
    {
        _cluster.PrimaryOf.Remove(7102);
        using var redis = _cluster.Client(new() { ReadFrom = ReadFrom.Replicas });
        _world.Watch(redis.Get(_key));
        _cluster.PrimaryOf[7102] = 7001;
        _world.Passes(11);
        for (var i = 0; i < 3; i++)
        {
            _world.Watch(redis.Get(_key));
            _world.Passes(0.1);
        }

        Assert.That(_cluster.Heard(7102), Does.Contain($"GET {_key}"));
    }

    [Test]
    public void A_split_read_is_spread_over_replicas()
    {
        using var redis = _cluster.Client(new() { ReadFrom = ReadFrom.Replicas });
        var got = _world.Watch(redis.MGet(_key, _cluster.KeyAt(7003)));
        Assert.That((got.Last.Count, _cluster.Heard(7001), _cluster.Heard(7103)), Is.EqualTo((2, "", $"READONLY, MGET {_cluster.KeyAt(7003)}")));
    }

    [Test]
    public void A_replica_that_is_not_ready_sends_to_the_primary()
    {
        using var redis = _cluster.Client(new() { ReadFrom = ReadFrom.Replicas });
        foreach (var port in new[] { 7101, 7102 })
        {
            _cluster[port].Refuses = command => command.StartsWith("GET", StringComparison.Ordinal) ? "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'." : null;
        }

        var get = _world.Watch(redis.Get(_key));
        Assert.That(($"{get}", _cluster.Heard(7001)), Is.EqualTo(("null |", $"GET {_key}")));
    }

    [Test]
    public void The_nearest_is_read_from()
    {
        using var redis = _cluster.Client(new() { ReadFrom = ReadFrom.Nearest });
        _world.Watch(redis.Get(_key));
        _world.Passes(1);
        foreach (var (port, milliseconds) in new[] { (7001, 30), (7101, 20), (7102, 10) })
        {
            Delay(_cluster[port], TimeSpan.FromMilliseconds(milliseconds));
        }

        // They are measured once more when that was long ago.
        _world.Passes(11);
        _world.Watch(redis.Get(_key));
        _world.Passes(1);
        var before = _cluster[7102].Heard.Count(command => command == $"GET {_key}");
        for (var i = 0; i < 5; i++)
        {
            _world.Watch(redis.Get(_key));
            _world.Passes(0.1);
        }

        Assert.That(_cluster[7102].Heard.Count(command => command == $"GET {_key}") - before, Is.EqualTo(5));
    }

    [Test]
    public void A_primary_that_is_gone_is_left_out_though_it_was_the_nearest()
    {
        using var redis = _cluster.Client(new() { ReadFrom = ReadFrom.Nearest });
        Delay(_cluster[7101], TimeSpan.FromMilliseconds(20));
        Delay(_cluster[7102], TimeSpan.FromMilliseconds(20));
        _world.Watch(redis.Get(_key));
        _world.Passes(1);
        _cluster.Dies(7001);
        for (var i = 0; i < 10; i++)
        {
            var get = _world.Watch(redis.Get(_key));
            _world.Passes(0.3);
            Assert.That($"{get}", Is.EqualTo("null |"));
        }
    }

    // It is slow to answer.
    private void Delay(RedisFake node, TimeSpan by) => node.Answers = Slowly(node.Answers!, by);

    private Func<RedisFakeSession, Bytes[], RespValue?> Slowly(Func<RedisFakeSession, Bytes[], RespValue?> answers, TimeSpan by) => (session, words) =>
    {
        var reply = answers(session, words) ?? (words[0] == "PING" ? Resp.Simple("PONG") : Resp.Null);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        RespCodec.Write(output, reply, RespVersion.Resp3);
        System.Reactive.Concurrency.Scheduler.Schedule(_world.Hub, by, () => session.Connection.OnNext(output.WrittenMemory));
        return RedisFake.Nothing;
    };
}
