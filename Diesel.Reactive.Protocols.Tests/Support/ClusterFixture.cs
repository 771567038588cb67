using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A cluster for each test of a class, and a client of it that has not asked anything.</summary>
public abstract class ClusterFixture
{
    private protected World World { get; private set; } = null!;

    private protected ClusterFake Cluster { get; private set; } = null!;

    private protected RedisClient Redis { get; private set; } = null!;

    [SetUp]
    public void Begin()
    {
        World = new World();
        Cluster = new ClusterFake(World);
        Redis = Cluster.Client();
    }

    [TearDown]
    public void End()
    {
        Redis.Dispose();
        Cluster.Dispose();
        World.Dispose();
    }
}
