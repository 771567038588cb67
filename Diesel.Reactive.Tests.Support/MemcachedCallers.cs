using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>A process of some who all want one value, which one of them is to compute.</summary>
internal static class MemcachedCallers
{
    /// <summary>Asks when the key <c>go</c> is there; prints what they got.</summary>
    public static void Run(int port, int callers, string mode)
    {
        using var live = new Live();
        using var cache = new MemcachedClient($"127.0.0.1:{port}", hub: live.Hub);
        live.Run(async () =>
        {
            await cache.Version();
            Console.WriteLine("begun");
            while (await cache.Get("go") is null)
            {
                await live.Hub.Sleep(TimeSpan.FromMilliseconds(5));
            }

            var got = await Awaitable.All(Enumerable.Range(0, callers).Select(_ => cache.GetOrCompute(
                "page", TimeSpan.FromMinutes(5), () => Compute(live.Hub, cache, mode), new() { Computing = TimeSpan.FromSeconds(3), MaxWait = TimeSpan.FromMinutes(2) })));
            Console.WriteLine(string.Join(' ', got.GroupBy(static value => $"{value}").OrderBy(static same => same.Key).Select(static same => $"{same.Key}={same.Count()}")));
        });
    }

    private static async Task<Bytes> Compute(Hub hub, MemcachedClient cache, string mode)
    {
        var number = await cache.Increment("computed", initial: 1);
        if (mode == "dies" && number == 1)
        {
            Console.WriteLine("computing");
            await hub.Sleep(TimeSpan.FromMinutes(10));
        }

        await hub.Sleep(TimeSpan.FromMilliseconds(300));
        return $"computed-{number}";
    }
}
