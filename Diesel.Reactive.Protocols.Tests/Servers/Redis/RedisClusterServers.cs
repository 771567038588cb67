using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A cluster of redis-server: three primaries, a replica of each, on the loopback address.</summary>
internal sealed class RedisClusterServers : IDisposable
{
    private const int Shards = 3;
    private const int MostLooks = 1500;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BetweenMoves = TimeSpan.FromMilliseconds(2);

    private readonly Live _live;
    private readonly List<RedisClient> _clients = [];
    private readonly int[] _buses;

    /// <summary>Skips the test unless there is a server and the longer run was asked for.</summary>
    public static void Require()
    {
        SampleTool.Require("/usr/bin/redis-server", "redis-server");
        Assume.That(
            Live.IsSoak, Is.True, "Of a cluster of real servers: only with DIESEL_SOAK=1, until enough of its runs have ended well since whoever moves slots waits for the last epoch. Clusters are tested in virtual time.");
    }

    public RedisClusterServers(Live live, int nodeTimeout = 1000)
    {
        _live = live;
        _buses = [.. Enumerable.Range(0, 2 * Shards).Select(_ => Daemon.FreePort().Port)];
        Servers = [.. _buses.Select(bus => RedisServer.Start(
            "--cluster-enabled", "yes", "--cluster-port", $"{bus}", "--cluster-node-timeout", $"{nodeTimeout}", "--repl-diskless-sync-delay", "0", "--cluster-require-full-coverage", "no"))];
        _clients.AddRange(Servers.Select(server => new RedisClient(server.Uri(), hub: live.Hub)));
        live.Run(Join);
    }

    /// <summary>The primaries, then the replica of each.</summary>
    public RedisServer[] Servers { get; }

    /// <summary>A client of each server by itself.</summary>
    public IReadOnlyList<RedisClient> Each => _clients;

    public string Uri => $"redis://{string.Join(',', Servers.Take(Shards).Select(server => $"127.0.0.1:{server.Port}"))}";

    /// <summary>Moves a slot with its keys, as redis-cli does.</summary>
    public async Task Move(int slot, int from, int to)
    {
        var (source, target) = (_clients[from], _clients[to]);
        var (sourceId, targetId) = (await source.ClusterMyId(), await target.ClusterMyId());
        await target.ClusterSetSlotImporting(slot, sourceId);
        await source.ClusterSetSlotMigrating(slot, targetId);
        while (await source.ClusterGetKeysInSlot(slot, 10) is { Count: > 0 } keys)
        {
            await source.Migrate("127.0.0.1", Servers[to].Port, new MigrateOptions { Wait = TimeSpan.FromSeconds(5) }, [.. keys]);
        }

        // Whoever takes a slot draws an epoch above all it has heard of. One that has not heard of the last may draw one below that of the old owner, whose
        // older words of the slot then win, and two servers send to each other for ever.
        await Until(Agree, "The servers do not agree on an epoch.", BetweenMoves);

        // All are told, the new owner first: by hearsay alone, two quick moves may be heard of in the wrong order.
        foreach (var told in new[] { to, from, Shards - to - from })
        {
            await _clients[told].ClusterSetSlotNode(slot, targetId);
        }
    }

    /// <summary>Looks again and again until something holds.</summary>
    public Task Until(Func<Task<bool>> holds, string what) => Until(holds, what, BetweenLooks);

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        Array.ForEach(Servers, End);
    }

    // One that a test has killed, and not started again as it failed, is no reason to leave the others.
    private static void End(RedisServer server)
    {
        try
        {
            server.Dispose();
        }
        catch (InvalidOperationException)
        {
        }
    }

    private async Task Join()
    {
        for (var i = 0; i < Servers.Length; i++)
        {
            await _clients[i].ClusterSetConfigEpoch(i + 1);
            if (i < Shards)
            {
                await _clients[i].ClusterAddSlotsRange((i * KeySlot.Count / Shards, ((i + 1) * KeySlot.Count / Shards) - 1));
            }

            if (i > 0)
            {
                await _clients[0].ClusterMeet("127.0.0.1", Servers[i].Port, _buses[i]);
            }
        }

        await Until(() => All(async redis => (await redis.ClusterNodes()).Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: 2 * Shards } lines
            && !lines.Any(line => line.Contains("handshake", StringComparison.Ordinal))), "The servers do not meet.");
        for (var i = 0; i < Shards; i++)
        {
            await _clients[Shards + i].ClusterReplicate(await _clients[i].ClusterMyId());
        }

        await Until(() => All(async redis => (await redis.ClusterInfo()).Contains("cluster_state:ok", StringComparison.Ordinal)), "The cluster does not begin.");

        // A replica that has got nothing is not online.
        for (var i = 0; i < Shards; i++)
        {
            var slot = i * KeySlot.Count / Shards;
            await _clients[i].Set(Enumerable.Range(0, int.MaxValue).Select(n => $"first{n}").First(key => KeySlot.Of(((Bytes)key).Span) / (KeySlot.Count / Shards) == slot / (KeySlot.Count / Shards)), 1);
        }

        await Until(() => All(async redis => await redis.ClusterShards() is { Count: Shards } shards && shards.All(shard => shard["nodes"].ToItems() is { Length: 2 } nodes && nodes.All(node =>
            node.ToItems() is var fields && fields[fields.IndexOf(Resp.Bulk("health")) + 1].ToText() == "online"))), "The replicas do not follow.");
    }

    private async Task Until(Func<Task<bool>> holds, string what, TimeSpan pause)
    {
        for (var looks = 0; !await holds(); looks++)
        {
            Assert.That(looks, Is.LessThan(MostLooks), what);
            await _live.Hub.Sleep(pause);
        }
    }

    private async Task<bool> Agree()
    {
        var epochs = new HashSet<string>();
        foreach (var primary in _clients.Take(Shards))
        {
            epochs.Add((await primary.ClusterInfo()).Split('\n').First(line => line.StartsWith("cluster_current_epoch:", StringComparison.Ordinal)));
        }

        return epochs.Count == 1;
    }

    private async Task<bool> All(Func<RedisClient, Task<bool>> holds)
    {
        foreach (var redis in _clients)
        {
            if (!await holds(redis))
            {
                return false;
            }
        }

        return true;
    }
}
