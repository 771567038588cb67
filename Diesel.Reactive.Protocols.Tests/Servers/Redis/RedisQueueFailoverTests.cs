using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A queue in a cluster of three primaries with a replica each, of which the one that has the queue is killed.</summary>
public class RedisQueueFailoverTests
{
    private const int Loops = 8;

    [Test]
    public void What_a_replica_has_acknowledged_outlives_its_primary()
    {
        for (var run = Live.IsSoak ? 20 : 1; run > 0; run--)
        {
            using var live = new Live();
            using var servers = new RedisClusterServers(live, nodeTimeout: 15_000);
            var (acknowledged, missing) = live.Run(() => Fail(live, servers));
            TestContext.Out.WriteLine($"{acknowledged} acknowledged, {missing} missing.");
            Assert.That(missing, Is.Zero);
        }
    }

    private static async Task<(int Acknowledged, int Missing)> Fail(Live live, RedisClusterServers servers)
    {
        using var redis = new RedisClient(servers.Uri, hub: live.Hub);
        using var shared = new RedisCoordination(redis, "shop", new RedisCoordinationOptions { WaitReplicas = 1 });
        var queue = shared.Queue<int>(Enumerable.Range(0, 1000).Select(n => $"q{n}").First(name => KeySlot.Of(((Bytes)$"shop:queue:{name}").Span) < 5461));
        foreach (var each in servers.Each)
        {
            await each.Command("CONFIG SET", "cluster-node-timeout", 1000);
        }

        var (acknowledged, isOver, next) = (new HashSet<int>(), false, 0);
        var putting = Task.WhenAll(Enumerable.Range(0, Loops).Select(async _ =>
        {
            while (!isOver)
            {
                var item = next++;
                await queue.PutAsync(item);
                acknowledged.Add(item);
            }
        }));
        await live.Hub.Sleep(TimeSpan.FromMilliseconds(500));
        var before = acknowledged.Count;
        await live.Hub.Run(servers.Servers[0].Kill);
        await live.Hub.Sleep(TimeSpan.FromSeconds(4));

        // The new primary has no replica before the old one is back.
        await live.Hub.Run(servers.Servers[0].StartAgain);
        var atReturn = acknowledged.Count;
        for (var i = 0; i < 400 && acknowledged.Count < atReturn + 100; i++)
        {
            await live.Hub.Sleep(TimeSpan.FromMilliseconds(50));
        }

        isOver = true;
        await putting;
        Assert.That((before > 0, acknowledged.Count > atReturn), Is.EqualTo((true, true)), $"{before}, {atReturn}, {acknowledged.Count}");
        var missing = new HashSet<int>(acknowledged);
        while (missing.Count > 0 && await Next(queue) is { } got)
        {
            missing.Remove(got);
        }

        return (acknowledged.Count, missing.Count);
    }

    private static async Task<int?> Next(RedisQueue<int> queue)
    {
        try
        {
            return await queue.Get(timeout: TimeSpan.FromSeconds(3));
        }
        catch (QueueTimeoutException)
        {
            return null;
        }
    }
}
