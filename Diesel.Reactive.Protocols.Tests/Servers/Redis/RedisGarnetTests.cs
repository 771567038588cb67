using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>The client and Garnet, another server that speaks Redis's protocol; of RESP3 it has not all.</summary>
public class RedisGarnetTests() : RedisFamilies(RespVersion.Resp2)
{
    private protected override RedisServer NewServer() => RedisServer.StartGarnet();
}
