using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What lives by the connections to a cluster: subscriptions, cached values, locks.</summary>
public class ClusterListenTests : ClusterFixture
{
    [Test]
    public void Channels_of_shards_are_listened_to_where_their_slots_are()
    {
        using var hub = new RedisSubHub(Redis);
        var (one, other) = (Cluster.KeyAt(7001), Cluster.KeyAt(7003));
        var shards = hub.Shards(one, other);
        var heard = World.Watch(shards);
        var opened = World.Watch(shards.Opened);
        Assert.That(($"{opened}", Listening($"s:{one}"), Listening($"s:{other}")), Is.EqualTo(("() |", "7001", "7003")));
        World.Watch(Redis.SPublish(one, "a"));
        World.Watch(Redis.SPublish(other, "b"));
        Assert.That($"{heard}", Is.EqualTo($"{one}: a {other}: b"));
    }

    [Test]
    public void Channels_of_shards_follow_their_slots()
    {
        using var hub = new RedisSubHub(Redis);
        var name = Cluster.KeyAt(7001);
        var shards = hub.Shards(name);
        var (heard, gaps) = (World.Watch(shards), World.Watch(shards.Gaps));
        Cluster.Moves(ClusterFake.SlotOf(name), 7002);
        World.Passes(0.5);
        World.Watch(Redis.SPublish(name, "a"));
        Assert.That((Listening($"s:{name}"), $"{heard}", gaps.Values.Count, World.Trouble), Is.EqualTo(("7002", $"{name}: a", 1, "")));
    }

    [Test]
    public void Channels_of_shards_are_found_by_a_map_that_is_old()
    {
        World.Watch(Redis.Get("a"));
        var name = Cluster.KeyAt(7001);
        Cluster.Moves(ClusterFake.SlotOf(name), 7002);
        using var hub = new RedisSubHub(Redis);
        var heard = World.Watch(hub.Shards(name));
        World.Passes(0.5);
        Assert.That((Listening($"s:{name}"), $"{heard}"), Is.EqualTo(("7002", "")));
    }

    [Test]
    public void Channels_and_shards_go_on_when_a_primary_dies()
    {
        using var hub = Cluster.Hub();
        var name = Cluster.KeyAt(7001);
        var (shards, channels) = (hub.Shards(name), hub.Channels(name));
        var (heard, published, gaps) = (World.Watch(shards), World.Watch(channels), World.Watch(channels.Gaps));
        Assert.That(Listening(name), Is.EqualTo("7001"));
        Cluster.Dies(7001);
        Cluster.Rises(7101);
        World.Passes(1);
        Cluster.Nodes.Values.ToList().ForEach(node => node.Publishes(name, "a"));
        Cluster.Nodes.Values.ToList().ForEach(node => node.Publishes(name, "b", toShard: true));
        Assert.That(($"{heard}", $"{published}", gaps.Values.Count, Listening($"s:{name}")), Is.EqualTo(($"{name}: b", $"{name}: a", 1, "7101")));
    }

    [Test]
    public void A_channel_stays_where_it_is_when_slots_move()
    {
        using var hub = new RedisSubHub(Redis);
        var name = Cluster.KeyAt(7001);
        var channels = hub.Channels(name);
        var (heard, gaps) = (World.Watch(channels), World.Watch(channels.Gaps));
        Cluster.Moves(ClusterFake.SlotOf(name), 7002);
        World.Watch(Redis.Get(name));
        World.Passes(1);
        Assert.That((Listening(name), $"{heard}", gaps.Values.Count), Is.EqualTo(("7001", "", 0)));
    }

    [Test]
    public void What_happens_to_keys_is_listened_to_at_all_primaries()
    {
        using var hub = new RedisSubHub(Redis);
        var heard = World.Watch(hub.KeyEvents("k*"));
        Assert.That(Listening("p:__keyspace@0__:k*"), Is.EqualTo("7001 7002 7003"));
        Cluster[7002].Publishes("__keyspace@0__:k1", "set");
        Cluster[7003].Publishes("__keyspace@0__:k2", "del");
        Assert.That(heard.Values.Select(what => (what.Key, what.Event)), Is.EqualTo(new[] { ("k1", "set"), ("k2", "del") }));
        heard.Subscription!.Dispose();
        World.Passes(0.1);
        Assert.That(Listening("p:__keyspace@0__:k*"), Is.Empty);
    }

    [Test]
    public void A_subscription_that_is_refused_is_told_so()
    {
        using var hub = new RedisSubHub(Redis);
        Cluster[7001].Refuses = command => command.StartsWith("ssubscribe", StringComparison.Ordinal) ? "NOPERM no" : null;
        Assert.That($"{World.Watch(hub.Shards(Cluster.KeyAt(7001)))}", Is.EqualTo("#RedisErrorException"));
    }

