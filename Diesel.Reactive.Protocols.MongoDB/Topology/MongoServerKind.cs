namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What a server is to others.</summary>
public enum MongoServerKind
{
    /// <summary>Nobody knows: it was not asked yet, or did not answer.</summary>
    Unknown,

    /// <summary>One by itself.</summary>
    Standalone,

    /// <summary>A router of a sharded cluster (<c>mongos</c>).</summary>
    Router,

    /// <summary>The member of a replica set that is written to.</summary>
    Primary,

    /// <summary>A member that follows the primary.</summary>
    Secondary,

    /// <summary>A member that only votes.</summary>
    Arbiter,

    /// <summary>A member that is none of these, or is hidden.</summary>
    Other,

    /// <summary>A member that does not know its set.</summary>
    Ghost,

    /// <summary>A balancer, behind which servers are.</summary>
    Balancer,
}
