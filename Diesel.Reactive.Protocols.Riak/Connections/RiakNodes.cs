namespace Diesel.Reactive.Protocols.Riak;

/// <summary>The nodes of a cluster, and which is asked next. The hub's thread only.</summary>
internal sealed class RiakNodes : IDisposable
{
    private readonly RiakNode[] _nodes;
    private int _turn;

    public RiakNodes(RiakConnectionString where, ClientEvents events, Hub hub)
    {
        (Hub, Events, ClientId) = (hub, events, where.Options.ClientId);
        _nodes = [.. where.Servers.Select(server => new RiakNode(server, where.Options, () => ClientId, events, hub))];
    }

    public Hub Hub { get; }

    public ClientEvents Events { get; }

    /// <summary>What connections call themselves: one that calls itself otherwise is not used again.</summary>
    public Bytes? ClientId { get; set; }

    public IReadOnlyList<RiakNode> All => _nodes;

    /// <summary>The node for the next attempt: one that was not tried; of those one that is well; of those the one with the least to do, or the fewest errors if none is well; of
    /// equals each in turn.</summary>
    /// <param name="tried">In order; when all were, they are tried again.</param>
    public RiakNode Pick(List<RiakNode>? tried)
    {
        if (_nodes.Length == 1)
        {
            return _nodes[0];
        }

        var round = tried is null ? 0 : tried.Count / _nodes.Length * _nodes.Length;
        var best = -1;
        for (var i = 0; i < _nodes.Length; i++)
        {
            var at = (_turn + i) % _nodes.Length;
            if ((tried is null || tried.IndexOf(_nodes[at], round) < 0) && (best < 0 || IsBetter(_nodes[at], _nodes[best])))
            {
                best = at;
            }
        }

        _turn = (best + 1) % _nodes.Length;
        return _nodes[best];
    }

    public void Dispose() => Array.ForEach(_nodes, static node => node.Dispose());

    private static bool IsBetter(RiakNode one, RiakNode other) =>
        one.IsResting != other.IsResting ? other.IsResting
        : one.IsResting ? one.Errors < other.Errors
        : one.Load < other.Load;
}
