using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Who knows which servers there are: they themselves, or Sentinels.</summary>
internal interface IShardSource : IDisposable
{
    /// <summary>Whether keys have slots, of which a command uses one only.</summary>
    bool HasSlots { get; }

    /// <summary>Whether a server that is no primary any more goes on as if it were: then what is in flight there is worth nothing.</summary>
    bool DropsAtOnce { get; }

    /// <summary>What a server has to be.</summary>
    RedisRole RoleOf(bool isReplica);

    /// <summary>Finds out who has what now.</summary>
    /// <param name="ready">The servers to which there is a connection.</param>
    /// <param name="known">All that were known last, and are not among them.</param>
    /// <remarks>Errors: what the last that was asked came to.</remarks>
    Task<ClusterMap> Read(IEnumerable<RedisLink> ready, IEnumerable<EndPoint> known);
}
