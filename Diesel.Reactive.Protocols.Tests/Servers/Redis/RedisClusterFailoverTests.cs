using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A cluster of three redis-servers and three replicas, of which a primary is killed.</summary>
public class RedisClusterFailoverTests
{
    private const int Workers = 16;

    // What is asked for holds on a machine with little else to do. On another one, servers that live are not to be taken for dead.
    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(Live.IsSoak ? 1 : 3);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(Live.IsSoak ? 1 : 5);

    [Test]
    public void Writes_resume_when_a_replica_has_taken_the_place_of_its_primary()
    {
        RedisClusterServers.Require();
        using var live = new Live();

        // Until one is killed, none is to be taken for dead, as a server on a loaded machine may pause.
        using var servers = new RedisClusterServers(live, nodeTimeout: 15_000);
        live.Run(() => Fail(live, servers));
    }

    private static async Task Fail(Live live, RedisClusterServers servers)
    {
        using var redis = new RedisClient(servers.Uri, hub: live.Hub);
        var key = Enumerable.Range(0, 10_000).Select(n => $"dies{n}").First(name => Owner(name) == 0);
        using var hub = new RedisSubHub(redis);
        var shards = hub.Shards(key);
        var (heard, gaps) = (Story.Of(shards), Story.Of(shards.Gaps));
        await shards.Opened;
        var lease = await redis.Lock($"{{{key}}}lock", TimeSpan.FromSeconds(20)).Acquire();
        foreach (var each in servers.Each)
        {
            await each.Command("CONFIG SET", "cluster-node-timeout", (long)NodeTimeout.TotalMilliseconds);
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var isOver = false;
        var work = Task.WhenAll(Enumerable.Range(0, Workers).Select(n => new ClusterWorker(redis, n) { MayLose = Owner }.Work(int.MaxValue, () => isOver)));
        await live.Hub.Sleep(TimeSpan.FromSeconds(0.3));
        await live.Hub.Run(() => servers.Servers[0].Kill());
        var killed = clock.Elapsed;
        var (probed, resumed) = (Probing(), Writing());
        await Task.WhenAll(probed, resumed);
        await live.Hub.Sleep(TimeSpan.FromSeconds(0.3));
        Volatile.Write(ref isOver, true);
        var asked = await work;
        TestContext.Out.WriteLine($"The replica takes its first write {probed.Result - killed} after the kill, the client writes {resumed.Result - probed.Result} after that.");
        Assert.That(resumed.Result - probed.Result, Is.LessThan(Most));
        Assert.That(asked.SelectMany(one => one.Wrong), Is.Empty);
        Assert.That(asked.SelectMany(one => one.Errors).Where(error => error is not (ReplyLostException or ConnectionException or TimeoutException or RedisErrorException { Code: "CLUSTERDOWN" })), Is.Empty);
        Assert.That(asked.Sum(one => one.Asked), Is.GreaterThan(100));
        await servers.Until(() => Task.FromResult(gaps.Values.Count == 1), "The subscription is not back.");
        await redis.SPublish(key, "back");
        await servers.Until(() => Task.FromResult(heard.Values.Count == 1), "The subscription hears nothing.");
        Assert.That((lease.Lost.IsCancellationRequested, await lease.Renew()), Is.EqualTo((false, true)));
        await live.Hub.Run(servers.Servers[0].StartAgain);
        await redis.Set(key, 2);
        Assert.That(await redis.Get(key), Is.EqualTo((Bytes?)"2"));

        // By itself, at the replica, until it takes something.
        async Task<TimeSpan> Probing()
        {
            while (true)
            {
                try
                {
                    await servers.Each[3].Set($"{{{key}}}probe", 1);
                    return clock.Elapsed;
                }
                catch (RedisErrorException)
                {
                    await live.Hub.Sleep(TimeSpan.FromMilliseconds(5));
                }
            }
        }

        async Task<TimeSpan> Writing()
        {
            while (true)
            {
                try
                {
                    await redis.Set(key, 1);
                    return clock.Elapsed;
                }
                catch (Exception error) when (error is IOException or TimeoutException or RedisErrorException)
                {
                }
            }
        }
    }

    private static int Owner(Bytes key) => Array.FindLastIndex([0, 5461, 10922], first => first <= KeySlot.Of(key.Span));
}
