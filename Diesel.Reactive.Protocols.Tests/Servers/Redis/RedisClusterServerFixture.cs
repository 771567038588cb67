using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A cluster of redis-servers for a class of tests, three primaries and a replica of each, and a client of it.</summary>
public abstract class RedisClusterServerFixture
{
    private protected Live Live { get; private set; } = null!;

    private protected RedisClusterServers Servers { get; private set; } = null!;

    private protected RedisClient Redis { get; private set; } = null!;

    [OneTimeSetUp]
    public void Start()
    {
        Live = new Live();

        // On a loaded machine a server may pause for longer than the usual: it is not to be taken for dead.
        Servers = new RedisClusterServers(Live, nodeTimeout: 15_000);
        Redis = new RedisClient(Servers.Uri, hub: Live.Hub);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        Redis?.Dispose();
        Servers?.Dispose();
        Live?.Dispose();
    }

    // Who is not done in time says how it stands.
    private protected void Run(Func<Task> work)
    {
        try
        {
            Live.Run(work);
        }
        catch (TimeoutException)
        {
            TestContext.Out.WriteLine(Servers.Picture());
            throw;
        }
    }
}
