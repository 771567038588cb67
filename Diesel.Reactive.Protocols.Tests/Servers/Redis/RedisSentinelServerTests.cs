using System.Net;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Three redis-servers and three Sentinels that watch them.</summary>
public class RedisSentinelServerTests
{
    private const string Program = "/usr/bin/redis-server";

    private const string Name = "under-test";

    // What stands for a daemon's folder.
    private const string Folder = "{0}";

    [Test]
    public void A_client_goes_on_at_the_new_primary_and_writes_no_more_to_the_old_one()
    {
        using var live = new Live();
        var servers = new List<RedisServer> { RedisServer.Start("--repl-diskless-sync-delay", "0") };
        var sentinels = new List<Daemon>();
        try
        {
            for (var i = 0; i < 2; i++)
            {
                servers.Add(RedisServer.Start("--repl-diskless-sync-delay", "0", "--replicaof", "127.0.0.1", $"{servers[0].Port}"));
            }

            IPEndPoint[] ports = [.. Enumerable.Range(0, 3).Select(_ => Daemon.FreePort())];
            sentinels.AddRange(ports.Select(port => new Daemon(
                Program, "redis-server",
                $"""
                port {port.Port}
                bind 127.0.0.1
                dir "{Folder}"
                sentinel monitor main 127.0.0.1 {servers[0].Port} 2
                sentinel down-after-milliseconds main 1000
                sentinel failover-timeout main 5000
                """,
                port, "{0}/config", "--sentinel")));
            live.Run(() => GoOn(live, servers, ports));
        }
        finally
        {
            sentinels.ForEach(sentinel => sentinel.Dispose());
            servers.ForEach(server => server.Dispose());
        }
    }

    private static async Task GoOn(Live live, List<RedisServer> servers, IPEndPoint[] sentinels)
    {
        using var redis = new RedisClient($"redis+sentinel://{string.Join(',', sentinels.Select(port => $"127.0.0.1:{port.Port}"))}/main?client_name={Name}", hub: live.Hub);
        using var old = new RedisClient(servers[0].Uri(), hub: live.Hub);
        using var watcher = new RedisClient($"redis://127.0.0.1:{sentinels[0].Port}", hub: live.Hub);
        Assert.That(await redis.Incr("n"), Is.EqualTo(1));
        await Until(live, async () => await old.Info("replication") is var info && info.Contains("state=online", StringComparison.Ordinal) && info.Contains("connected_slaves:2", StringComparison.Ordinal));
        await Until(live, async () => (await watcher.Command("SENTINEL", "REPLICAS", "main")).ToItems().Length == 2
            && (await watcher.Command("SENTINEL", "SENTINELS", "main")).ToItems().Length == 2);

        // The old one lives on, and would go on taking what is written.
        await watcher.Command("SENTINEL", "FAILOVER", "main");
        var acknowledged = 1L;
        await Until(live, async () =>
        {
            try
            {
                acknowledged = Math.Max(acknowledged, await redis.Incr("n"));
            }
            catch (Exception error) when (error is IOException or RedisErrorException or TimeoutException)
            {
            }

            var primary = (await watcher.Command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main")).ToItems()[1].ToInt64();
            return primary != servers[0].Port && await IsAt(redis, primary);
        });
        using var now = new RedisClient($"redis://127.0.0.1:{(await watcher.Command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main")).ToItems()[1].ToInt64()}", hub: live.Hub);
        var after = await redis.Incr("n");
        Assert.That((await now.Get("n"))!.Value.ToInt64(), Is.EqualTo(after));

        // Nothing of it is left there.
        Assert.That((await old.Command("CLIENT LIST")).ToText(), Does.Not.Contain(Name));
        Assert.That(after, Is.GreaterThan(1));
    }

    private static async Task<bool> IsAt(RedisClient redis, long port) => (await redis.ConfigGet("port"))["port"] == $"{port}";

    private static async Task Until(Live live, Func<Task<bool>> holds)
    {
        for (var looks = 0; !await holds(); looks++)
        {
            Assert.That(looks, Is.LessThan(1000), "It does not happen.");
            await live.Hub.Sleep(TimeSpan.FromMilliseconds(20));
        }
    }
}
