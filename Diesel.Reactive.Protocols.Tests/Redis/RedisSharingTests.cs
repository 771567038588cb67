using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What would change a connection for all who share it.</summary>
public class RedisSharingTests : RedisStubFixture
{
    [TestCase("SUBSCRIBE")]
    [TestCase("multi")]
    [TestCase("BLPOP")]
    [TestCase("SELECT")]
    [TestCase("CLIENT REPLY")]
    [TestCase("client reply OFF")]
    [TestCase("script debug YES")]
    [TestCase("SUBSCRIBE channel")]
    public void What_needs_a_connection_of_its_own_is_refused(string name)
    {
        using var redis = Server.Client();
        Assert.That(() => redis.Command(name, "x"), Throws.InstanceOf<NotSupportedException>().With.Message.Contains(string.Join(' ', name.Split(' ').Take(2))));
        Assert.That(() => redis.Transaction(t => t.Command(name, "x")), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void What_is_written_behind_a_commands_name_is_sent_and_not_shown()
    {
        Server.Answers = command => command.StartsWith("CONFIG", StringComparison.Ordinal) ? [] : null;
        using var redis = Server.Client();
        var set = World.Watch(redis.Command("CONFIG SET requirepass secret", "timeout", 0));
        World.Passes(6);
        Assert.That((Server.Heard[^1], set.Error!.Message), Is.EqualTo(("CONFIG SET requirepass secret timeout 0", set.Error.Message.Replace("secret", "***", StringComparison.Ordinal))));
        Assert.That(set.Error.Message, Does.StartWith("CONFIG SET got no reply"));
    }

    [TestCase("REPLY")]
    [TestCase("tracking")]
    public void What_needs_a_connection_of_its_own_is_refused_however_it_is_written(string subcommand)
    {
        using var redis = Server.Client();
        Assert.That(() => World.Watch(redis.Command("client", subcommand, "SKIP")), Throws.InstanceOf<NotSupportedException>());
        Assert.That(World.Watch(redis.Command("CLIENT", "INFO")).Error, Is.Null);
        Assert.That(() => World.Watch(redis.Command("xread", "COUNT", 1, "block", 0, "STREAMS", "s", "$")), Throws.InstanceOf<NotSupportedException>());
        Assert.That(World.Watch(redis.Command("XREAD", "STREAMS", "BLOCK", "$")).Error, Is.InstanceOf<RedisErrorException>());
    }

    [Test]
    public void A_group_may_be_called_as_it_likes()
    {
        using var redis = Server.Client();
        Assert.That(World.Watch(redis.XReadGroup("block", "block", count: 1, noAck: false, ("s", ">"))).Error, Is.InstanceOf<RedisErrorException>());
        Assert.That(() => World.Watch(redis.Command("XREADGROUP", "GROUP", "streams", "c", "BLOCK", 0, "STREAMS", "s", ">")), Throws.InstanceOf<NotSupportedException>());
    }
}
