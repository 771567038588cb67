using System.Net;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What the records of a name say: its servers, and options.</summary>
/// <remarks>Source: the driver specifications' <c>initial-dns-seedlist-discovery</c>.</remarks>
internal sealed class SrvSeeds(MongoConnectionString connectionString, Hub hub) : IDisposable
{
    private static readonly HashSet<string> Admitted = new(["authSource", "replicaSet", "loadBalanced"], StringComparer.OrdinalIgnoreCase);

    private readonly Random _random = new Random(unchecked((int)hub.Now.Ticks));
    private Resolver? _own;

    private Resolver Resolver => connectionString.Options.Resolver ?? (_own ??= Resolver.System(hub));

    /// <exception cref="DnsException">The name has no servers, or nobody could tell.</exception>
    /// <exception cref="ArgumentException">Its records say what they may not.</exception>
    public async Task<(IReadOnlyCollection<EndPoint> Servers, MongoOptions Options, MongoTopologyOptions Topology, TimeSpan TimeToLive)> Find()
    {
        var name = connectionString.SrvName!;
        var service = $"_{connectionString.Topology.SrvServiceName}._tcp.{name}";
        var records = await Resolver.Srv(service);
        if (records.Count == 0)
        {
            throw new ArgumentException($"There is no record for {service}: {name} has no servers of MongoDB.");
        }

        var servers = records.Select(record => Checked(record.Target.ToString().TrimEnd('.').ToLowerInvariant(), record.Port, name)).Distinct().ToArray();
        var settings = WithTexts(await Resolver.Txt(name), new(connectionString.Options, connectionString.Topology));
        MongoParameters.Check(settings, servers.Length == 1 || !settings.Topology.IsLoadBalanced ? 1 : servers.Length, isSrv: true);
        return (Some(servers, settings.Topology.SrvMaxHosts), settings.Options, settings.Topology, records.Min(static record => record.TimeToLive));
    }

    public void Dispose() => _own?.Dispose();

    // Whoever may write records of a name may not send its users elsewhere.
    private static DnsEndPoint Checked(string target, int port, string name)
    {
        var labels = name.Split('.');
        var domain = labels.Length < 3 ? name : string.Join('.', labels[1..]);
        return target.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase)
            ? new DnsEndPoint(target, port)
            : throw new ArgumentException($"The records of {name} name the server {target}, which is not within {domain}.");
    }

    private MongoSettings WithTexts(IReadOnlyList<string> texts, MongoSettings settings)
    {
        if (texts.Count > 1)
        {
            throw new ArgumentException($"{connectionString.SrvName} has {texts.Count} records of text, where one may have options.");
        }

        var pairs = texts.Count == 0 ? [] : texts[0].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static pair => pair.Split('=', 2) is [var key, var value]
            ? (Key: key, Value: Uri.UnescapeDataString(value))
            : throw new ArgumentException("A record of text has an option without '='.")).ToArray();
        if (Array.Find(pairs, static pair => !Admitted.Contains(pair.Key)).Key is { } other)
        {
            throw new ArgumentException($"A record of text sets {other}: there may be {string.Join(", ", Admitted)}.");
        }

        // What the connection string says itself holds.
        var mine = settings;
        return MongoParameters.Read(pairs.Where(pair => pair.Key.ToUpperInvariant() switch
        {
            "AUTHSOURCE" => mine.Options.AuthSource is null || mine.Options.AuthSource == connectionString.Database,
            "REPLICASET" => mine.Topology.ReplicaSet is null,
            _ => !mine.Topology.IsLoadBalanced,
        }), settings with { IsTls = settings.Options.Tls is not null }, isSrv: true, out _);
    }

    private EndPoint[] Some(EndPoint[] servers, int most)
    {
        if (most > 0 && most < servers.Length)
        {
            _random.Shuffle(servers);
            return servers[..most];
        }

        return servers;
    }
}
