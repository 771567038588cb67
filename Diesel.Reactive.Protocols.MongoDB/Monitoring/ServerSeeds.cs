namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Of <c>mongodb+srv</c>: which servers a name has, and, where they are routers, has later.</summary>
internal sealed class ServerSeeds(MongoConnectionString connectionString, MongoCluster cluster) : IDisposable
{
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(60);

    private readonly SrvSeeds _srv = new(connectionString, cluster.Hub);
    private Loop? _loop;

    public void Begin()
    {
        if (connectionString.SrvName is not null)
        {
            _loop = cluster.Hub.Fork(Run, $"the servers of {connectionString.SrvName}");
        }
    }

    /// <summary>A replica set tells its members itself.</summary>
    public void Changed(MongoTopology topology)
    {
        if (topology.Kind is not (MongoTopologyKind.Unknown or MongoTopologyKind.Sharded))
        {
            _loop?.Dispose();
            _loop = null;
        }
    }

    public void Dispose()
    {
        _loop?.Dispose();
        _srv.Dispose();
    }

    private async Task Run()
    {
        while (true)
        {
            var wait = LeastInterval;
            try
            {
                var seeds = await _srv.Find();
                wait = seeds.TimeToLive > wait ? seeds.TimeToLive : wait;
                cluster.Seeded(seeds.Servers, seeds.Options, seeds.Topology);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // What is known goes on to hold; who waits for the first is told.
                wait = cluster.Said.HeartbeatInterval;
                if (cluster.Topology.All.IsEmpty)
                {
                    cluster.SeedsFailed(error);
                    wait = MongoMonitor.LeastInterval;
                    await cluster.Hub.Sleep(wait);
                    continue;
                }
            }

            await cluster.Hub.Sleep(wait);
        }
    }
}
