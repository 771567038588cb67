using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What programs share in a cluster: three primaries, a replica of each.</summary>
public class RedisCoordinationClusterTests : RedisClusterServerFixture
{
    [Test]
    public void Each_primary_is_given_the_functions_that_it_lacks() => Run(async () =>
    {
        using var shared = new RedisCoordination(Redis, "spread");
        var owners = Enumerable.Range(0, 20).Select(n => Owner($"{{spread:queue:q{n}}}")).Distinct().Count();
        for (var round = 0; round < 2; round++)
        {
            for (var n = 0; n < 20; n++)
            {
                await shared.Queue<int>($"q{n}").PutAsync(n);
                Assert.That(await shared.Queue<int>($"q{n}").Get(), Is.EqualTo(n));
            }

            foreach (var primary in Servers.Each.Take(3))
            {
                await primary.Command("FUNCTION", "FLUSH");
            }
        }

        Assert.That(owners, Is.EqualTo(3));
    });

    [Test]
    public void What_is_put_counts_when_as_many_replicas_have_it() => Run(async () =>
    {
        using var shared = new RedisCoordination(Redis, "replicated", new RedisCoordinationOptions { WaitReplicas = 1 });
        var replica = Servers.Each[3 + Owner("{replicated:queue:q}")];
        for (var n = 1; n <= 20; n++)
        {
            await shared.Queue<int>("q").PutAsync(n);
            Assert.That(await replica.Lease(static async session =>
            {
                await session.Command("READONLY");
                return await session.XLen("{replicated:queue:q}");
            }), Is.EqualTo(n));
        }
    });

    [Test]
    public void Where_too_few_replicas_are_it_fails_in_the_end_and_is_done_once() => Run(async () =>
    {
        var options = new RedisCoordinationOptions { WaitReplicas = 2, ReplicaTimeout = TimeSpan.FromMilliseconds(50), RepeatFor = TimeSpan.FromSeconds(1) };
        using var shared = new RedisCoordination(Redis, "few", options);
        var began = Live.Hub.Now;
        var story = Story.Of(shared.Queue<int>("q").PutAsync(1));
        await Servers.Until(() => Task.FromResult(story.IsOver), "The put is not over.");
        Assert.That(story.Error, Is.InstanceOf<NotReplicatedException>().With.Property(nameof(NotReplicatedException.Replicas)).EqualTo(1));
        Assert.That((Live.Hub.Now - began >= options.RepeatFor, await shared.Queue<int>("q").Length()), Is.EqualTo((true, 1L)));
    });

    [TestCase(1)]
    [TestCase(2)]
    public void A_lock_counts_when_as_many_replicas_have_it_and_is_let_go_otherwise(int replicas) => Run(async () =>
    {
        var options = new RedisCoordinationOptions { WaitReplicas = replicas, ReplicaTimeout = TimeSpan.FromMilliseconds(50) };
        using var shared = new RedisCoordination(Redis, "held", options);
        ILock[] all = [shared.Lock("l"), shared.Semaphore("s", 1)];
        foreach (var each in all)
        {
            for (var i = 0; i < 3; i++)
            {
                var story = Story.Of(each.Acquire());
                await Servers.Until(() => Task.FromResult(story.IsOver), "It is not over.");
                Assert.That(story.Error, replicas == 1 ? Is.Null : Is.InstanceOf<NotReplicatedException>().With.Property(nameof(NotReplicatedException.Replicas)).EqualTo(1));
                story.Values.ForEach(lease => lease.Dispose());
            }
        }
    });

    [Test]
    public void Locks_are_held_events_and_countdowns_reached_whoever_has_their_slots() => Run(async () =>
    {
        using var other = new RedisClient(Servers.Uri, hub: Live.Hub);
        using var here = new RedisCoordination(Redis, "all");
        using var there = new RedisCoordination(other, "all");
        for (var n = 0; n < 10; n++)
        {
            var (set, ticked) = (here.Event($"e{n}").Wait().AsTask(), here.Countdown($"c{n}", 1).Wait().AsTask());
            using var lease = await here.Lock($"l{n}").Acquire();
            var next = there.Lock($"l{n}").Acquire().AsTask();
            there.Event($"e{n}").Set();
            there.Countdown($"c{n}", 1).Tick();
            await Task.WhenAll(set, ticked);
            lease.Dispose();
            Assert.That((await next).Fence, Is.GreaterThan(lease.Fence));
        }
    });

    internal static int Owner(Bytes key) => Array.FindLastIndex([0, 5461, 10922], first => first <= KeySlot.Of(key.Span));
}
