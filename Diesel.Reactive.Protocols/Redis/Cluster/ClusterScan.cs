using System.Globalization;
using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Goes through the keys of one primary after the other. Its cursors say at whom it is: <c>17@5461@host:port</c>. A shard that has another primary
/// meanwhile is gone through anew, as a cursor means nothing to anybody but who gave it.</summary>
internal static class ClusterScan
{
    private const string Begin = "0";

    public static ClusterPlan Plan(IRedisCommand command, ClusterMap map)
    {
        Bytes[] arguments = [.. command.Arguments];
        var (cursor, slot, server) = Read(arguments.Length > 0 ? arguments[0].ToText() : Begin, map);
        if (map[slot] is not { } shard)
        {
            return new([], static _ => Resp.Error(Detour.Unserved().Message));
        }

        var primary = NameOf(shard.Primary);
        Bytes[] asked = [server == primary ? cursor : Begin, .. arguments.Skip(1)];
        return new(
            [new Leg(new RedisCommand<RespValue>(command.Name, Reply.Any, asked) { IsReadOnly = true }, null, shard.Primary)],
            replies => Next(replies[0], slot, primary, map));
    }

    private static RespValue Next(RespValue reply, int slot, string server, ClusterMap map)
    {
        if (reply.IsError)
        {
            return reply;
        }

        var (cursor, items) = reply.ToItems() is [var next, var found] ? (next.ToText(), found) : throw new ProtocolException("A reply arrived that is no page of a scan.");
        var further = cursor != Begin ? Text(cursor, slot, server) : map.After(slot) is { } after ? Text(Begin, after, "") : Begin;
        return Resp.Array(Resp.Bulk(further), items);
    }

    private static (string Cursor, int Slot, string Server) Read(string cursor, ClusterMap map) =>
        cursor.Split('@', 3) is [var own, var slot, var server] && int.TryParse(slot, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < KeySlot.Count
            ? (own, number, server)
            : (Begin, map.First, "");

    private static string Text(string cursor, int slot, string server) => string.Create(CultureInfo.InvariantCulture, $"{cursor}@{slot}@{server}");

    private static string NameOf(EndPoint server) => server is DnsEndPoint name ? string.Create(CultureInfo.InvariantCulture, $"{name.Host}:{name.Port}") : $"{server}";
}
