using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>What docs/protocols/memcached.md shows does what it says there.</summary>
public class MemcachedPageTests
{
    // The block of the page that has these words, what runs behind it, and what is printed.
    private static readonly (string Words, string Then, string Printed)[] Scenarios =
    [
        ("new MemcachedClient(\"localhost\")", """Console.WriteLine($"{items.Count}: {string.Join(' ', items.Keys)}");""", "hello;1: greeting"),
        ("CompareAndSwap(", """
            var other = (await cache.GetItem("greeting"))!;
            Console.WriteLine($"{counted} {other.Value} {await cache.CompareAndSwap("greeting", "too late", item!.Cas)} {await cache.Increment("visits")}");
            """, "1 good morning Exists 2"),
        ("record Page(", """await Pages(cache); Console.WriteLine((await cache.Get("page:1", ValueCodec.Json<Page>()))!.Title);""", "Home"),
        ("Invalidate(", """
            var edition = 1;
            async Task<Bytes> Anew() { await hub.Sleep(TimeSpan.FromSeconds(1)); return $"edition {++edition}"; }
            var several = await Observable.Merge(Enumerable.Range(0, 10).Select(_ => cache.GetOrCompute("page", TimeSpan.FromSeconds(30), Anew))).Select(one => $"{one}").ToList();
            Console.WriteLine($"{html}, {several.Count(one => one == "<html>…")} old, {several.Count(one => one == "edition 2")} new, then {await cache.GetOrCompute("page", TimeSpan.FromSeconds(30), Anew)}");
            """, "<html>…, 9 old, 1 new, then edition 2"),
        ("new MemcachedService(11211)", """
            using var ours = new MemcachedClient("localhost");
            await ours.Set("k", "v");
            Console.WriteLine(await ours.Get("k"));
            """, "v"),
        ("IMemcachedStore", """
            new MemcachedService(11211, new Watched(new MemcachedMemory())).Start(hub);
            using var ours = new MemcachedClient("localhost");
            await ours.Set("key", "value");
            Console.WriteLine(await ours.Get("key"));
            """, "3 bytes of key, 5 of value;value"),
    ];

    private static IEnumerable<TestCaseData> Blocks => PageRun.Blocks("memcached.md");

    [TestCaseSource(nameof(Blocks))]
    public void Does_what_it_says(object block)
    {
        using var page = new PageRun();
        var shown = (CodeBlock)block;
        var (words, then, printed) = Scenarios.Single(one => shown.Code.Contains(one.Words, StringComparison.Ordinal));

        // The last two are servers.
        if (!then.Contains("ours", StringComparison.Ordinal))
        {
            page.World.Starts(new MemcachedService(11211));
            page.Cache = new MemcachedClient("localhost", hub: page.World.Hub);
            page.World.Watch(page.Cache.Set("greeting", "hello"));
        }

        Assert.That(string.Join(';', page.Run(shown, then)), Is.EqualTo(printed), words);
    }
}
