using System.Net;
using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Several nodes: which is asked, how often, and what is told when none does it.</summary>
public class RiakNodesTests
{
    [Test]
    public void Each_error_is_told_and_no_more_is_tried() => Cluster(async (world, services, _) =>
    {
        // The first refuses, as nobody listens there; the second is silent; the third answers errors.
        using var silent = world.Listens(9002);
        for (var i = 0; i < 3; i++)
        {
            services[0].Fail("Get", "timeout");
        }

        using var riak = new RiakClient($"riak://{World.Here}:9001,{World.Here}:9002,{World.Here}:8087/?timeout=3s", hub: world.Hub);
        var error = (RiakAttemptsException)await RiakPlay.ErrorOf(riak.Get("b", "k"));
        Assert.That(error.Attempts.Select(static one => ((DnsEndPoint)one.Server).Port), Is.EqualTo(new[] { 9001, 9002, 8087 }));
        Assert.That(error.Attempts.Select(static one => one.Error.GetType()), Is.EqualTo(new[] { typeof(ConnectionException), typeof(TimeoutException), typeof(RiakErrorException) }));
        Assert.That(error.Message, Does.Contain("9001").And.Contain("9002").And.Contain("8087").And.Contain("3 times"));
        Assert.That(world.Now, Is.LessThan(3.1));
    });

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    public void So_often_it_is_tried_and_not_more(int attempts) => Cluster(async (world, services, riak) =>
    {
        for (var i = 0; i < 20; i++)
        {
            services[i % 3].Fail("Get", "timeout");
        }

        var heard = 0;
        Array.ForEach(services, service => service.Requests.Subscribe(_ => heard++));
        var error = await RiakPlay.ErrorOf(riak.With(o => o with { Attempts = attempts }).Get("b", "k"));
        Assert.That((heard, (error as RiakAttemptsException)?.Attempts.Count ?? 1), Is.EqualTo((attempts, attempts)));
    });

    [Test]
    public void A_read_that_is_lost_is_read_elsewhere() => Cluster(async (world, services, riak) =>
    {
        services[0].Reset("Get");
        Assert.That((await riak.Get("b", "k")).IsMissing);
        var events = 0;
        using var heard = riak.Events.OfType<RiakAttemptFailed>().Subscribe(_ => events++);
        services[1].Reset("Get");
        services[2].Reset("Get");
        Assert.That((await riak.Get("b", "k")).IsMissing);
        Assert.That(events, Is.EqualTo(1).Or.EqualTo(2));
    });

    [Test]
    public void A_write_that_may_have_been_done_is_not_done_again() => Cluster(async (world, services, riak) =>
    {
        Array.ForEach(services, static service => service.Reset("Put"));
        Assert.That(await RiakPlay.ErrorOf(riak.Put("b", "k", "v")), Is.InstanceOf<ReplyLostException>());
        Assert.That((await riak.With(static o => o with { Attempts = 3 }).Get("b", "k")).IsMissing);
    });

    [Test]
    public void One_with_a_vclock_is_and_one_that_was_never_sent() => Cluster(async (world, services, riak) =>
    {
        Array.ForEach(services[..2], static service => service.Reset("Put"));
        Assert.That(await RiakPlay.Failure(riak.Put("b", "k", "v", "dvv1\0\0\0\0\0\0\0\0")), Is.Null);
        using var half = new RiakClient($"riak://{World.Here}:9001,{World.Here}:8087", hub: world.Hub);
        Assert.That(await RiakPlay.Failure(half.Put("b", "k", "v")), Is.Null, "Nobody listens at the first.");
    });

    [Test]
    public void A_node_that_failed_rests_and_comes_back() => Cluster(async (world, services, riak) =>
    {
        var counts = new int[3];
        for (var i = 0; i < 3; i++)
        {
            var at = i;
            services[i].Requests.Subscribe(_ => counts[at]++);
        }

        services[0].Reset("Get");
        await Gets(9);
        Assert.That(counts[0], Is.EqualTo(1), "After its failure it rests.");
        await world.Hub.Sleep(TimeSpan.FromSeconds(10.1));
        await Gets(9);
        Assert.That(counts[0], Is.EqualTo(4), "After its half-life it is one of three again.");

        async Task Gets(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await riak.Get("b", "k");
            }
        }
    });

    [Test]
    public void The_one_with_the_least_to_do_is_asked() => Cluster(async (world, services, riak) =>
    {
        await Awaitable.All(Enumerable.Range(0, 30).Select(_ => riak.Ping()));
        Assert.That(services.Select(static service => service.ConnectionCount), Is.All.InRange(5, 10));
    });

    [Test]
    public void What_will_not_come_out_otherwise_is_not_tried_again() => Cluster(async (world, services, riak) =>
    {
        var heard = 0;
        Array.ForEach(services, service => service.Requests.Subscribe(_ => heard++));
        Assert.That(await RiakPlay.ErrorOf(riak.Get("b", "k", new() { R = 9 })), Is.InstanceOf<RiakErrorException>());
        Assert.That(heard, Is.EqualTo(1));
    });

    [Test]
    public void A_stream_that_has_not_begun_is_asked_for_elsewhere() => Cluster(async (world, services, riak) =>
    {
        await riak.Put("b", "k", "v");
        services[0].Reset("ListKeys");
        services[1].Reset("ListKeys");
        Assert.That(await RiakPlay.Failure(riak.ListKeys("b")), Is.Null);
    });

    private static void Cluster(Func<World, RiakService[], RiakClient, Task> loop)
    {
        using var world = new World();
        var services = Enumerable.Range(0, 3).Select(i => world.Starts(new RiakService(new IPEndPoint(World.Here, 8087 + i), null, world.Hub))).ToArray();
        world.Play(async () =>
        {
            using (var riak = new RiakClient(string.Join(',', services.Select(static service => $"{World.Here}:{service.Port}")), hub: world.Hub))
            {
                await loop(world, services, riak);
            }

            foreach (var service in services)
            {
                await service.Stop();
            }
        });
    }
}
