using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A queue in a cluster whose primary dies.</summary>
public class RedisQueueFailoverTests
{
    private const int Producers = 8;

    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(1);

    [Test]
    public void What_a_replica_has_is_never_lost() => TestContext.Out.WriteLine(Run(async (live, servers) =>
    {
        using var redis = new RedisClient(servers.Uri, hub: live.Hub);
        using var shared = new RedisCoordination(redis, "shop", new RedisCoordinationOptions { WaitReplicas = 1, RepeatFor = TimeSpan.FromMinutes(1) });
        var (rounds, acknowledged) = (Live.IsSoak ? 20 : 1, 0);
        var owner = RedisCoordinationClusterTests.Owner("{shop:queue:q}");
        for (var (round, primary, replica) = (0, owner, 3 + owner); round < rounds; round++, (primary, replica) = (replica, primary))
        {
            var (queue, put, isOver) = (shared.Queue<int>("q"), new List<int>(), false);
            var putting = Task.WhenAll(Enumerable.Range(0, Producers).Select(async n =>
            {
                for (var i = n; !isOver; i += Producers)
                {
                    await queue.PutAsync(i);
                    put.Add(i);
                }
            }));
            await servers.Until(() => Task.FromResult(put.Count > 200), "Nothing is put.");
            var before = await Fails(live, servers, primary, replica, () => put.Count);
            await servers.Until(() => Task.FromResult(put.Count > before + 200), "Nothing is put after the failover.");
            isOver = true;
            await putting;
            var got = new HashSet<int>();
            while (await queue.Length() > 0)
            {
                var delivery = await queue.Take(timeout: TimeSpan.FromSeconds(20));
                got.Add(delivery.Value);
                await delivery.AckAsync();
            }

            Assert.That(put.Except(got), Is.Empty, $"Round {round}: lost.");
            Assert.That(got, Has.Count.EqualTo(put.Count), "Items were put that nobody put.");
            acknowledged += put.Count;
        }

        return $"{rounds} failovers, {acknowledged} items acknowledged, none lost.";
    }));

    /// <summary>Its replica is stopped meanwhile, and takes the place of the primary with what it had.</summary>
    [TestCase(0)]
    [TestCase(1)]
    public void What_no_replica_has_is_lost_unless_one_waits_for_it(int replicas) => TestContext.Out.WriteLine(Run(async (live, servers) =>
    {
        const int Count = 20;
        using var redis = new RedisClient(servers.Uri, hub: live.Hub);
        using var shared = new RedisCoordination(
            redis, "shop", new RedisCoordinationOptions { WaitReplicas = replicas, ReplicaTimeout = TimeSpan.FromMilliseconds(200), RepeatFor = TimeSpan.FromMinutes(1) });
        var (queue, owner) = (shared.Queue<int>("q"), RedisCoordinationClusterTests.Owner("{shop:queue:q}"));
        await queue.PutAsync(-1);
        await queue.Get();
        await live.Hub.Sleep(TimeSpan.FromMilliseconds(200));
        await live.Hub.Run(() => servers.Servers[3 + owner].Signal("STOP"));
        await servers.Each[owner].Command("CLIENT", "KILL", "TYPE", "replica");
        var puts = Enumerable.Range(0, Count).Select(n => Story.Of(queue.PutAsync(n))).ToArray();
        await live.Hub.Sleep(TimeSpan.FromMilliseconds(500));
        Assert.That(puts.Count(put => put.IsCompleted), Is.EqualTo(replicas == 0 ? Count : 0));
        await Fails(live, servers, owner, 3 + owner, () => 0);
        await servers.Until(() => Task.FromResult(puts.All(put => put.IsCompleted)), "The puts are not over.");
        await queue.PutAsync(Count);
        var left = await queue.Length();
        Assert.That(left, Is.EqualTo(replicas == 0 ? 1 : Count + 1));
        return $"{Count + 1 - left} of {Count + 1} acknowledged items were lost.";
    }));

    // Killed, followed, and there again as a replica: until then nothing is replicated.
    private static async Task<int> Fails(Live live, RedisClusterServers servers, int primary, int replica, Func<int> count)
    {
        await live.Hub.Run(servers.Servers[primary].Kill);
        await live.Hub.Run(() => servers.Servers[replica].Signal("CONT"));
        await servers.Until(() => Says(replica, "role:master"), "The replica does not follow.");
        var before = count();
        await live.Hub.Run(servers.Servers[primary].StartAgain);
        await servers.Until(() => Says(replica, "state=online"), "The old primary does not come back.");
        return before;

        async Task<bool> Says(int server, string what) => (await servers.Each[server].Info("replication")).Contains(what, StringComparison.Ordinal);
    }

    private static T Run<T>(Func<Live, RedisClusterServers, Task<T>> story)
    {
        using var live = new Live();
        using var servers = new RedisClusterServers(live, nodeTimeout: 15_000);
        return live.Run(async () =>
        {
            foreach (var each in servers.Each)
            {
                await each.Command("CONFIG SET", "cluster-node-timeout", (long)NodeTimeout.TotalMilliseconds);
            }

            return await story(live, servers);
        });
    }
}
