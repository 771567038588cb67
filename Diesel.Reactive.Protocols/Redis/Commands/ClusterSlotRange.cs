namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Slots of a cluster, and who has them.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
/// <param name="Nodes">The primary, then its replicas.</param>
public sealed record ClusterSlotRange(int First, int Last, IReadOnlyList<ClusterNode> Nodes)
{
    internal static ClusterSlotRange Read(RespValue value) => value.ToItems() is [var first, var last, .. var nodes]
        ? new(checked((int)first.ToInt64()), checked((int)last.ToInt64()), [.. nodes.Select(ClusterNode.Read)])
        : throw new ProtocolException("A reply arrived that is no range of slots.");
}
