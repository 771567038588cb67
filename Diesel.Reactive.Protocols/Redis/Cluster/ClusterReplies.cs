using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What the servers of a cluster say of each other.</summary>
internal static class ClusterReplies
{
    /// <summary>Reads <c>CLUSTER SHARDS</c>.</summary>
    /// <param name="reply">What it gave.</param>
    /// <param name="asked">Whom: the host of who says none of itself.</param>
    /// <param name="isTls">Which of two ports is meant.</param>
    /// <exception cref="ProtocolException">It is something else.</exception>
    public static ClusterMap Shards(RespValue reply, EndPoint asked, bool isTls) => new(Checked(
        from shard in reply.ToItems()
        let fields = Reply.Named(shard)
        let nodes = (from node in Reply.In(fields, "nodes").ToItems() let about = Reply.Named(node) let at = PlaceOf(about, asked, isTls) where at is not null select (At: at, About: about)).ToArray()
        let primary = nodes.Where(static node => Is(node.About, "role", "master")).OrderBy(static node => Is(node.About, "health", "online") ? 0 : 1).FirstOrDefault().At
        where primary is not null
        let replicas = nodes.Where(static node => Is(node.About, "role", "replica") && Is(node.About, "health", "online")).Select(static node => node.At)
        select (new Shard(primary, [.. replicas]), Ranges(Reply.In(fields, "slots")))));

    /// <summary>Reads <c>CLUSTER SLOTS</c>.</summary>
    /// <param name="reply">What it gave.</param>
    /// <param name="asked">Whom: the host of who says none of itself.</param>
    /// <exception cref="ProtocolException">It is something else.</exception>
    public static ClusterMap Slots(RespValue reply, EndPoint asked) => new(Checked(
        from range in reply.ToItems()
        let items = range.ToItems()
        where items.Length > 2
        let nodes = items.Skip(2).Select(node => PlaceOf(node, asked)).OfType<EndPoint>().ToArray()
        where nodes.Length > 0
        group (Number(items[0]), Number(items[1])) by new Nodes(nodes) into owner
        select (new Shard(owner.Key.All[0], owner.Key.All[1..]), owner.AsEnumerable())));

    // A range beyond all slots is no cluster's, and each slot has one owner: whoever said more could say it for ever.
    private static IEnumerable<(Shard, IEnumerable<(int First, int Last)>)> Checked(IEnumerable<(Shard Shard, IEnumerable<(int First, int Last)> Slots)> shards)
    {
        var count = 0L;
        foreach (var (shard, slots) in shards)
        {
            var all = slots.ToArray();
            count += all.Sum(static range => 1L + range.Last - range.First);
            yield return count <= KeySlot.Count && Array.TrueForAll(all, static range => range.First >= 0 && range.First <= range.Last && range.Last < KeySlot.Count)
                ? (shard, all)
                : throw new ProtocolException($"{shard.Primary} is said to have slots that there are not: a cluster has {KeySlot.Count}.");
        }
    }

    private static IEnumerable<(int First, int Last)> Ranges(RespValue slots) => slots.ToItems().Chunk(2).Select(static range =>
        range is [var first, var last] ? (Number(first), Number(last)) : throw new ProtocolException("A range of slots has no end."));

    private static EndPoint? PlaceOf(IReadOnlyDictionary<string, RespValue> about, EndPoint asked, bool isTls)
    {
        var port = about.GetValueOrDefault(isTls ? "tls-port" : "port");
        return port.IsNull ? null : Place(about.GetValueOrDefault("endpoint"), about.GetValueOrDefault("ip"), Number(port), asked);
    }

    private static EndPoint? PlaceOf(RespValue node, EndPoint asked)
    {
        var items = node.ToItems();
        var ip = items.Length > 3 && Reply.Named(items[3]) is var more ? more.GetValueOrDefault("ip") : default;
        return items.Length < 2 ? null : Place(items[0], ip, Number(items[1]), asked);
    }

    // Nothing: where the word comes from. A question mark: it has no name, and the address stands beside.
    private static EndPoint? Place(RespValue name, RespValue ip, int port, EndPoint asked)
    {
        var host = name.IsNull ? "" : name.ToText();
        host = host == "?" ? ip.IsNull ? null : ip.ToText() : host;
        return host is null || port is <= 0 or > ushort.MaxValue ? null : Redirect.PlaceOf(host, port, asked);
    }

    private static int Number(RespValue value) => value.ToInt64() is >= int.MinValue and <= int.MaxValue and var number
        ? (int)number
        : throw new ProtocolException("A number of a slot or a port is too large for one.");

    private static bool Is(IReadOnlyDictionary<string, RespValue> about, string name, string value) => about.GetValueOrDefault(name) is { IsNull: false } there && there.ToText() == value;

    /// <summary>The servers of a range; equal when they are the same.</summary>
    private sealed class Nodes(EndPoint[] all) : IEquatable<Nodes>
    {
        public EndPoint[] All => all;

        public bool Equals(Nodes? other) => other is not null && all.AsSpan().SequenceEqual(other.All);

        public override bool Equals(object? obj) => Equals(obj as Nodes);

        public override int GetHashCode() => all[0].GetHashCode();
    }
}
