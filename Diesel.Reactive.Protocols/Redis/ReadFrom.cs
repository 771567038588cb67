namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Which servers of a cluster, or behind Sentinel, are asked by commands that only read.</summary>
/// <remarks>Replicas are behind their primary by what is on its way: what was written may not be there yet. A replica that cannot be reached is left out for a while;
/// where there is none the primary is asked.</remarks>
public enum ReadFrom
{
    /// <summary>The primary: what was written is read.</summary>
    Primary,

    /// <summary>The replicas in turn.</summary>
    Replicas,

    /// <summary>Whichever of a primary and its replicas answers fastest.</summary>
    Nearest,
}
