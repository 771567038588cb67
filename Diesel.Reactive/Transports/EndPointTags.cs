using System.Net;

namespace Diesel.Reactive;

/// <summary>An endpoint as OpenTelemetry's attributes have it.</summary>
internal static class EndPointTags
{
    /// <summary><c>server.address</c> and <c>server.port</c>.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Of(EndPoint server) => Of(server, "server");

    public static IEnumerable<KeyValuePair<string, object?>> Of(EndPoint endPoint, string whose)
    {
        var (address, port) = endPoint switch
        {
            IPEndPoint ip => (ip.Address.ToString(), (int?)ip.Port),
            DnsEndPoint dns => (dns.Host, dns.Port),
            _ => (endPoint.ToString() ?? "", null),
        };
        yield return new($"{whose}.address", address);
        if (port is not null)
        {
            yield return new($"{whose}.port", port);
        }
    }
}
