using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Subscriptions that the server refuses, and observers that throw.</summary>
public class RedisSubHubRefusalTests : RedisFakeFixture
{
    [TestCase(RespVersion.Resp2)]
    [TestCase(RespVersion.Resp3)]
    public void A_refusal_reaches_who_subscribed_and_each_reply_its_own_caller(RespVersion version)
    {
        using var redis = Server.Client(new() { Protocol = version });
        using var hub = new RedisSubHub(redis);
        Server.Refuses = command => command.Contains("secret", StringComparison.Ordinal) ? "NOPERM No permissions to access a channel"
            : command.StartsWith("ssubscribe", StringComparison.Ordinal) ? "MOVED 866 10.0.0.2:6379" : null;
        World.Watch(redis.Set("k0", "v0").Concat(redis.Set("k1", "v1")).Concat(redis.Set("k2", "v2")));
        Story<Bytes?>[] gets = [new(), new(), new()];
        var (secret, shard, open) = (new Story<RedisMessage>(), new Story<RedisMessage>(), new Story<RedisMessage>());
        World.Do(() =>
        {
            redis.Get("k0").Subscribe(gets[0]);
            hub.Channels("secret").Subscribe(secret);
            redis.Get("k1").Subscribe(gets[1]);
            hub.Shards("elsewhere").Subscribe(shard);
            hub.Channels("open").Subscribe(open);
            redis.Get("k2").Subscribe(gets[2]);
        });
        World.Passes(1);
        Server.Publishes("open", "x");
        Assert.That(gets.Select(get => $"{get}"), Is.EqualTo(new[] { "v0 |", "v1 |", "v2 |" }));
        Assert.That(((secret.Error as RedisErrorException)?.Code, (shard.Error as RedisErrorException)?.Code, $"{open}"), Is.EqualTo(("NOPERM", "MOVED", "open: x")));
    }

    [Test]
    public void Of_several_that_are_asked_for_together_only_the_refused_one_is()
    {
        using var hub = Server.Hub();
        Server.Refuses = command => command.StartsWith("subscribe", StringComparison.Ordinal) && command.Contains("secret", StringComparison.Ordinal) ? "NOPERM no" : null;
        var all = new[] { "a", "secret", "b" }.Select(name => (Story: new Story<RedisMessage>(), Source: hub.Channels(name))).ToArray();
        World.Do(() => Array.ForEach(all, each => each.Source.Subscribe(each.Story)));
        var opened = all.Select(each => $"{World.Watch(each.Source.Opened)}").ToArray();
        Assert.That(opened, Is.EqualTo(new[] { "() |", "#RedisErrorException", "() |" }));
        Assert.That(all.Select(each => $"{each.Story}"), Is.EqualTo(new[] { "", "#RedisErrorException", "" }));
    }

    [Test]
    public void Who_was_refused_may_try_again()
    {
        using var hub = Server.Hub();
        Server.Refuses = _ => Server.Heard.Count == 2 ? "NOPERM no" : null;
        var subscription = hub.Channels("a");
        var messages = World.Watch(subscription.Retry(2));
        World.Passes(1);
        Server.Publishes("a", "x");
        Assert.That(($"{messages}", $"{World.Watch(subscription.Opened)}"), Is.EqualTo(("a: x", "() |")));
    }

    [Test]
    public void An_observer_that_throws_harms_itself_alone()
    {
        using var hub = Server.Hub();
        var bad = hub.Channels("a", "b");
        World.Do(() => bad.Subscribe(_ => throw new InvalidOperationException("no")));
        World.Do(() => bad.Opened.Subscribe(_ => throw new InvalidOperationException("no")));
        var good = World.Watch(hub.Channels("a"));
        Server.Publishes("a", "1");
        Server.Publishes("a", "2");
        Assert.That(($"{good}", Server.Sessions[0].Subscribed, World.Errors.Count), Is.EqualTo(("a: 1 a: 2", new[] { "a" }, 2)));
    }
}
