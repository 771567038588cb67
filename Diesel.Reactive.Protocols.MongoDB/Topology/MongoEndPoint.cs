using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Servers as they name one another: <c>host:27017</c>, <c>[::1]:27017</c>.</summary>
internal static class MongoEndPoint
{
    /// <returns>Null: it is none.</returns>
    public static EndPoint? Parse(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
        {
            return new UnixDomainSocketEndPoint(text);
        }

        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']') && (text.StartsWith('[') || text.IndexOf(':', StringComparison.Ordinal) == colon);
        var host = (hasPort ? text[..colon] : text).Trim('[', ']').ToLowerInvariant();
        var port = MongoConnectionString.Port;
        return host.Length > 0 && (!hasPort || (int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue))
            ? new DnsEndPoint(host, port)
            : null;
    }

    public static string Shown(EndPoint server) => server is DnsEndPoint name ? $"{name.Host}:{name.Port}" : $"{server}";
}
