using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Two programs that share what they keep on a server of the fixture's own.</summary>
public abstract class RedisSharingFixture : RedisFixture
{
    internal RedisClient Other { get; private set; } = null!;

    internal RedisCoordination Here { get; private set; } = null!;

    internal RedisCoordination There { get; private set; } = null!;

    [SetUp]
    public void Share()
    {
        Other = Client();
        (Here, There) = (new RedisCoordination(Redis, "shop"), new RedisCoordination(Other, "shop"));
    }

    [TearDown]
    public void Part()
    {
        Here.Dispose();
        There.Dispose();
        Other.Dispose();
    }
}
