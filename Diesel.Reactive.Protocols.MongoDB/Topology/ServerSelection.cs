using System.Collections.Immutable;
using System.Net;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Which servers a call may go to: no clock, no connection, no chance.</summary>
/// <remarks>Source: the driver specifications' <c>server-selection</c> and <c>max-staleness</c>.</remarks>
internal static class ServerSelection
{
    // How often a primary writes by itself, at least.
    private static readonly TimeSpan IdleWrites = TimeSpan.FromSeconds(10);

    /// <param name="topology">What is known.</param>
    /// <param name="preference">Where a call may read; null: it writes.</param>
    /// <param name="options">How near, and how often is asked.</param>
    /// <param name="shunned">Those with which the call has just failed: of a sharded cluster they are taken if there are no others.</param>
    /// <returns>Of those that suit the nearest, and those about as near.</returns>
    /// <exception cref="ArgumentException">The preference wants what cannot be told.</exception>
    public static ImmutableArray<MongoServerDescription> Candidates(
        MongoTopology topology, ReadPreference? preference, MongoTopologyOptions options, IReadOnlyCollection<EndPoint>? shunned = null)
    {
        var suitable = Suitable(topology, preference, options.HeartbeatInterval);
        if (shunned is { Count: > 0 } && topology.Kind == MongoTopologyKind.Sharded && suitable.RemoveAll(each => shunned.Contains(each.Server)) is { IsEmpty: false } others)
        {
            suitable = others;
        }

        return Near(suitable, options.LocalThreshold);
    }

    private static ImmutableArray<MongoServerDescription> Suitable(MongoTopology topology, ReadPreference? preference, TimeSpan heartbeat) => topology.Kind switch
    {
        MongoTopologyKind.Unknown => [],
        MongoTopologyKind.Single or MongoTopologyKind.Sharded or MongoTopologyKind.LoadBalanced => topology.All.RemoveAll(static server => server.Kind == MongoServerKind.Unknown),
        _ => preference is null ? Primary(topology) : Members(topology, preference, heartbeat),
    };

    private static ImmutableArray<MongoServerDescription> Members(MongoTopology topology, ReadPreference preference, TimeSpan heartbeat)
    {
        if (preference.MaxStaleness is { } limit && limit < heartbeat + IdleWrites)
        {
            throw new ArgumentException($"A staleness of {limit} cannot be told when servers are asked every {heartbeat}: it is at least {heartbeat + IdleWrites}.");
        }

        var secondaries = Fresh(topology, Of(topology, MongoServerKind.Secondary), preference.MaxStaleness, heartbeat);
        return preference.Mode switch
        {
            ReadMode.Primary => Primary(topology),
            ReadMode.PrimaryPreferred => Primary(topology) is { IsEmpty: false } primary ? primary : Tagged(secondaries, preference.Tags),
            ReadMode.Secondary => Tagged(secondaries, preference.Tags),
            ReadMode.SecondaryPreferred => Tagged(secondaries, preference.Tags) is { IsEmpty: false } some ? some : Primary(topology),
            _ => Tagged([.. Primary(topology), .. secondaries], preference.Tags),
        };
    }

    private static ImmutableArray<MongoServerDescription> Primary(MongoTopology topology) => Of(topology, MongoServerKind.Primary);

    private static ImmutableArray<MongoServerDescription> Of(MongoTopology topology, MongoServerKind kind) => topology.All.RemoveAll(server => server.Kind != kind);

    private static ImmutableArray<MongoServerDescription> Fresh(MongoTopology topology, ImmutableArray<MongoServerDescription> secondaries, TimeSpan? limit, TimeSpan heartbeat)
    {
        if (limit is null)
        {
            return secondaries;
        }

        var (primary, newest) = (topology.Primary, secondaries.Max(static server => server.LastWrite));
        return secondaries.RemoveAll(server => Staleness(server) > limit);

        // Against the primary, as far as the clocks of the two differ since they were asked; without one, against the freshest.
        TimeSpan? Staleness(MongoServerDescription server) => primary is null
            ? newest - server.LastWrite + heartbeat
            : server.At - primary.At + (primary.LastWrite - server.LastWrite) + heartbeat;
    }

    private static ImmutableArray<MongoServerDescription> Tagged(ImmutableArray<MongoServerDescription> servers, IReadOnlyList<IReadOnlyDictionary<string, string>>? sets)
    {
        if (sets is not { Count: > 0 })
        {
            return servers;
        }

        foreach (var set in sets)
        {
            var fitting = servers.RemoveAll(server => !set.All(tag => server.Tags.TryGetValue(tag.Key, out var value) && value == tag.Value));
            if (!fitting.IsEmpty)
            {
                return fitting;
            }
        }

        return [];
    }

    private static ImmutableArray<MongoServerDescription> Near(ImmutableArray<MongoServerDescription> servers, TimeSpan threshold)
    {
        if (servers.Length < 2)
        {
            return servers;
        }

        var nearest = servers.Min(static server => server.RoundTrip ?? TimeSpan.Zero);
        return servers.RemoveAll(server => (server.RoundTrip ?? TimeSpan.Zero) > nearest + threshold);
    }
}
