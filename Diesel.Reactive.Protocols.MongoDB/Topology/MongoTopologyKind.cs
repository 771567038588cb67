namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What servers are to one another.</summary>
public enum MongoTopologyKind
{
    /// <summary>Nobody knows: none has answered yet.</summary>
    Unknown,

    /// <summary>One server, which is talked to as it is.</summary>
    Single,

    /// <summary>A replica set of which nobody is known to be primary.</summary>
    ReplicaSetNoPrimary,

    /// <summary>A replica set with its primary.</summary>
    ReplicaSetWithPrimary,

    /// <summary>Routers of a sharded cluster.</summary>
    Sharded,

    /// <summary>A balancer.</summary>
    LoadBalanced,
}
