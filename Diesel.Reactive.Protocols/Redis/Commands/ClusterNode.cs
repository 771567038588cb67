namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A server of a cluster, as another one sees it.</summary>
/// <param name="Host">Its address or name; empty: that of the server that was asked; null: it is not known.</param>
/// <param name="Port">Its port.</param>
/// <param name="Id">Its id.</param>
public sealed record ClusterNode(string? Host, int Port, string Id)
{
    internal static ClusterNode Read(RespValue value) => value.ToItems() is [var host, var port, .. var more]
        ? new(host.IsNull ? "" : host.ToText() is "?" ? null : host.ToText(), checked((int)port.ToInt64()), more is [var id, ..] ? id.ToText() : "")
        : throw new ProtocolException("A reply arrived that is no server of a cluster.");
}
