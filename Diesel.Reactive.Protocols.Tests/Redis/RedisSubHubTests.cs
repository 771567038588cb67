using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class RedisSubHubTests : RedisFakeFixture
{
    [Test]
    public void Messages_of_channels_patterns_and_shards_arrive([Values] RespVersion version)
    {
        using var hub = Server.Hub(new() { Protocol = version });
        var (channels, patterns, shards) = (World.Watch(hub.Channels("a", "b")), World.Watch(hub.Patterns("a*")), World.Watch(hub.Shards("a")));
        Server.Publishes("a", "1");
        Server.Publishes("b", "2");
        Server.Publishes("a", "3", toShard: true);
        Assert.That(($"{channels}", $"{patterns}", $"{shards}"), Is.EqualTo(("a: 1 b: 2", "a: 1", "a: 3")));
        Assert.That((patterns.Last.Pattern, channels.Last.Pattern, channels.Last.Payload), Is.EqualTo(("a*", (string?)null, (Bytes)"2")));
    }

    [Test]
    public void A_message_of_a_pattern_has_its_own_channel_whatever_came_before()
    {
        using var hub = Server.Hub();
        var heard = World.Watch(hub.Patterns("*"));
        foreach (var channel in new[] { "a", "a", "ab", "b", "é", "é", "" })
        {
            Server.Publishes(channel, "x");
        }

        Assert.That(heard.Values.Select(message => message.Channel), Is.EqualTo(new[] { "a", "a", "ab", "b", "é", "é", "" }));
        Assert.That(heard.Values[1].Channel, Is.SameAs(heard.Values[0].Channel));
    }

    [Test]
    public void However_many_observe_the_server_has_one_subscription_until_the_last_leaves()
    {
        using var hub = Server.Hub();
        Story<RedisMessage>[] all = [World.Watch(hub.Channels("a")), World.Watch(hub.Channels("a")), World.Watch(hub.Channels("a", "b"))];
        Assert.That(Server.Publishes("a", "x"), Is.EqualTo(1));
        Array.ForEach(all[..2], each => World.Do(each.Subscription!.Dispose));
        Server.Publishes("a", "y");
        World.Do(all[2].Subscription!.Dispose);
        Assert.That(all.Select(each => $"{each}"), Is.EqualTo(new[] { "a: x", "a: x", "a: x a: y" }));
        Assert.That(Server.Heard, Is.EqualTo(new[] { "HELLO 3", "subscribe a", "subscribe b", "unsubscribe a b" }));
    }

    [Test]
    public void Dials_nothing_before_somebody_observes()
    {
        using var hub = Server.Hub();
        Assert.That(hub.Channels("a").ToString(), Is.EqualTo("a subscription to a"));
        World.Passes(1);
        Assert.That(Server.Dials, Is.Zero);
    }

    [Test]
    public void Tells_when_the_server_has_confirmed()
    {
        using var hub = Server.Hub();
        var subscription = hub.Channels("a", "b");
        var opened = World.Watch(subscription.Opened);
        Server.IsSilent = true;
        World.Watch(subscription);
        Assert.That($"{opened}", Is.Empty);
        Server.IsSilent = false;
        Server.Resets();
        World.Passes(1);
        Assert.That(($"{opened}", Server.Sessions[0].Subscribed), Is.EqualTo(("() |", new[] { "a", "b" })));
    }

    [Test]
    public void Tells_when_the_server_has_confirmed_the_last_of_several()
    {
        using var hub = Server.Hub();
        Server.Answers = (_, words) => words[0] == "subscribe" ? Resp.Push(Resp.Bulk("subscribe"), Resp.Bulk("a"), Resp.Integer(1)) : null;
        var subscription = hub.Channels("a", "b");
        var opened = World.Watch(subscription.Opened);
        World.Watch(subscription);
        Assert.That($"{opened}", Is.Empty);
        World.Do(() => Server.Sessions[0].Push(Resp.Bulk("subscribe"), Resp.Bulk("b"), Resp.Integer(2)));
        Assert.That($"{opened}", Is.EqualTo("() |"));
    }

    [Test]
    public void On_a_clients_connection_messages_and_replies_share_it()
    {
        using var redis = Server.Client();
        using var hub = new RedisSubHub(redis);
        var messages = World.Watch(hub.Channels("a"));
        var got = World.Watch(redis.Command("PUBLISH", "a", "x"));
        Assert.That(($"{messages}", $"{got}", Server.Dials), Is.EqualTo(("a: x", "1 |", 1)));
    }

    [Test]
    public void On_a_clients_connection_in_RESP2_they_have_one_of_their_own()
    {
        using var redis = Server.Client(new() { Protocol = RespVersion.Resp2 });
        using var hub = new RedisSubHub(redis);
        var messages = World.Watch(hub.Channels("a"));
        World.Watch(hub.Channels("b"));
        var got = World.Watch(redis.Command("PUBLISH", "a", "x"));
        Assert.That(($"{messages}", $"{got}", Server.Dials), Is.EqualTo(("a: x", "1 |", 2)));
        redis.Dispose();
        World.Passes(1);
        Assert.That((messages.Error?.GetType(), Server.Sessions.Count), Is.EqualTo((typeof(ObjectDisposedException), 0)));
    }

    [Test]
    public void Two_hubs_on_one_connection_do_not_end_each_others_subscriptions()
    {
        using var redis = Server.Client();
        using var one = new RedisSubHub(redis);
        var other = new RedisSubHub(redis);
        var (stays, goes) = (World.Watch(one.Channels("a")), World.Watch(other.Channels("a")));
        World.Do(other.Dispose);
        Server.Publishes("a", "x");
        Assert.That(($"{stays}", $"{goes}"), Is.EqualTo(("a: x", "|")));
    }

    [Test]
    public void One_that_leaves_when_told_gets_nothing_more()
    {
        using var hub = Server.Hub();
        var first = World.Watch(hub.Channels("a").Take(1));
        Server.Publishes("a", "1");
        Server.Publishes("a", "2");
        Assert.That(($"{first}", Server.Sessions[0].Subscribed), Is.EqualTo(("a: 1 |", Array.Empty<string>())));
    }

    [Test]
    public void A_slow_reader_loses_its_own_by_its_policy_and_they_are_counted()
    {
        using var hub = Server.Hub();
        var (good, inbox) = (World.Watch(hub.Channels("a")), World.Do(() => hub.Channels("a").ToInbox(2, Overflow.DropOldest)));
        Enumerable.Range(0, 5).ToList().ForEach(n => Server.Publishes("a", n));
        Assert.That((good.Values.Count, inbox.Dropped, $"{World.Watch(inbox.Get())}"), Is.EqualTo((5, 3L, "a: 3 |")));
    }

    [Test]
    public void Key_events_are_told_with_their_keys()
    {
        using var hub = Server.Hub();
        var (all, some) = (World.Watch(hub.KeyEvents("user:*")), World.Watch(hub.KeyEvents("*", "expired")));
        Server.Publishes("__keyspace@0__:user:7", "set");
        Server.Publishes("__keyspace@0__:other", "expired");
        Assert.That((all.Values, some.Values), Is.EqualTo((new RedisKeyEvent[] { new("user:7", "set") }, new RedisKeyEvent[] { new("other", "expired") })));
    }

    [Test]
    public void Disposed_its_observers_complete_and_later_ones_are_refused()
    {
        var hub = Server.Hub();
        var messages = World.Watch(hub.Channels("a"));
        World.Do(hub.Dispose);
        var late = World.Watch(hub.Channels("a"));
        World.Passes(1);
        Assert.That(($"{messages}", $"{late}", Server.Sessions.Count), Is.EqualTo(("|", "#ObjectDisposedException", 0)));
    }

    [Test]
    public void Its_observers_end_with_their_hub()
    {
        var hub = Server.Hub();
        var messages = World.Watch(hub.Channels("a"));
        World.Hub.Dispose();
        Assert.That(messages.Error, Is.InstanceOf<ObjectDisposedException>());
        Assert.That(Story.Of(hub.Channels("a")).Error, Is.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void It_may_be_observed_from_any_thread()
    {
        using var hub = Server.Hub();
        var messages = Story.Of(hub.Channels("a"));
        World.Passes(1);
        Server.Publishes("a", "1");
        messages.Subscription!.Dispose();
        World.Passes(1);
        Assert.That(($"{messages}", Server.Sessions[0].Subscribed), Is.EqualTo(("a: 1", Array.Empty<string>())));
    }

    [Test]
    public void Nobody_subscribes_to_nothing()
    {
        using var hub = Server.Hub();
        Assert.That(() => hub.Channels(), Throws.ArgumentException);
        Assert.That(() => new RedisSubHub((RedisClient)null!), Throws.ArgumentNullException);
    }
}
