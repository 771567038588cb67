using System.Net;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A server: what is known of it, the connections to it, who asks how it is.</summary>
internal sealed class MongoServer(MongoServerDescription description, MongoPool pool, MongoMonitor? monitor) : IDisposable
{
    public EndPoint EndPoint => pool.Server;

    public MongoPool Pool => pool;

    /// <summary>Null: a balancer is not asked.</summary>
    public MongoMonitor? Monitor => monitor;

    public MongoServerDescription Description { get; set; } = description;

    /// <summary>Calls that go to it now.</summary>
    public int Load { get; set; }

    public void Dispose()
    {
        monitor?.Dispose();
        pool.Dispose();
    }

    public override string ToString() => MongoEndPoint.Shown(EndPoint);
}
