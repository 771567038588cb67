using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class SentinelTests
{
    private World _world = null!;
    private SentinelFake _servers = null!;
    private RedisClient _redis = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _servers = new SentinelFake(_world);
        _redis = _servers.Client();
    }

    [TearDown]
    public void TearDown()
    {
        _redis.Dispose();
        _servers.Dispose();
        _world.Dispose();
    }

    [Test]
    public void The_primary_is_found_and_asked_whether_it_is_one()
    {
        Assert.That(($"{_world.Watch(_redis.Set("k", 1))}", $"{_world.Watch(_redis.Get("k"))}", _servers.Heard(7001)), Is.EqualTo(("True |", "1 |", "SET k 1, GET k")));
        Assert.That(_servers.Servers[7001].Heard, Is.EqualTo(new[] { "HELLO 3", "ROLE", "SET k 1", "GET k" }));
    }

    [Test]
    public void Nothing_is_dialled_before_it_is_asked()
    {
        _world.Passes(10);
        Assert.That(_servers.Sentinels.Sum(sentinel => sentinel.Dials), Is.Zero);
    }

    [Test]
    public void Keys_need_not_be_in_one_slot()
    {
        _world.Watch(_redis.Set("a", 1));
        Assert.That(
            ($"{_world.Watch(_redis.MGet("a", "b")).Last.Count}", $"{_world.Watch(_redis.Transaction(t => (t.Incr("x"), t.Incr("y"))))}", _servers.Heard(7001)),
            Is.EqualTo(("2", "(1, 1) |", "SET a 1, MGET a b, MULTI, INCR x, INCR y, EXEC")));
    }

    [Test]
    public void One_Sentinel_that_lives_is_enough()
    {
        _servers.Sentinels[0].Dispose();
        _servers.Sentinels[1].IsSilent = true;
        using var redis = _servers.Client();
        var set = _world.Watch(redis.Set("k", 1));
        _world.Passes(3);
        Assert.That($"{set}", Is.EqualTo("True |"));
    }

    [Test]
    public void A_service_that_nobody_watches_is_told_in_time()
    {
        using var redis = _servers.Client(new() { MaxReconnectTime = TimeSpan.FromSeconds(1) }, "other");
        var set = _world.Watch(redis.Set("k", 1));
        _world.Passes(3);
        Assert.That(set.Error, Is.InstanceOf<ConnectionException>().With.Message.Contains("'other'"));
    }

    [Test]
    public void The_old_primarys_connections_are_dropped_at_once_when_there_is_another()
    {
        _world.Watch(_redis.Set("k", 1));
        _servers.Servers[7001].IsSilent = true;
        var (incr, get) = (_world.Watch(_redis.Incr("k")), _world.Watch(_redis.Get("k")));
        _servers.Switches(7002);

        // It would answer still.
        _servers.Servers[7001].IsSilent = false;
        Assert.That(($"{incr}", _servers.Servers[7001].Sessions.Count), Is.EqualTo(("#ReplyLostException", 0)));
        _world.Passes(0.1);
        Assert.That(($"{get}", $"{_world.Watch(_redis.Set("k", 2))}", _servers.Heard(7002)), Is.EqualTo(("1 |", "True |", "GET k, SET k 2")));
    }

    [Test]
    public void A_primary_that_dies_is_waited_for_until_there_is_another()
    {
        _world.Watch(_redis.Set("k", 1));
        _world.Do(_servers.Servers[7001].Abort);
        _servers.Servers[7001].Dispose();
        var set = _world.Watch(_redis.Set("k", 2));
        _world.Passes(2);
        Assert.That($"{set}", Is.Empty);
        _servers.Switches(7003);
        _world.Passes(0.2);
        Assert.That(($"{set}", _servers.Heard(7003)), Is.EqualTo(("True |", "SET k 2")));
    }

    [Test]
    public void Who_is_no_primary_any_more_is_not_written_to_though_the_Sentinels_say_so()
    {
        _servers.Masters.Clear();
        var set = _world.Watch(_redis.Set("k", 1));
        _world.Passes(2);
        Assert.That(($"{set}", _servers.Heard(7001)), Is.EqualTo(("", "")));
        _servers.Switches(7002, isTold: false);
        _world.Passes(2);
        Assert.That(($"{set}", _servers.Heard(7002)), Is.EqualTo(("True |", "SET k 1")));
    }

    [Test]
    public void A_primary_that_has_become_a_replica_is_left_when_it_says_so()
    {
        _world.Watch(_redis.Set("k", 1));
        _servers.Masters.Remove(7001);
        _servers.Switches(7002, isTold: false);
        var set = _world.Watch(_redis.Set("k", 2));
        _world.Passes(1);
        Assert.That(($"{set}", _servers.Heard(7002)), Is.EqualTo(("True |", "SET k 2")));
    }

    [Test]
    public void What_was_said_while_nobody_listened_is_found_out()
    {
        _world.Watch(_redis.Set("k", 1));
        _servers.Sentinels.ForEach(sentinel => sentinel.Resets());
        _servers.Switches(7002, isTold: false);
        _world.Passes(2);
        Assert.That(_servers.Servers[7001].Sessions, Is.Empty);
        Assert.That(($"{_world.Watch(_redis.Set("k", 2))}", _servers.Heard(7002)), Is.EqualTo(("True |", "SET k 2")));
    }

    [Test]
    public void Word_of_another_service_is_nothing()
    {
        _world.Watch(_redis.Set("k", 1));
        _servers.Sentinels.ForEach(sentinel => sentinel.Publishes("+switch-master", "other 10.0.0.1 7001 10.0.0.1 7002"));
        _world.Passes(1);
        Assert.That((_servers.Servers[7001].Sessions.Count, _servers.Servers[7002].Dials), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Replicas_may_be_read_from()
    {
        using var redis = _servers.Client(new() { ReadFrom = ReadFrom.Replicas });
        _world.Watch(redis.Set("k", 1));
        Assert.That(($"{_world.Watch(redis.Get("k"))}", $"{_world.Watch(redis.Get("k"))}"), Is.EqualTo(("1 |", "1 |")));
        Assert.That((_servers.Heard(7001), _servers.Heard(7002), _servers.Heard(7003)), Is.EqualTo(("SET k 1", "GET k", "GET k")));
    }

    [Test]
    public void Subscriptions_go_where_the_primary_is()
    {
        using var hub = new RedisSubHub(_redis);
        var channels = hub.Channels("news");
        var (heard, gaps) = (_world.Watch(channels), _world.Watch(channels.Gaps));
        _servers.Switches(7002);
        _world.Passes(0.2);
        _servers.Servers[7002].Publishes("news", "a");
        Assert.That(($"{heard}", gaps.Values.Count), Is.EqualTo(("news: a", 1)));
    }

    [Test]
    public void A_Sentinel_has_credentials_of_its_own()
    {
        using var redis = new RedisClient("redis+sentinel://u:p@10.0.0.1/main?sentinel_password=s", hub: _world.Hub);
        _world.Watch(redis.Set("k", 1));
        Assert.That((_servers.Sentinels[0].Heard[0], _servers.Servers[7001].Heard[0]), Is.EqualTo(("HELLO 3 AUTH default s", "HELLO 3 AUTH u p")));
    }
}
