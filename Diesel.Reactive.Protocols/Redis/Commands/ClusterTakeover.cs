namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How a replica takes its primary's place.</summary>
public enum ClusterTakeover
{
    /// <summary>In agreement with its primary; nothing is lost.</summary>
    Agreed,

    /// <summary>Without its primary, which may be down.</summary>
    Force,

    /// <summary>Without anybody's agreement.</summary>
    Takeover,
}
