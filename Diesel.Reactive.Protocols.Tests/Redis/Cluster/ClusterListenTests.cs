using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What lives by the connections to a cluster: subscriptions, cached values, locks.</summary>
public class ClusterListenTests
{
    private World _world = null!;
    private ClusterFake _cluster = null!;
    private RedisClient _redis = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _cluster = new ClusterFake(_world);
        _redis = _cluster.Client();
    }

    [TearDown]
    public void TearDown()
    {
        _redis.Dispose();
        _cluster.Dispose();
        _world.Dispose();
    }

    [Test]
    public void Channels_of_shards_are_listened_to_where_their_slots_are()
    {
        using var hub = new RedisSubHub(_redis);
        var (one, other) = (_cluster.KeyAt(7001), _cluster.KeyAt(7003));
        var shards = hub.Shards(one, other);
        var heard = _world.Watch(shards);
        var opened = _world.Watch(shards.Opened);
        Assert.That(($"{opened}", Listening($"s:{one}"), Listening($"s:{other}")), Is.EqualTo(("() |", "7001", "7003")));
        _world.Watch(_redis.SPublish(one, "a"));
        _world.Watch(_redis.SPublish(other, "b"));
        Assert.That($"{heard}", Is.EqualTo($"{one}: a {other}: b"));
    }

    [Test]
    public void Channels_of_shards_follow_their_slots()
    {
        using var hub = new RedisSubHub(_redis);
        var name = _cluster.KeyAt(7001);
        var shards = hub.Shards(name);
        var (heard, gaps) = (_world.Watch(shards), _world.Watch(shards.Gaps));
        _cluster.Moves(ClusterFake.SlotOf(name), 7002);
        _world.Passes(0.5);
        _world.Watch(_redis.SPublish(name, "a"));
        Assert.That((Listening($"s:{name}"), $"{heard}", gaps.Values.Count, _world.Trouble), Is.EqualTo(("7002", $"{name}: a", 1, "")));
    }

    [Test]
    public void Channels_of_shards_are_found_by_a_map_that_is_old()
    {
        _world.Watch(_redis.Get("a"));
        var name = _cluster.KeyAt(7001);
        _cluster.Moves(ClusterFake.SlotOf(name), 7002);
        using var hub = new RedisSubHub(_redis);
        var heard = _world.Watch(hub.Shards(name));
        _world.Passes(0.5);
        Assert.That((Listening($"s:{name}"), $"{heard}"), Is.EqualTo(("7002", "")));
    }

    [Test]
    public void Channels_and_shards_go_on_when_a_primary_dies()
    {
        using var hub = _cluster.Hub();
        var name = _cluster.KeyAt(7001);
        var (shards, channels) = (hub.Shards(name), hub.Channels(name));
        var (heard, published, gaps) = (_world.Watch(shards), _world.Watch(channels), _world.Watch(channels.Gaps));
        Assert.That(Listening(name), Is.EqualTo("7001"));
        _cluster.Dies(7001);
        _cluster.Rises(7101);
        _world.Passes(1);
        _cluster.Nodes.Values.ToList().ForEach(node => node.Publishes(name, "a"));
        _cluster.Nodes.Values.ToList().ForEach(node => node.Publishes(name, "b", toShard: true));
        Assert.That(($"{heard}", $"{published}", gaps.Values.Count, Listening($"s:{name}")), Is.EqualTo(($"{name}: b", $"{name}: a", 1, "7101")));
    }

    [Test]
    public void A_channel_stays_where_it_is_when_slots_move()
    {
        using var hub = new RedisSubHub(_redis);
        var name = _cluster.KeyAt(7001);
        var channels = hub.Channels(name);
        var (heard, gaps) = (_world.Watch(channels), _world.Watch(channels.Gaps));
        _cluster.Moves(ClusterFake.SlotOf(name), 7002);
        _world.Watch(_redis.Get(name));
        _world.Passes(1);
        Assert.That((Listening(name), $"{heard}", gaps.Values.Count), Is.EqualTo(("7001", "", 0)));
    }

    [Test]
    public void What_happens_to_keys_is_listened_to_at_all_primaries()
    {
        using var hub = new RedisSubHub(_redis);
        var heard = _world.Watch(hub.KeyEvents("k*"));
        Assert.That(Listening("p:__keyspace@0__:k*"), Is.EqualTo("7001 7002 7003"));
        _cluster[7002].Publishes("__keyspace@0__:k1", "set");
        _cluster[7003].Publishes("__keyspace@0__:k2", "del");
        Assert.That(heard.Values.Select(what => (what.Key, what.Event)), Is.EqualTo(new[] { ("k1", "set"), ("k2", "del") }));
        heard.Subscription!.Dispose();
        _world.Passes(0.1);
        Assert.That(Listening("p:__keyspace@0__:k*"), Is.Empty);
    }

    [Test]
    public void A_subscription_that_is_refused_is_told_so()
    {
        using var hub = new RedisSubHub(_redis);
        _cluster[7001].Refuses = command => command.StartsWith("ssubscribe", StringComparison.Ordinal) ? "NOPERM no" : null;
        Assert.That($"{_world.Watch(hub.Shards(_cluster.KeyAt(7001)))}", Is.EqualTo("#RedisErrorException"));
    }

    [Test]
    public void A_cluster_that_cannot_be_reached_is_told_of_in_time()
    {
        using var hub = new RedisSubHub("redis://10.0.0.1:1,10.0.0.1:2", new() { MaxReconnectTime = TimeSpan.FromSeconds(2) }, _world.Hub);
        var heard = _world.Watch(hub.Channels("a"));
        _world.Passes(4);
        Assert.That($"{heard}", Is.EqualTo("#ConnectionException"));
    }

    [Test]
    public void Values_are_kept_and_dropped_as_each_server_says()
    {
        var cache = _redis.Cached(TimeSpan.FromHours(1));
        var (one, other) = (_cluster.KeyAt(7001), _cluster.KeyAt(7002));
        _world.Watch(_redis.Ping());
        foreach (var key in new[] { one, other, one, other })
        {
            _world.Watch(cache.Get(key));
        }

        _world.Do(() => _cluster.Data.Set(one, "v"));
        Assert.That(($"{_world.Watch(cache.Get(one))}", $"{_world.Watch(cache.Get(other))}", cache.Counts.Hits), Is.EqualTo(("v |", "null |", 3L)));
        _world.Watch(cache.Set(other, "w"));
        Assert.That($"{_world.Watch(cache.Get(other))}", Is.EqualTo("w |"));
    }

    [Test]
    public void What_is_kept_of_a_slot_goes_with_its_owner()
    {
        var cache = _redis.Cached(TimeSpan.FromHours(1));
        var key = _cluster.KeyAt(7001);
        var slot = ClusterFake.SlotOf(key);
        _world.Watch(cache.Get(key));
        _cluster.Data.Tells = false;
        _cluster.Moves(slot, 7002);
        _world.Watch(_redis.Get($"{{{key}}}other"));
        _world.Do(() => _cluster.Data.Set(key, "v"));
        Assert.That($"{_world.Watch(cache.Get(key))}", Is.EqualTo("v |"));
        _cluster.Moves(slot, 7001);
        _world.Do(() => _cluster.Data.Set(key, "w"));
        _world.Watch(_redis.Get($"{{{key}}}other"));
        Assert.That($"{_world.Watch(cache.Get(key))}", Is.EqualTo("w |"));
    }

    [Test]
    public void That_a_slot_has_gone_is_found_out_though_nobody_asks()
    {
        var cache = _redis.Cached(TimeSpan.FromHours(1));
        var key = _cluster.KeyAt(7001);
        _world.Watch(cache.Get(key));
        _cluster.Data.Tells = false;
        _cluster.Moves(ClusterFake.SlotOf(key), 7002);
        _world.Do(() => _cluster.Data.Set(key, "v"));
        _world.Passes(12);
        Assert.That($"{_world.Watch(cache.Get(key))}", Is.EqualTo("v |"));
    }

    [Test]
    public void Keys_of_several_servers_are_read_and_not_kept()
    {
        var cache = _redis.Cached(TimeSpan.FromHours(1));
        Bytes[] keys = [_cluster.KeyAt(7001), _cluster.KeyAt(7002)];
        Assert.That((_world.Watch(cache.MGet(keys)).Last.Count, _world.Watch(cache.MGet(keys)).Last.Count, cache.Counts.Hits), Is.EqualTo((2, 2, 0L)));
    }

    [Test]
    public void A_lock_is_lost_when_its_key_is_gone_wherever_it_is()
    {
        var key = _cluster.KeyAt(7001);
        var lease = _world.Watch(_redis.Lock(key).Acquire()).Last;
        _cluster.Moves(ClusterFake.SlotOf(key), 7002);
        _world.Watch(_redis.Get(key));
        _world.Passes(0.5);
        Assert.That(lease.Lost.IsCancellationRequested, Is.False);
        _world.Do(() => _cluster.Data.Set(key, null));
        _world.Passes(0.5);
        Assert.That(lease.Lost.IsCancellationRequested, Is.True);
    }

    [Test]
    public void A_lock_outlives_its_primary_and_wakes_who_waits()
    {
        var key = _cluster.KeyAt(7001);
        using var other = _cluster.Client();
        var lease = _world.Watch(_redis.Lock(key).Acquire()).Last;
        var waiting = _world.Watch(other.Lock(key).Acquire());
        _cluster.Dies(7001);
        _cluster.Rises(7101);
        _world.Passes(1);
        Assert.That((lease.Lost.IsCancellationRequested, $"{waiting}"), Is.EqualTo((false, "")));
        var before = _world.Now;
        _world.Watch(lease.Release());
        _world.Passes(0.05);
        Assert.That((waiting.IsCompleted, _world.Now - before < 0.1), Is.EqualTo((true, true)));
    }

    private string Listening(string name) => string.Join(' ', _cluster.Nodes.Where(node => node.Value.Sessions.Exists(session => session.Subscribed.Contains(name))).Select(node => node.Key));
}
