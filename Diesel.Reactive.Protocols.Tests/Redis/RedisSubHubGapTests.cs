using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Subscriptions whose connection, or whose server, is lost.</summary>
public class RedisSubHubGapTests : RedisFakeFixture
{
    [Test]
    public void Is_back_after_a_lost_connection_and_tells_of_one_gap()
    {
        using var hub = Server.Hub();
        var subscription = hub.Channels("a", "b");
        var (gaps, messages, more) = (World.Watch(subscription.Gaps), World.Watch(subscription), World.Watch(subscription));
        Server.Publishes("a", "1");
        var heard = World.Do(() =>
        {
            Server.Abort();
            return Server.Publish("a", "missed");
        });
        Assert.That(heard, Is.Zero);
        World.Passes(1);
        Server.Publishes("a", "2");
        Assert.That(($"{messages}", $"{more}", gaps.Values.Count, Server.Dials), Is.EqualTo(("a: 1 a: 2", "a: 1 a: 2", 1, 2)));
        Assert.That(gaps.Last.Duration, Is.InRange(TimeSpan.Zero, TimeSpan.FromMilliseconds(100)));
    }

    [Test]
    public void Who_comes_while_there_is_no_connection_has_missed_nothing()
    {
        using var hub = Server.Hub();
        var (first, second) = (hub.Channels("a"), hub.Channels("a"));
        var gaps = World.Watch(first.Gaps.Merge(second.Gaps));
        World.Watch(first);
        Server.Resets();
        var late = World.Watch(second);
        World.Passes(1);
        Server.Publishes("a", "1");
        Assert.That(($"{late}", gaps.Values.Count), Is.EqualTo(("a: 1", 1)));
    }

    [Test]
    public void A_shard_that_has_gone_elsewhere_is_asked_for_again()
    {
        using var hub = Server.Hub();
        var subscription = hub.Shards("a");
        var (gaps, messages) = (World.Watch(subscription.Gaps), World.Watch(subscription));
        World.Do(() => Server.Sessions[0].Unsubscribes("a"));
        Server.Publishes("a", "x", toShard: true);
        Assert.That(($"{messages}", gaps.Values.Count), Is.EqualTo(("a: x", 1)));
    }

    [Test]
    public void A_server_that_has_gone_silently_is_noticed()
    {
        using var hub = Server.Hub();
        var subscription = hub.Channels("a");
        var (gaps, messages) = (World.Watch(subscription.Gaps), World.Watch(subscription));
        World.Passes(60);
        Assert.That((Server.Dials, Server.Heard.Count(one => one == "PING")), Is.EqualTo((1, 5)).Or.EqualTo((1, 6)));
        Server.IsSilent = true;
        World.Passes(17);
        Server.IsSilent = false;
        World.Passes(60);
        Server.Publishes("a", "x");
        Assert.That(($"{messages}", gaps.Values.Count), Is.EqualTo(("a: x", 1)));
    }

    [Test]
    public void Without_a_server_it_says_so_when_the_time_is_up()
    {
        using var hub = new RedisSubHub("redis://10.0.0.1:1", new() { MaxReconnectTime = TimeSpan.FromSeconds(2) }, World.Hub);
        var messages = World.Watch(hub.Channels("a"));
        World.Passes(3);
        Assert.That(messages.Error, Is.InstanceOf<ConnectionException>());
    }

    [Test]
    public void Who_leaves_before_there_is_a_connection_leaves_nothing()
    {
        using var hub = new RedisSubHub("redis://10.0.0.1:1", null, World.Hub);
        var events = Story.Of(hub.Events);
        var messages = World.Watch(hub.Channels("a"));
        World.Do(messages.Subscription!.Dispose);
        World.Passes(20);
        var attempts = events.Values.Count;
        World.Passes(100);
        Assert.That((events.Values.Count, $"{messages}"), Is.EqualTo((attempts, "")));
    }

    [Test]
    public void Many_channels_are_asked_for_together_and_are_back_together()
    {
        using var hub = Server.Hub();
        var all = World.Watch(hub.Channels([.. Enumerable.Range(0, 2500).Select(n => $"c{n}")]));
        World.Passes(1);
        Server.Resets();
        World.Passes(1);
        Server.Publishes("c2499", "x");
        Assert.That(($"{all}", Server.Heard.Count(one => one.StartsWith("subscribe", StringComparison.Ordinal))), Is.EqualTo(("c2499: x", 6)));
    }
}
