using System.Net;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>What requests cost: nothing is allocated for a hit, neither alone nor among others.</summary>
[NonParallelizable]
public class MemcachedCostTests
{
    [TestCase(1, "mg key v\r\n", "VA 64\r\n")]
    [TestCase(64, "mg key v\r\n", "VA 64\r\n")]
    [TestCase(64, "mg key O12 v f t c k q\r\n", "VA 64 O12 f0 t-1 c1 kkey\r\n")]
    [TestCase(64, "get key\r\n", "VALUE key 0 64\r\n")]
    public void A_hit_allocates_nothing(int depth, string request, string head)
    {
        using var live = new Live();
        var service = live.Starts(new MemcachedService(new IPEndPoint(IPAddress.Loopback, 0)));
        using var peer = new RawPeer(service.EndPoint);
        var value = new string('v', 64);
        peer.Sends($"set key 0 0 64\r\n{value}\r\n").Reads("STORED\r\n".Length);
        var (asks, answer) = (string.Concat(Enumerable.Repeat(request, depth)), head.Length + 64 + 2 + (request.StartsWith('m') ? 0 : "END\r\n".Length));
        void Ask(int times)
        {
            for (var n = 0; n < times; n++)
            {
                peer.Sends(asks).Reads(depth * answer);
            }
        }

        Ask(200);
        var times = depth == 1 ? 10_000 : 1000;
        var before = live.Do(GC.GetAllocatedBytesForCurrentThread);
        Ask(times);
        var each = (live.Do(GC.GetAllocatedBytesForCurrentThread) - before) / (double)(times * depth);

        // What is received lies in memory of its own, which readers may keep: that is the request. A turn that has only one costs some fifty bytes.
        TestContext.Out.WriteLine($"{each:0.0} bytes for each, of which {request.Length} came");
        Assert.That(each, Is.LessThan(request.Length + (depth == 1 ? 56 : 16)));
    }

    [Test]
    public void A_get_of_the_client_allocates_little()
    {
        using var world = new World();
        world.Starts(new MemcachedService(11211));
        using var cache = new MemcachedClient("10.0.0.1", hub: world.Hub);
        world.Watch(cache.Set("k", "v"));
        Bytes key = "k";
        var made = Allocated(() => cache.Get(key));
        TestContext.Out.WriteLine($"{made} bytes for what is awaited");
        Assert.That(made, Is.LessThan(200));
    }

    private static double Allocated(Action asks)
    {
        const int Times = 1000;
        asks();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            asks();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Times;
    }
}
