namespace Diesel.Reactive.Tests;

/// <summary>A <see cref="RedisStub"/> for each test, in a world of its own.</summary>
public abstract class RedisStubFixture
{
    internal World World { get; private set; } = null!;

    internal RedisStub Server { get; private set; } = null!;

    [SetUp]
    public void SetUp()
    {
        World = new World();
        Server = new RedisStub(World);
    }

    [TearDown]
    public void TearDown()
    {
        Server.Dispose();
        World.Dispose();
    }
}
