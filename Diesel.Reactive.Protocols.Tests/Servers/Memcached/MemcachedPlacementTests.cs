using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>Ten thousand keys that python3-pylibmc (libmemcached) has stored on several servers, each on one: we find all of them where it has put them, and it ours.</summary>
public class MemcachedPlacementTests
{
    private const int Keys = 10_000;

    [TestCase("ketama", "ketama")]
    [TestCase("ketama-weighted", "ketama_weighted")]
    public void Keys_are_where_pylibmc_has_them(string ours, string theirs)
    {
        var servers = Enumerable.Range(0, 4).Select(static _ => new MemcachedDaemon()).ToArray();
        try
        {
            using var live = new Live();
            using var cache = new MemcachedClient($"memcached://{string.Join(',', servers.Select(static server => server.EndPoint))}?hash={ours}", hub: live.Hub);
            var list = string.Join(", ", servers.Select(static server => $"'{server.EndPoint}'"));
            Python($$"""
                client = pylibmc.Client([{{list}}], behaviors={'{{theirs}}': True})
                for n in range({{Keys}}):
                    client.set('user:%d:profile' % n, str(n))
                """);
            var found = live.Await(cache.GetMany(Enumerable.Range(0, Keys).Select(static n => (Protocols.Bytes)$"user:{n}:profile")));
            Assert.That(found, Has.Count.EqualTo(Keys));
            Assert.That(found.All(static one => $"{one.Key}" == $"user:{one.Value}:profile"), Is.True);

            live.Await(cache.Flush());
            live.Await(Enumerable.Range(0, Keys).Select(n => cache.Set($"page/{n}", n)).Merge(maxConcurrent: 500).ToList());
            Python($$"""
                client = pylibmc.Client([{{list}}], behaviors={'{{theirs}}': True})
                found = client.get_multi(['page/%d' % n for n in range({{Keys}})])
                assert len(found) == {{Keys}}, len(found)
                """);
        }
        finally
        {
            Array.ForEach(servers, static server => server.Dispose());
        }
    }

    private static void Python(string program)
    {
        SampleTool.Require("/usr/lib/python3/dist-packages/pylibmc/__init__.py", "python3-pylibmc");
        var (exitCode, text) = SampleTool.Run("/usr/bin/python3", "-c", $"import pylibmc\n{program}").GetAwaiter().GetResult();
        Assert.That(exitCode, Is.Zero, text);
    }
}
