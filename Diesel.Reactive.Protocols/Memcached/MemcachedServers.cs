namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A client's servers, and which of them has a key.</summary>
internal sealed class MemcachedServers : IDisposable
{
    private readonly MemcachedOptions _options;
    private readonly int[] _weights;
    private volatile IServerRing _ring;

    public MemcachedServers(MemcachedConnectionString target, Hub hub)
    {
        (_options, Hub) = (target.Options, hub);
        All = [.. target.Servers.Select(server => new MemcachedServer(server, target.Options, hub, _ => Changed()))];
        _weights = [.. _options.Weights ?? [.. All.Select(static _ => 1)]];
        _ring = Ring();
    }

    public Hub Hub { get; }

    public IReadOnlyList<MemcachedServer> All { get; }

    public MemcachedServer Of(in MemcachedKey key) => All.Count == 1 ? All[0] : _ring.Of(key.Written.Span);

    /// <summary>Which keys are whose, and which numbers they have among all; null: the same.</summary>
    public IEnumerable<(MemcachedServer Server, MemcachedKey[] Keys, int[]? Indexes)> Split(MemcachedKey[] keys)
    {
        if (All.Count == 1)
        {
            return [(All[0], keys, null)];
        }

        var shares = new Dictionary<MemcachedServer, List<int>>();
        for (var i = 0; i < keys.Length; i++)
        {
            var server = Of(keys[i]);
            if (!shares.TryGetValue(server, out var share))
            {
                shares.Add(server, share = []);
            }

            share.Add(i);
        }

        return shares.Select(share => (share.Key, (MemcachedKey[])[.. share.Value.Select(index => keys[index])], (int[]?)[.. share.Value]));
    }

    public void Dispose()
    {
        foreach (var server in All)
        {
            server.Dispose();
        }
    }

    private void Changed() => _ring = Ring();

    // Where none is left, all are asked: one may be back.
    private IServerRing Ring()
    {
        (MemcachedServer Server, int Weight)[] there = [.. All.Zip(_weights).Where(static one => !one.First.IsOut)];
        return ServerRing.Of(_options.Hash, there.Length > 0 ? there : [.. All.Zip(_weights)]);
    }
}
