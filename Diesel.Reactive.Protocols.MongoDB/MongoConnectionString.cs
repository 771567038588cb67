using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Where MongoDB is and who connects: <c>mongodb://user:password@host:27017/database?key=value</c>.</summary>
/// <remarks>A key that is not known, and a value that its key cannot have, is told in <see cref="Warnings"/> and left out, as the driver specifications
/// want it; what contradicts itself is an error.</remarks>
public sealed class MongoConnectionString
{
    /// <summary>The servers' port where none is said.</summary>
    public const int Port = 27017;

    internal MongoConnectionString(IReadOnlyList<EndPoint> servers, string? srvName, string? database, MongoOptions options, MongoTopologyOptions topology, ImmutableArray<string> warnings) =>
        (Servers, SrvName, Database, Options, Topology, Warnings) = (servers, srvName, database, options, topology, warnings);

    /// <summary>The servers; of <c>mongodb+srv</c> none, as they are asked for.</summary>
    public IReadOnlyList<EndPoint> Servers { get; }

    /// <summary>Of <c>mongodb+srv</c> the name that has the servers; null: it is not that.</summary>
    public string? SrvName { get; }

    /// <summary>What stands behind the hosts; null: nothing does.</summary>
    public string? Database { get; }

    /// <summary>Who connects, and bounds that were given along.</summary>
    public MongoOptions Options { get; }

    /// <summary>What the servers are to one another.</summary>
    public MongoTopologyOptions Topology { get; }

    /// <summary>What was left out, and why; none of them shows a secret.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads a connection string.</summary>
    /// <param name="text">The string.</param>
    /// <param name="options">What it does not say; null for the defaults.</param>
    /// <returns>Where to connect to, and as whom.</returns>
    /// <exception cref="ArgumentException">It is none, or contradicts itself. The message shows nothing that could be a secret.</exception>
    public static MongoConnectionString Parse(string text, MongoOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return new MongoUriParser(text).Parse(options ?? new());
    }

    /// <summary>The string with its password: for another program, never for a log.</summary>
    /// <returns>A string, which <see cref="Parse"/> reads.</returns>
    public string ToSecretString() => Text(static secret => Uri.EscapeDataString(secret));

    /// <summary>The string, with <c>***</c> for the password.</summary>
    public override string ToString() => Text(static _ => "***");

    private static string Host(EndPoint server) => server switch
    {
        UnixDomainSocketEndPoint socket => Uri.EscapeDataString($"{socket}"),
        DnsEndPoint name => $"{(name.Host.Contains(':', StringComparison.Ordinal) ? $"[{name.Host}]" : name.Host)}:{name.Port}",
        _ => $"{server}",
    };

    private string Text(Func<string, string> shown)
    {
        var text = new StringBuilder(SrvName is null ? "mongodb://" : "mongodb+srv://");
        if (Options.User is { } user)
        {
            text.Append(Uri.EscapeDataString(user)).Append(Options.Password is null ? "" : $":{shown(Options.Password)}").Append('@');
        }

        text.Append(SrvName).AppendJoin(',', Servers.Select(Host)).Append('/').Append(Uri.EscapeDataString(Database ?? ""));
        return text.Append(MongoParameters.Text(new(Options, Topology), SrvName is not null)).ToString();
    }
}

/// <summary>What servers are to one another, as a connection string says it.</summary>
public sealed record MongoTopologyOptions
{
    /// <summary>The name of the replica set; null: whatever it is.</summary>
    public string? ReplicaSet { get; init; }

    /// <summary>Whether the one server is talked to as it is, whatever else it belongs to; null: as the servers say.</summary>
    public bool? IsDirect { get; init; }

    /// <summary>Whether a balancer stands before the servers.</summary>
    public bool IsLoadBalanced { get; init; }

    /// <summary>How many of the servers a name has are taken; 0: all.</summary>
    public int SrvMaxHosts { get; init; }

    /// <summary>What the servers are called in the name's records.</summary>
    public string SrvServiceName { get; init; } = "mongodb";

    /// <summary>How often servers are asked how they are.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How servers are asked. Default: they say by themselves when something has changed, where they can.</summary>
    public MongoMonitoring Monitoring { get; init; }

    /// <summary>How long a call waits for a server that suits it; its own time limit holds too.</summary>
    public TimeSpan ServerSelectionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much farther than the nearest a server may be.</summary>
    public TimeSpan LocalThreshold { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>Whether what is written is tried once more when its connection was lost.</summary>
    public bool RetryWrites { get; init; } = true;
}

/// <summary>How servers are asked how they are.</summary>
public enum MongoMonitoring
{
    /// <summary>They say by themselves when something has changed, where they can.</summary>
    Auto,

    /// <summary>They are asked again and again.</summary>
    Poll,

    /// <summary>As <see cref="Auto"/>.</summary>
    Stream,
}
