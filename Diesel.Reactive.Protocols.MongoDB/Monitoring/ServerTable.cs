using System.Net;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>The servers that are known, each with its connections and its monitor.</summary>
/// <param name="monitored">Is told what servers say.</param>
/// <param name="failed">Is told of a connection that could not be made ready: where, why, and of which generation.</param>
/// <param name="events">Is told what happens to connections.</param>
/// <param name="hub">Where they live.</param>
internal sealed class ServerTable(IMonitored monitored, Action<EndPoint, Exception, int> failed, ClientEvents events, Hub hub) : IDisposable
{
    private readonly Dictionary<EndPoint, MongoServer> _servers = [];
    private MongoLogIn? _logIn;

    public MongoServer this[EndPoint endPoint] => _servers[endPoint];

    public IEnumerable<MongoServer> All => _servers.Values;

    public PoolCounts Counts => _servers.Values.Aggregate(default(PoolCounts), static (sum, server) => server.Pool.Counts is var counts ? new(
        sum.Max + counts.Max, sum.Lent + counts.Lent, sum.Idle + counts.Idle, sum.Pending + counts.Pending, sum.Waiting + counts.Waiting, sum.Created + counts.Created,
        sum.Closed + counts.Closed, sum.Failed + counts.Failed, sum.TimedOut + counts.TimedOut) : default);

    /// <returns>Null: it is not known.</returns>
    public MongoServer? Find(EndPoint endPoint) => _servers.GetValueOrDefault(endPoint);

    /// <summary>Has what a topology has; connections are opened to those that have said what they are.</summary>
    public void Take(MongoTopology topology, MongoOptions options, MongoTopologyOptions said)
    {
        foreach (var gone in _servers.Keys.Where(known => topology.Find(known) is null).ToArray())
        {
            _servers.Remove(gone, out var server);
            server!.Dispose();
        }

        foreach (var known in topology.All)
        {
            var server = _servers.GetValueOrDefault(known.Server) ?? Add(known, options, said);
            server.Description = known;
            if (known.HasData || (known.Kind != MongoServerKind.Unknown && topology.Kind == MongoTopologyKind.Single))
            {
                server.Pool.Ready();
            }
        }
    }

    public void Dispose()
    {
        foreach (var server in _servers.Values)
        {
            server.Dispose();
        }
    }

    private MongoServer Add(MongoServerDescription known, MongoOptions options, MongoTopologyOptions said)
    {
        var endPoint = known.Server;
        var isBalancer = known.Kind == MongoServerKind.Balancer;
        var dial = new MongoDial(endPoint, options, _logIn ??= new(options, hub), events, hub, isBalancer);
        var pool = new MongoPool(endPoint, options, dial, events, (error, generation) => failed(endPoint, error, generation), hub);
        var server = new MongoServer(known, pool, isBalancer ? null : new MongoMonitor(endPoint, options, said, monitored, hub));
        _servers.Add(endPoint, server);
        server.Monitor?.Begin();
        return server;
    }
}
