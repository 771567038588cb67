using System.Net;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Waits for a server that is written to.</summary>
internal sealed class GreetedWait(MongoCluster cluster) : ServerWait
{
    private readonly AwaitableSource<MongoServer> _found = new("a server that is written to");

    public override ReadPreference? Preference => null;

    public override EndPoint? Pinned => null;

    public override IReadOnlyCollection<EndPoint> Shunned => [];

    /// <summary>What such a server said of itself.</summary>
    /// <param name="limit">How long that may take.</param>
    public async Task<MongoHello> Hello(TimeSpan limit)
    {
        MongoServer server;
        try
        {
            server = cluster.Pick(null) ?? await Find().Timeout(limit, cluster.Hub);
        }
        finally
        {
            cluster.Leave(this);
        }

        if (server.Description.Hello is { } hello)
        {
            return hello;
        }

        // A balancer is not asked: who stands behind it says so to each connection.
        var loan = await server.Pool.Borrow().Timeout(limit, cluster.Hub);
        loan.Return();
        return loan.Connection.Hello;
    }

    public override void Found(MongoServer server) => _found.TrySetResult(server);

    public override void Failed(Exception error) => _found.TrySetException(error);

    private AwaitableSource<MongoServer> Find()
    {
        cluster.Wait(this);
        return _found;
    }
}