    [Test]
    public void A_cluster_that_cannot_be_reached_is_told_of_in_time()
    {
        using var hub = new RedisSubHub("redis://10.0.0.1:1,10.0.0.1:2", new() { MaxReconnectTime = TimeSpan.FromSeconds(2) }, World.Hub);
        var heard = World.Watch(hub.Channels("a"));
        World.Passes(4);
        Assert.That($"{heard}", Is.EqualTo("#ConnectionException"));
    }

    [Test]
    public void Values_are_kept_and_dropped_as_each_server_says()
    {
        var cache = Redis.Cached(TimeSpan.FromHours(1));
        var (one, other) = (Cluster.KeyAt(7001), Cluster.KeyAt(7002));
        World.Watch(Redis.Ping());
        foreach (var key in new[] { one, other, one, other })
        {
            World.Watch(cache.Get(key));
        }

        World.Do(() => Cluster.Data.Set(one, "v"));
        Assert.That(($"{World.Watch(cache.Get(one))}", $"{World.Watch(cache.Get(other))}", cache.Counts.Hits), Is.EqualTo(("v |", "null |", 3L)));
        World.Watch(cache.Set(other, "w"));
        Assert.That($"{World.Watch(cache.Get(other))}", Is.EqualTo("w |"));
    }

    [Test]
    public void What_is_kept_of_a_slot_goes_with_its_owner()
    {
        var cache = Redis.Cached(TimeSpan.FromHours(1));
        var key = Cluster.KeyAt(7001);
        var slot = ClusterFake.SlotOf(key);
        Keeps(cache, key);
        Cluster.Data.Tells = false;
        Cluster.Moves(slot, 7002);
        World.Watch(Redis.Get($"{{{key}}}other"));
        World.Do(() => Cluster.Data.Set(key, "v"));
        Assert.That($"{World.Watch(cache.Get(key))}", Is.EqualTo("v |"));
        Cluster.Moves(slot, 7001);
        World.Do(() => Cluster.Data.Set(key, "w"));
        World.Watch(Redis.Get($"{{{key}}}other"));
        Assert.That($"{World.Watch(cache.Get(key))}", Is.EqualTo("w |"));
    }

    [Test]
    public void That_a_slot_has_gone_is_found_out_though_nobody_asks()
    {
        var cache = Redis.Cached(TimeSpan.FromHours(1));
        var key = Cluster.KeyAt(7001);
        Keeps(cache, key);
        Cluster.Data.Tells = false;
        Cluster.Moves(ClusterFake.SlotOf(key), 7002);
        World.Do(() => Cluster.Data.Set(key, "v"));
        World.Passes(12);
        Assert.That($"{World.Watch(cache.Get(key))}", Is.EqualTo("v |"));
    }

    [Test]
    public void Keys_of_several_servers_are_read_and_not_kept()
    {
        var cache = Redis.Cached(TimeSpan.FromHours(1));
        Bytes[] keys = [Cluster.KeyAt(7001), Cluster.KeyAt(7002)];
        Assert.That((World.Watch(cache.MGet(keys)).Last.Count, World.Watch(cache.MGet(keys)).Last.Count, cache.Counts.Hits), Is.EqualTo((2, 2, 0L)));
    }

    [Test]
    public void A_lock_is_lost_when_its_key_is_gone_wherever_it_is()
    {
        var key = Cluster.KeyAt(7001);
        var lease = World.Watch(Redis.Lock(key).Acquire()).Last;
        Cluster.Moves(ClusterFake.SlotOf(key), 7002);
        World.Watch(Redis.Get(key));
        World.Passes(0.5);
        Assert.That(lease.Lost.IsCancellationRequested, Is.False);
        World.Do(() => Cluster.Data.Set(key, null));
        World.Passes(0.5);
        Assert.That(lease.Lost.IsCancellationRequested, Is.True);
    }

    [Test]
    public void A_lock_outlives_its_primary_and_wakes_who_waits()
    {
        var key = Cluster.KeyAt(7001);
        using var other = Cluster.Client();
        var lease = World.Watch(Redis.Lock(key).Acquire()).Last;
        var waiting = World.Watch(other.Lock(key).Acquire());
        Cluster.Dies(7001);
        Cluster.Rises(7101);
        World.Passes(1);
        Assert.That((lease.Lost.IsCancellationRequested, $"{waiting}"), Is.EqualTo((false, "")));
        var before = World.Now;
        World.Watch(lease.Release());
        World.Passes(0.05);
        Assert.That((waiting.IsCompleted, World.Now - before < 0.1), Is.EqualTo((true, true)));
    }

    private string Listening(string name) => string.Join(' ', Cluster.Nodes.Where(node => node.Value.Sessions.Exists(session => session.Subscribed.Contains(name))).Select(node => node.Key));

    // The first read finds out where the key is, and keeps nothing.
    private void Keeps(RedisCache cache, Bytes key)
    {
        World.Watch(cache.Get(key));
        World.Watch(cache.Get(key));
        Assert.That(cache.Counts.Entries, Is.EqualTo(1));
    }
}
