using System.Collections.Immutable;
using System.Net;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What is known of all servers at one moment.</summary>
/// <remarks>It does not change: what a server says makes another one. Source: the driver specifications' <c>server-discovery-and-monitoring</c>.</remarks>
public sealed record MongoTopology
{
    /// <summary>The newest version of the protocol that is spoken here.</summary>
    internal const int MostWireVersion = 29;

    internal MongoTopology(MongoTopologyKind kind, string? setName, ImmutableArray<MongoServerDescription> servers) => (Kind, SetName, All) = (kind, setName, servers);

    /// <summary>What they are to one another.</summary>
    public MongoTopologyKind Kind { get; internal init; }

    /// <summary>The name of the replica set; null: nobody knows, or there is none.</summary>
    public string? SetName { get; internal init; }

    /// <summary>The servers, in the order they became known.</summary>
    public IReadOnlyList<MongoServerDescription> Servers => All;

    internal ImmutableArray<MongoServerDescription> All { get; init; }

    internal int? MaxSetVersion { get; init; }

    internal ObjectId? MaxElectionId { get; init; }

    /// <summary>The primary; null: none is known.</summary>
    internal MongoServerDescription? Primary => All.FirstOrDefault(static server => server.Kind == MongoServerKind.Primary);

    /// <summary>How long sessions are kept that nobody uses; null: there are none.</summary>
    internal TimeSpan? SessionTimeout
    {
        get
        {
            var having = All.Where(static server => server.HasData).ToArray();
            return having.Length == 0 || having.Any(static server => server.SessionTimeout is null) ? null : having.Min(static server => server.SessionTimeout);
        }
    }

    /// <summary>Why they cannot be talked to; null: they can.</summary>
    internal string? Trouble => All.Select(Incompatible).FirstOrDefault(static text => text is not null);

    /// <summary>What is known before anybody was asked.</summary>
    internal static MongoTopology Of(IEnumerable<EndPoint> seeds, MongoTopologyOptions options)
    {
        var kind = options.IsLoadBalanced ? MongoTopologyKind.LoadBalanced
            : options.IsDirect == true ? MongoTopologyKind.Single
            : options.ReplicaSet is not null ? MongoTopologyKind.ReplicaSetNoPrimary
            : MongoTopologyKind.Unknown;
        var each = kind == MongoTopologyKind.LoadBalanced ? MongoServerKind.Balancer : MongoServerKind.Unknown;
        return new(kind, options.ReplicaSet, [.. seeds.Distinct().Select(seed => new MongoServerDescription(seed, each) { SessionTimeout = each == MongoServerKind.Balancer ? TimeSpan.FromMinutes(30) : null })]);
    }

    /// <summary>What is known of one; null: it does not belong to them.</summary>
    internal MongoServerDescription? Find(EndPoint server) => All.FirstOrDefault(each => each.Server.Equals(server));

    /// <summary>The kind, and each server.</summary>
    public override string ToString() => $"{Kind}{(SetName is null ? "" : $" {SetName}")} [{string.Join("; ", All)}]";

    private static string? Incompatible(MongoServerDescription server) => server.Kind is MongoServerKind.Unknown or MongoServerKind.Balancer ? null
        : server.MaxWireVersion < MongoHello.LeastWireVersion
            ? $"{MongoEndPoint.Shown(server.Server)} speaks up to version {server.MaxWireVersion} of the protocol: at least {MongoHello.LeastWireVersion} is needed, as MongoDB 4.2 has it."
        : server.MinWireVersion > MostWireVersion
            ? $"{MongoEndPoint.Shown(server.Server)} speaks version {server.MinWireVersion} of the protocol and newer ones: {MostWireVersion} is the newest that is spoken here."
        : null;
}
