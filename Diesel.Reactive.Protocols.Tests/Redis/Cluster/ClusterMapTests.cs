using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What a client knows of a cluster, when much of it has changed.</summary>
public class ClusterMapTests : ClusterFixture
{
    private string Key => Cluster.KeyAt(7001);

    [SetUp]
    public void SetUp() => World.Watch(Redis.Get(Key));

    [Test]
    public void A_cluster_that_was_calm_is_asked_soon_again()
    {
        Cluster.IsDown = true;
        World.Watch(Redis.Incr(Key));
        World.Passes(4);
        Cluster.IsDown = false;
        World.Passes(30);
        Cluster.IsDown = true;
        var before = Cluster.Asked;
        World.Watch(Redis.Incr(Key));
        World.Passes(0.4);
        Assert.That(Cluster.Asked - before, Is.GreaterThan(2));
    }

    [Test]
    public void Who_has_no_slot_any_more_is_let_go()
    {
        World.Watch(Redis.Get(Cluster.KeyAt(7003)));
        Gives(7003, 7002);
        World.Watch(Redis.MGet([.. Enumerable.Range(0, 50).Select(n => (Bytes)$"k{n}")]));
        World.Passes(1);
        Assert.That(Cluster[7003].Sessions, Is.Empty);
    }

    [Test]
    public void However_many_keys_of_a_command_have_moved_that_is_one_redirection()
    {
        Bytes[] keys = [.. Enumerable.Range(0, 100).Select(n => (Bytes)$"k{n}")];
        World.Watch(Redis.MSet([.. keys.Select(key => (key, key))]));
        Gives(7003, 7002);
        Assert.That(World.Watch(Redis.MGet(keys)).Last, Is.EqualTo(keys.Select(key => (Bytes?)key)));
    }

    // All its slots.
    private void Gives(int from, int to)
    {
        for (var slot = 0; slot < Cluster.Owner.Length; slot++)
        {
            Cluster.Owner[slot] = Cluster.Owner[slot] == from ? to : Cluster.Owner[slot];
        }
    }
}
