namespace Diesel.Reactive.Tests;

/// <summary>A <see cref="RedisFake"/> for each test, in a world of its own.</summary>
public abstract class RedisFakeFixture
{
    internal World World { get; private set; } = null!;

    internal RedisFake Server { get; private set; } = null!;

    [SetUp]
    public void SetUp()
    {
        World = new World();
        Server = new RedisFake(World);
    }

    [TearDown]
    public void TearDown()
    {
        Server.Dispose();
        World.Dispose();
    }
}
