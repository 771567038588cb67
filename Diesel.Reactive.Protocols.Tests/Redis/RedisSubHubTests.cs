using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class RedisSubHubTests
{
    private World _world = null!;
    private RedisFake _server = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _server = new RedisFake(_world);
    }

    [TearDown]
    public void TearDown()
    {
        _server.Dispose();
        _world.Dispose();
    }

    [Test]
    public void Messages_of_channels_patterns_and_shards_arrive([Values] RespVersion version)
    {
        using var hub = _server.Hub(new() { Protocol = version });
        var (channels, patterns, shards) = (_world.Watch(hub.Channels("a", "b")), _world.Watch(hub.Patterns("a*")), _world.Watch(hub.Shards("a")));
        _server.Publishes("a", "1");
        _server.Publishes("b", "2");
        _server.Publishes("a", "3", toShard: true);
        Assert.That(($"{channels}", $"{patterns}", $"{shards}"), Is.EqualTo(("a: 1 b: 2", "a: 1", "a: 3")));
        Assert.That((patterns.Last.Pattern, channels.Last.Pattern, channels.Last.Payload), Is.EqualTo(("a*", (string?)null, (Bytes)"2")));
    }

    [Test]
    public void A_message_of_a_pattern_has_its_own_channel_whatever_came_before()
    {
        using var hub = _server.Hub();
        var heard = _world.Watch(hub.Patterns("*"));
        foreach (var channel in new[] { "a", "a", "ab", "b", "é", "é", "" })
        {
            _server.Publishes(channel, "x");
        }

        Assert.That(heard.Values.Select(message => message.Channel), Is.EqualTo(new[] { "a", "a", "ab", "b", "é", "é", "" }));
        Assert.That(heard.Values[1].Channel, Is.SameAs(heard.Values[0].Channel));
    }

    [Test]
    public void However_many_observe_the_server_has_one_subscription_until_the_last_leaves()
    {
        using var hub = _server.Hub();
        Story<RedisMessage>[] all = [_world.Watch(hub.Channels("a")), _world.Watch(hub.Channels("a")), _world.Watch(hub.Channels("a", "b"))];
        Assert.That(_server.Publishes("a", "x"), Is.EqualTo(1));
        Array.ForEach(all[..2], each => _world.Do(each.Subscription!.Dispose));
        _server.Publishes("a", "y");
        _world.Do(all[2].Subscription!.Dispose);
        Assert.That(all.Select(each => $"{each}"), Is.EqualTo(new[] { "a: x", "a: x", "a: x a: y" }));
        Assert.That(_server.Heard, Is.EqualTo(new[] { "HELLO 3", "subscribe a", "subscribe b", "unsubscribe a b" }));
    }

    [Test]
    public void Dials_nothing_before_somebody_observes()
    {
        using var hub = _server.Hub();
        Assert.That(hub.Channels("a").ToString(), Is.EqualTo("a subscription to a"));
        _world.Passes(1);
        Assert.That(_server.Dials, Is.Zero);
    }

    [Test]
    public void Tells_when_the_server_has_confirmed()
    {
        using var hub = _server.Hub();
        var subscription = hub.Channels("a", "b");
        var opened = _world.Watch(subscription.Opened);
        _server.IsSilent = true;
        _world.Watch(subscription);
        Assert.That($"{opened}", Is.Empty);
        _server.IsSilent = false;
        _server.Resets();
        _world.Passes(1);
        Assert.That(($"{opened}", _server.Sessions[0].Subscribed), Is.EqualTo(("() |", new[] { "a", "b" })));
    }

    [Test]
    public void Tells_when_the_server_has_confirmed_the_last_of_several()
    {
        using var hub = _server.Hub();
        _server.Answers = (_, words) => words[0] == "subscribe" ? Resp.Push(Resp.Bulk("subscribe"), Resp.Bulk("a"), Resp.Integer(1)) : null;
        var subscription = hub.Channels("a", "b");
        var opened = _world.Watch(subscription.Opened);
        _world.Watch(subscription);
        Assert.That($"{opened}", Is.Empty);
        _world.Do(() => _server.Sessions[0].Push(Resp.Bulk("subscribe"), Resp.Bulk("b"), Resp.Integer(2)));
        Assert.That($"{opened}", Is.EqualTo("() |"));
    }

    [Test]
    public void Is_back_after_a_lost_connection_and_tells_of_one_gap()
    {
        using var hub = _server.Hub();
        var subscription = hub.Channels("a", "b");
        var (gaps, messages, more) = (_world.Watch(subscription.Gaps), _world.Watch(subscription), _world.Watch(subscription));
        _server.Publishes("a", "1");
        var heard = _world.Do(() =>
        {
            _server.Abort();
            return _server.Publish("a", "missed");
        });
        Assert.That(heard, Is.Zero);
        _world.Passes(1);
        _server.Publishes("a", "2");
        Assert.That(($"{messages}", $"{more}", gaps.Values.Count, _server.Dials), Is.EqualTo(("a: 1 a: 2", "a: 1 a: 2", 1, 2)));
        Assert.That(gaps.Last.Duration, Is.InRange(TimeSpan.Zero, TimeSpan.FromMilliseconds(100)));
    }

    [Test]
    public void Who_comes_while_there_is_no_connection_has_missed_nothing()
    {
        using var hub = _server.Hub();
        var (first, second) = (hub.Channels("a"), hub.Channels("a"));
        var gaps = _world.Watch(first.Gaps.Merge(second.Gaps));
        _world.Watch(first);
        _server.Resets();
        var late = _world.Watch(second);
        _world.Passes(1);
        _server.Publishes("a", "1");
        Assert.That(($"{late}", gaps.Values.Count), Is.EqualTo(("a: 1", 1)));
    }

    [Test]
    public void On_a_clients_connection_messages_and_replies_share_it()
    {
        using var redis = _server.Client();
        using var hub = new RedisSubHub(redis);
        var messages = _world.Watch(hub.Channels("a"));
        var got = _world.Watch(redis.Command("PUBLISH", "a", "x"));
        Assert.That(($"{messages}", $"{got}", _server.Dials), Is.EqualTo(("a: x", "1 |", 1)));
    }

    [Test]
    public void On_a_clients_connection_in_RESP2_they_have_one_of_their_own()
    {
        using var redis = _server.Client(new() { Protocol = RespVersion.Resp2 });
        using var hub = new RedisSubHub(redis);
        var messages = _world.Watch(hub.Channels("a"));
        _world.Watch(hub.Channels("b"));
        var got = _world.Watch(redis.Command("PUBLISH", "a", "x"));
        Assert.That(($"{messages}", $"{got}", _server.Dials), Is.EqualTo(("a: x", "1 |", 2)));
        redis.Dispose();
        _world.Passes(1);
        Assert.That((messages.Error?.GetType(), _server.Sessions.Count), Is.EqualTo((typeof(ObjectDisposedException), 0)));
    }

    [Test]
    public void Two_hubs_on_one_connection_do_not_end_each_others_subscriptions()
    {
        using var redis = _server.Client();
        using var one = new RedisSubHub(redis);
        var other = new RedisSubHub(redis);
        var (stays, goes) = (_world.Watch(one.Channels("a")), _world.Watch(other.Channels("a")));
        _world.Do(other.Dispose);
        _server.Publishes("a", "x");
        Assert.That(($"{stays}", $"{goes}"), Is.EqualTo(("a: x", "|")));
    }

    [TestCase(RespVersion.Resp2)]
    [TestCase(RespVersion.Resp3)]
    public void A_refusal_reaches_who_subscribed_and_each_reply_its_own_caller(RespVersion version)
    {
        using var redis = _server.Client(new() { Protocol = version });
        using var hub = new RedisSubHub(redis);
        _server.Refuses = command => command.Contains("secret", StringComparison.Ordinal) ? "NOPERM No permissions to access a channel"
            : command.StartsWith("ssubscribe", StringComparison.Ordinal) ? "MOVED 866 10.0.0.2:6379" : null;
        _world.Watch(redis.Set("k0", "v0").Concat(redis.Set("k1", "v1")).Concat(redis.Set("k2", "v2")));
        Story<Bytes?>[] gets = [new(), new(), new()];
        var (secret, shard, open) = (new Story<RedisMessage>(), new Story<RedisMessage>(), new Story<RedisMessage>());
        _world.Do(() =>
        {
            redis.Get("k0").Subscribe(gets[0]);
            hub.Channels("secret").Subscribe(secret);
            redis.Get("k1").Subscribe(gets[1]);
            hub.Shards("elsewhere").Subscribe(shard);
            hub.Channels("open").Subscribe(open);
            redis.Get("k2").Subscribe(gets[2]);
        });
        _world.Passes(1);
        _server.Publishes("open", "x");
        Assert.That(gets.Select(get => $"{get}"), Is.EqualTo(new[] { "v0 |", "v1 |", "v2 |" }));
        Assert.That(((secret.Error as RedisErrorException)?.Code, (shard.Error as RedisErrorException)?.Code, $"{open}"), Is.EqualTo(("NOPERM", "MOVED", "open: x")));
    }

    [Test]
    public void Of_several_that_are_asked_for_together_only_the_refused_one_is()
    {
        using var hub = _server.Hub();
        _server.Refuses = command => command.StartsWith("subscribe", StringComparison.Ordinal) && command.Contains("secret", StringComparison.Ordinal) ? "NOPERM no" : null;
        var all = new[] { "a", "secret", "b" }.Select(name => (Story: new Story<RedisMessage>(), Source: hub.Channels(name))).ToArray();
        _world.Do(() => Array.ForEach(all, each => each.Source.Subscribe(each.Story)));
        var opened = all.Select(each => $"{_world.Watch(each.Source.Opened)}").ToArray();
        Assert.That(opened, Is.EqualTo(new[] { "() |", "#RedisErrorException", "() |" }));
        Assert.That(all.Select(each => $"{each.Story}"), Is.EqualTo(new[] { "", "#RedisErrorException", "" }));
    }

    [Test]
    public void Who_was_refused_may_try_again()
    {
        using var hub = _server.Hub();
        _server.Refuses = _ => _server.Heard.Count == 2 ? "NOPERM no" : null;
        var subscription = hub.Channels("a");
        var messages = _world.Watch(subscription.Retry(2));
        _world.Passes(1);
        _server.Publishes("a", "x");
        Assert.That(($"{messages}", $"{_world.Watch(subscription.Opened)}"), Is.EqualTo(("a: x", "() |")));
    }

    [Test]
    public void A_shard_that_has_gone_elsewhere_is_asked_for_again()
    {
        using var hub = _server.Hub();
        var subscription = hub.Shards("a");
        var (gaps, messages) = (_world.Watch(subscription.Gaps), _world.Watch(subscription));
        _world.Do(() => _server.Sessions[0].Unsubscribes("a"));
        _server.Publishes("a", "x", toShard: true);
        Assert.That(($"{messages}", gaps.Values.Count), Is.EqualTo(("a: x", 1)));
    }

    [Test]
    public void An_observer_that_throws_harms_itself_alone()
    {
        using var hub = _server.Hub();
        var bad = hub.Channels("a", "b");
        _world.Do(() => bad.Subscribe(_ => throw new InvalidOperationException("no")));
        _world.Do(() => bad.Opened.Subscribe(_ => throw new InvalidOperationException("no")));
        var good = _world.Watch(hub.Channels("a"));
        _server.Publishes("a", "1");
        _server.Publishes("a", "2");
        Assert.That(($"{good}", _server.Sessions[0].Subscribed, _world.Errors.Count), Is.EqualTo(("a: 1 a: 2", new[] { "a" }, 2)));
    }

    [Test]
    public void One_that_leaves_when_told_gets_nothing_more()
    {
        using var hub = _server.Hub();
        var first = _world.Watch(hub.Channels("a").Take(1));
        _server.Publishes("a", "1");
        _server.Publishes("a", "2");
        Assert.That(($"{first}", _server.Sessions[0].Subscribed), Is.EqualTo(("a: 1 |", Array.Empty<string>())));
    }

    [Test]
    public void A_slow_reader_loses_its_own_by_its_policy_and_they_are_counted()
    {
        using var hub = _server.Hub();
        var (good, inbox) = (_world.Watch(hub.Channels("a")), _world.Do(() => hub.Channels("a").ToInbox(2, Overflow.DropOldest)));
        Enumerable.Range(0, 5).ToList().ForEach(n => _server.Publishes("a", n));
        Assert.That((good.Values.Count, inbox.Dropped, $"{_world.Watch(inbox.Get())}"), Is.EqualTo((5, 3L, "a: 3 |")));
    }

    [Test]
    public void Key_events_are_told_with_their_keys()
    {
        using var hub = _server.Hub();
        var (all, some) = (_world.Watch(hub.KeyEvents("user:*")), _world.Watch(hub.KeyEvents("*", "expired")));
        _server.Publishes("__keyspace@0__:user:7", "set");
        _server.Publishes("__keyspace@0__:other", "expired");
        Assert.That((all.Values, some.Values), Is.EqualTo((new RedisKeyEvent[] { new("user:7", "set") }, new RedisKeyEvent[] { new("other", "expired") })));
    }

    [Test]
    public void A_server_that_has_gone_silently_is_noticed()
    {
        using var hub = _server.Hub();
        var subscription = hub.Channels("a");
        var (gaps, messages) = (_world.Watch(subscription.Gaps), _world.Watch(subscription));
        _world.Passes(60);
        Assert.That((_server.Dials, _server.Heard.Count(one => one == "PING")), Is.EqualTo((1, 5)).Or.EqualTo((1, 6)));
        _server.IsSilent = true;
        _world.Passes(17);
        _server.IsSilent = false;
        _world.Passes(60);
        _server.Publishes("a", "x");
        Assert.That(($"{messages}", gaps.Values.Count), Is.EqualTo(("a: x", 1)));
    }

    [Test]
    public void Without_a_server_it_says_so_when_the_time_is_up()
    {
        using var hub = new RedisSubHub("redis://10.0.0.1:1", new() { MaxReconnectTime = TimeSpan.FromSeconds(2) }, _world.Hub);
        var messages = _world.Watch(hub.Channels("a"));
        _world.Passes(3);
        Assert.That(messages.Error, Is.InstanceOf<ConnectionException>());
    }

    [Test]
    public void Who_leaves_before_there_is_a_connection_leaves_nothing()
    {
        using var hub = new RedisSubHub("redis://10.0.0.1:1", null, _world.Hub);
        var events = Story.Of(hub.Events);
        var messages = _world.Watch(hub.Channels("a"));
        _world.Do(messages.Subscription!.Dispose);
        _world.Passes(20);
        var attempts = events.Values.Count;
        _world.Passes(100);
        Assert.That((events.Values.Count, $"{messages}"), Is.EqualTo((attempts, "")));
    }

    [Test]
    public void Disposed_its_observers_complete_and_later_ones_are_refused()
    {
        var hub = _server.Hub();
        var messages = _world.Watch(hub.Channels("a"));
        _world.Do(hub.Dispose);
        var late = _world.Watch(hub.Channels("a"));
        _world.Passes(1);
        Assert.That(($"{messages}", $"{late}", _server.Sessions.Count), Is.EqualTo(("|", "#ObjectDisposedException", 0)));
    }

    [Test]
    public void Its_observers_end_with_their_hub()
    {
        var hub = _server.Hub();
        var messages = _world.Watch(hub.Channels("a"));
        _world.Hub.Dispose();
        Assert.That(messages.Error, Is.InstanceOf<ObjectDisposedException>());
        Assert.That(Story.Of(hub.Channels("a")).Error, Is.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void It_may_be_observed_from_any_thread()
    {
        using var hub = _server.Hub();
        var messages = Story.Of(hub.Channels("a"));
        _world.Passes(1);
        _server.Publishes("a", "1");
        messages.Subscription!.Dispose();
        _world.Passes(1);
        Assert.That(($"{messages}", _server.Sessions[0].Subscribed), Is.EqualTo(("a: 1", Array.Empty<string>())));
    }

    [Test]
    public void Nobody_subscribes_to_nothing()
    {
        using var hub = _server.Hub();
        Assert.That(() => hub.Channels(), Throws.ArgumentException);
        Assert.That(() => new RedisSubHub((RedisClient)null!), Throws.ArgumentNullException);
    }

    [Test]
    public void Many_channels_are_asked_for_together_and_are_back_together()
    {
        using var hub = _server.Hub();
        var all = _world.Watch(hub.Channels([.. Enumerable.Range(0, 2500).Select(n => $"c{n}")]));
        _world.Passes(1);
        _server.Resets();
        _world.Passes(1);
        _server.Publishes("c2499", "x");
        Assert.That(($"{all}", _server.Heard.Count(one => one.StartsWith("subscribe", StringComparison.Ordinal))), Is.EqualTo(("c2499: x", 6)));
    }
}
