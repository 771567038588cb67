using System.Diagnostics;
using System.Net;

namespace Diesel.Reactive.Protocols;

/// <summary>Where calls go, as OpenTelemetry names it.</summary>
/// <param name="System">The kind of database: <c>redis</c>.</param>
/// <param name="Server">Where to.</param>
/// <param name="Namespace">Which of its databases; null: there are none.</param>
/// <param name="StatusOf">The server's own code of an error; null: it is not the server's.</param>
/// <param name="Clock">What times are read from.</param>
internal sealed record CallSite(string System, EndPoint Server, string? Namespace, Func<Exception, string?> StatusOf, TimeProvider Clock)
{
    /// <summary>Where the server is.</summary>
    public KeyValuePair<string, object?>[] Place { get; } = PlaceOf(Server);

    /// <summary>What all connections to it are called together.</summary>
    public string Pool { get; } = $"{Server.Shown()}{(Namespace is null ? "" : $"/{Namespace}")}";

    /// <summary>Where a server is.</summary>
    public static KeyValuePair<string, object?>[] PlaceOf(EndPoint server) => server switch
    {
        DnsEndPoint host => [new("server.address", host.Host), new("server.port", host.Port)],
        IPEndPoint ip => [new("server.address", ip.Address.ToString()), new("server.port", ip.Port)],
        _ => [new("server.address", server.ToString())],
    };

    /// <summary>What is said of a call.</summary>
    public TagList Tags(string operation, int batchSize)
    {
        var tags = new TagList(Place) { { "db.system.name", System }, { "db.operation.name", operation } };
        if (Namespace is not null)
        {
            tags.Add("db.namespace", Namespace);
        }

        if (batchSize > 1)
        {
            tags.Add("db.operation.batch.size", batchSize);
        }

        return tags;
    }
}
