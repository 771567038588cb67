using System.Net;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What becomes of what is known when a server says something: no clock, no connection.</summary>
/// <remarks>Source: the driver specifications' <c>server-discovery-and-monitoring</c>, "Updating the TopologyDescription".</remarks>
internal static class TopologyChange
{
    // MongoDB 6.0: an election weighs more than the version of the set's configuration.
    private const int ElectionsFirst = 17;

    /// <param name="topology">What was known.</param>
    /// <param name="said">By whom, and what.</param>
    /// <returns>The same: nothing was learned.</returns>
    public static MongoTopology With(this MongoTopology topology, MongoServerDescription said)
    {
        if (topology.Find(said.Server) is not { } known || TopologyVersion.IsOlder(known.Version, said.Version))
        {
            return topology;
        }

        return topology.Kind switch
        {
            MongoTopologyKind.LoadBalanced => topology,
            MongoTopologyKind.Single => topology.Put(Named(topology, said)),
            MongoTopologyKind.Unknown => FromUnknown(topology, said),
            MongoTopologyKind.Sharded => said.Kind is MongoServerKind.Unknown or MongoServerKind.Router ? topology.Put(said) : topology.Without(said.Server),
            _ => InSet(topology, said),
        };
    }

    /// <summary>The same of other servers: what a name has now.</summary>
    public static MongoTopology WithServers(this MongoTopology topology, IReadOnlyCollection<EndPoint> servers) => topology with
    {
        All = [.. topology.All.Where(known => servers.Contains(known.Server)), .. servers.Where(server => topology.Find(server) is null).Select(static server => new MongoServerDescription(server))],
    };

    private static MongoServerDescription Named(MongoTopology topology, MongoServerDescription said) => topology.SetName is null || said.Kind == MongoServerKind.Unknown || said.SetName == topology.SetName
        ? said
        : MongoServerDescription.Lost(said.Server, Wrong(topology, said));

    private static MongoTopology FromUnknown(MongoTopology topology, MongoServerDescription said) => said.Kind switch
    {
        MongoServerKind.Unknown or MongoServerKind.Ghost => topology.Put(said),
        MongoServerKind.Standalone => topology.All.Length == 1 ? topology.Put(said) with { Kind = MongoTopologyKind.Single } : topology.Without(said.Server),
        MongoServerKind.Router => topology.Put(said) with { Kind = MongoTopologyKind.Sharded },
        _ => InSet(topology with { Kind = MongoTopologyKind.ReplicaSetNoPrimary }, said),
    };

    private static MongoTopology InSet(MongoTopology topology, MongoServerDescription said)
    {
        if (said.Kind is MongoServerKind.Unknown or MongoServerKind.Ghost)
        {
            return topology.Put(said).Led();
        }

        if (said.Kind is MongoServerKind.Standalone or MongoServerKind.Router || (topology.SetName ?? said.SetName) != said.SetName)
        {
            return topology.Without(said.Server).Led();
        }

        topology = topology with { SetName = said.SetName };
        return (said.Kind == MongoServerKind.Primary ? FromPrimary(topology, said) : FromMember(topology, said)).Led();
    }

    private static MongoTopology FromMember(MongoTopology topology, MongoServerDescription said)
    {
        // With a primary, its list alone counts.
        if (topology.Kind != MongoTopologyKind.ReplicaSetWithPrimary)
        {
            topology = topology.WithMembers(said);
        }

        return said.Me is not null && !said.Me.Equals(said.Server) ? topology.Without(said.Server) : topology.Put(said);
    }

    private static MongoTopology FromPrimary(MongoTopology topology, MongoServerDescription said)
    {
        if (IsStale(topology, said))
        {
            return topology.Put(Deposed(said, "says it is primary, by an election or a configuration that is older than what is known"));
        }

        topology = Elected(topology, said) with
        {
            All = [.. topology.All.Select(other => other.Kind == MongoServerKind.Primary && !other.Server.Equals(said.Server) ? Deposed(other, "was primary, and another one is now") : other)],
        };
        topology = topology.WithMembers(said).Put(said);
        return topology with { All = topology.All.RemoveAll(other => !said.Members.Contains(other.Server)) };
    }

    private static bool IsStale(MongoTopology topology, MongoServerDescription said)
    {
        var (knownElection, knownVersion) = (topology.MaxElectionId, topology.MaxSetVersion);
        if (said.MaxWireVersion >= ElectionsFirst)
        {
            var election = Compare(said.ElectionId, knownElection);
            return election < 0 || (election == 0 && Nullable.Compare(said.SetVersion, knownVersion) < 0);
        }

        return said is { ElectionId: not null, SetVersion: not null } && knownElection is not null && knownVersion is not null
            && (knownVersion > said.SetVersion || (knownVersion == said.SetVersion && Compare(knownElection, said.ElectionId) > 0));
    }

    private static MongoTopology Elected(MongoTopology topology, MongoServerDescription said)
    {
        if (said.MaxWireVersion >= ElectionsFirst)
        {
            return topology with { MaxElectionId = said.ElectionId, MaxSetVersion = said.SetVersion };
        }

        return topology with
        {
            MaxElectionId = said is { ElectionId: not null, SetVersion: not null } ? said.ElectionId : topology.MaxElectionId,
            MaxSetVersion = Nullable.Compare(said.SetVersion, topology.MaxSetVersion) > 0 ? said.SetVersion : topology.MaxSetVersion,
        };
    }

    private static int Compare(ObjectId? one, ObjectId? other) => Nullable.Compare(one, other);

    private static MongoServerDescription Deposed(MongoServerDescription server, string how) =>
        MongoServerDescription.Lost(server.Server, new ConnectionException($"{MongoEndPoint.Shown(server.Server)} {how}.", server.Server), server.Version);

    private static ConnectionException Wrong(MongoTopology topology, MongoServerDescription said) => new(
        $"{MongoEndPoint.Shown(said.Server)} belongs to {(said.SetName is null ? "no replica set" : $"the replica set {said.SetName}")}, and {topology.SetName} was asked for.", said.Server);

    private static MongoTopology Put(this MongoTopology topology, MongoServerDescription said) =>
        topology with { All = [.. topology.All.Select(known => known.Server.Equals(said.Server) ? said : known)] };

    private static MongoTopology Without(this MongoTopology topology, EndPoint server) => topology with { All = topology.All.RemoveAll(known => known.Server.Equals(server)) };

    private static MongoTopology WithMembers(this MongoTopology topology, MongoServerDescription said) =>
        topology with { All = topology.All.AddRange(said.Members.Where(member => topology.Find(member) is null).Distinct().Select(static member => new MongoServerDescription(member))) };

    private static MongoTopology Led(this MongoTopology topology) =>
        topology with { Kind = topology.Primary is null ? MongoTopologyKind.ReplicaSetNoPrimary : MongoTopologyKind.ReplicaSetWithPrimary };
}
