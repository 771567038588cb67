namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a connection string leads to.</summary>
internal static class RedisTopologies
{
    /// <summary>Prepares it; nothing is dialled yet.</summary>
    public static RedisTopology Open(RedisConnectionString target, Hub hub, RedisUse use = RedisUse.Commands)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Service is not null ? new ClusterTopology(target, hub, use, static servers => new SentinelSource(servers))
            : target.Servers.Count > 1 || target.Options.Cluster is not null ? new ClusterTopology(target, hub, use, static servers => new ClusterSource(servers.Target, servers.Hub))
            : new RedisLink(target, hub, use);
    }
}
