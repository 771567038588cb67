using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>The client and Garnet, another server that speaks Redis's protocol.</summary>
[TestFixture(RespVersion.Resp2)]
[TestFixture(RespVersion.Resp3)]
public class RedisGarnetTests(RespVersion version) : RedisFamilies(version)
{
    private protected override RedisServer NewServer() => RedisServer.StartGarnet();
}
