using System.Globalization;
using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What Sentinels say of the servers they watch.</summary>
internal static class SentinelReplies
{
    /// <summary>Reads <c>SENTINEL GET-MASTER-ADDR-BY-NAME</c>: address and port.</summary>
    /// <exception cref="ConnectionException">The Sentinel knows no such service, which another may.</exception>
    public static EndPoint Primary(RespValue reply, string service, EndPoint sentinel) =>
        reply.ToException() is { } no ? throw no
        : reply.IsNull ? throw new ConnectionException($"The Sentinel {sentinel} watches no service '{service}'.", sentinel)
        : Place(reply.ToItems() is [var host, var port] ? (host.ToText(), port.ToText()) : default)
            ?? throw new ProtocolException("A reply arrived that is no address of a primary.");

    /// <summary>Reads <c>SENTINEL REPLICAS</c>: those that can be asked.</summary>
    public static EndPoint[] Replicas(RespValue reply, EndPoint sentinel) => reply.IsError ? [] :
    [
        .. from replica in reply.ToItems()
        let fields = Reply.Named(replica)
        let flags = Text(fields, "flags").Split(',')
        where !flags.Contains("s_down") && !flags.Contains("o_down") && !flags.Contains("disconnected") && Text(fields, "master-link-status") != "err"
        let place = Place((Text(fields, "ip"), Text(fields, "port")))
        where place is not null
        select place,
    ];

    /// <summary>Reads what is published at <c>+switch-master</c>: the service, the old address and port, the new ones.</summary>
    /// <returns>The new primary; null: it is of another service, or none.</returns>
    public static EndPoint? Switched(string message, string service) => message.Split(' ') is [var name, _, _, var host, var port] && name == service ? Place((host, port)) : null;

    private static string Text(IReadOnlyDictionary<string, RespValue> fields, string name) => fields.TryGetValue(name, out var value) && !value.IsNull ? value.ToText() : "";

    private static DnsEndPoint? Place((string? Host, string? Port) place) =>
        !string.IsNullOrEmpty(place.Host) && ushort.TryParse(place.Port, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? new(place.Host, port) : null;
}
