using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A server that knows no HELLO, as those before Redis 6: RESP2 is spoken by itself.</summary>
public class RedisOldServerTests() : RedisFamilies(version: null)
{
    private protected override RedisServer NewServer() => RedisServer.Start("--rename-command", "HELLO", "");

    [Test]
    public void It_is_spoken_to_as_it_can() =>
        Assert.That((Get(Redis.ClientInfo())["resp"], Get(Redis.Command("ECHO", "x")).ToText()), Is.EqualTo(("2", "x")));

    [Test]
    public void Who_insists_on_the_newer_protocol_is_told()
    {
        using var redis = Client(new() { Protocol = RespVersion.Resp3 });
        Assert.That(() => Get(redis.Ping()), Throws.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("NOPROTO"));
    }
}
