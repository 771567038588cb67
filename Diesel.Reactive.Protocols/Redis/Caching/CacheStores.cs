using System.Collections.Immutable;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a client has read: of each server by itself, as each tells of its own keys.</summary>
internal sealed class CacheStores : IDisposable
{
    private readonly RedisTopology _topology;
    private readonly Bytes[] _prefixes;
    private ImmutableArray<CacheStore> _all = [];
    private RedisCacheCounts _before;

    public CacheStores(RedisTopology topology, RedisCacheOptions options)
    {
        (_topology, Options) = (topology, options);
        _prefixes = [.. Shortest([.. options.Broadcast ?? []]).Select(static prefix => (Bytes)prefix)];
    }

    public RedisCacheOptions Options { get; }

    public Hub Hub => _topology.Hub;

    /// <summary>Their numbers, and those of servers that there were before. Any thread.</summary>
    public RedisCacheCounts Counts => _all.Select(static store => store.Counts).Aggregate(_before, static (sum, one) => new(
        sum.Hits + one.Hits, sum.Misses + one.Misses, sum.Invalidated + one.Invalidated, sum.Evicted + one.Evicted, sum.Entries + one.Entries, sum.Bytes + one.Bytes));

    /// <summary>The keys of a command whose reply may be kept; null: it may not. Any thread.</summary>
    public Bytes[]? KeysOf(IRedisCommand command) =>
        CacheableCommands.KeysOf(command) is { Length: > 0 } keys && (_prefixes.Length == 0 || Array.TrueForAll(keys, IsTold)) ? keys : null;

    /// <summary>Where replies about these keys are kept; null: nowhere. The hub's thread only.</summary>
    public CacheStore? Of(Bytes[] keys) => _topology.HolderOf(keys) is { } server ? server.Part(() => Made(server)) : null;

    public void Flush()
    {
        foreach (var store in _all)
        {
            store.Flush();
        }
    }

    public void Dispose() => Hub.Within(Flush);

    // The server refuses prefixes one of which begins with another, and the shorter says all that the longer would.
    private static IEnumerable<string> Shortest(string[] prefixes) => prefixes.Distinct(StringComparer.Ordinal)
        .Where(prefix => !Array.Exists(prefixes, other => other.Length < prefix.Length && prefix.StartsWith(other, StringComparison.Ordinal)));

    private bool IsTold(Bytes key) => Array.Exists(_prefixes, prefix => key.Span.StartsWith(prefix.Span));

    private CacheStore Made(RedisLink server)
    {
        var store = new CacheStore(server, Options, _prefixes, Gone);
        _all = _all.Add(store);
        return store;
    }

    private void Gone(CacheStore store)
    {
        _all = _all.Remove(store);
        var last = store.Counts;
        _before = new(_before.Hits + last.Hits, _before.Misses + last.Misses, _before.Invalidated + last.Invalidated, _before.Evicted + last.Evicted, _before.Entries, _before.Bytes);
    }
}
