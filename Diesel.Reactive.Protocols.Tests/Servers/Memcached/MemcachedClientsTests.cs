using System.Net;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>Clients of others on the service of this library.</summary>
public class MemcachedClientsTests
{
    private Live _live = null!;
    private MemcachedService _service = null!;
    private MemcachedClient _cache = null!;

    [SetUp]
    public void Start()
    {
        _live = new Live();
        _service = _live.Starts(new MemcachedService(new IPEndPoint(IPAddress.Loopback, 0)));
        _cache = new MemcachedClient($"{_service.EndPoint}", hub: _live.Hub);
    }

    [TearDown]
    public async Task Stop()
    {
        _cache.Dispose();
        await _service.DisposeAsync();
        _live.Dispose();
    }

    [Test]
    public void Pymemcache_gets_on_with_it_and_reads_what_we_wrote()
    {
        _live.Await(_cache.Set("ours", "from here", TimeSpan.FromMinutes(1)));
        Python("pymemcache", "python3-pymemcache", $"""
            from pymemcache.client.base import Client
            c = Client(('127.0.0.1', {_service.Port}), default_noreply=False)
            assert c.get('ours') == b'from here'
            assert c.set('a', b'x\r\ny', expire=100) and c.get('a') == b'x\r\ny'
            assert not c.add('a', '1') and c.add('b', '1') and c.replace('b', '2')
            assert c.append('b', '3') and c.prepend('b', '1') and c.get('b') == b'123'
            assert c.incr('b', 7) == 130 and c.decr('b', 1000) == 0
            value, cas = c.gets('a')
            assert c.cas('a', 'new', cas) and not c.cas('a', 'newer', cas) and c.cas('none', 'x', cas) is None
            assert c.set_many({'{'}'m%d' % n: str(n) for n in range(1000){'}'}) == []
            assert len(c.get_many(['m%d' % n for n in range(2000)])) == 1000
            assert c.touch('a', 50) and not c.touch('none', 1) and c.delete('a') and not c.delete('a')
            c.set('quiet', '1', noreply=True); c.incr('quiet', 1, noreply=True); c.delete('m1', noreply=True)
            assert c.get('quiet') == b'2' and c.get('m1') is None
            assert int(c.stats()[b'curr_items']) > 990 and c.version()
            c.set('theirs', 'from there')
            """);
        Assert.That($"{_live.Await(_cache.Get("theirs"))}", Is.EqualTo("from there"));
    }

    [Test]
    public void Pylibmc_gets_on_with_it([Values] bool isBinary)
    {
        _live.Await(_cache.Set("ours", "from here", flags: 16));
        Python("pylibmc", "python3-pylibmc", $"""
            import pylibmc
            c = pylibmc.Client(['127.0.0.1:{_service.Port}'], binary={(isBinary ? "True" : "False")}, behaviors={'{'}'cas': True, 'tcp_nodelay': True{'}'})
            assert c.get('ours') in ('from here', b'from here'), c.get('ours')
            assert c.set('a', 'ä', time=100) and c.get('a') == 'ä'
            assert not c.add('a', '1') and c.add('b', 1) and c.replace('b', 2)
            assert c.incr('b', 7) == 9 and c.decr('b', 100) == 0
            assert c.set('t', b'bc') and c.append('t', b'd') and c.prepend('t', b'a') and c.get('t') == b'abcd'
            value, cas = c.gets('a')
            assert c.cas('a', 'new', cas) and not c.cas('a', 'newer', cas)
            assert c.set_multi({'{'}'m%d' % n: n for n in range(1000){'}'}) == []
            assert len(c.get_multi(['m%d' % n for n in range(2000)])) == 1000
            assert c.touch('a', 50) and c.delete('a') and not c.delete('a') and c.get('a') is None
            assert c.set('large', 'x' * 100000, min_compress_len=1000) and c.get('large') == 'x' * 100000
            (_, stats), = c.get_stats()
            assert int(stats['curr_items']) > 990 if 'curr_items' in stats else int(stats[b'curr_items']) > 990
            c.set('theirs', b'from there'); assert c.flush_all() and c.get('b') is None
            """);
        Assert.That(_live.Await(_cache.Get("theirs")), Is.Null, "It was flushed.");
    }

    [Test]
    public void What_pylibmc_compressed_we_inflate_and_what_we_compressed_it_does()
    {
        using var compressing = new MemcachedClient($"{_service.EndPoint}?compress_above=100", hub: _live.Hub);
        _live.Await(compressing.Set("ours", new string('y', 50_000)));
        Python("pylibmc", "python3-pylibmc", $"""
            import pylibmc
            c = pylibmc.Client(['127.0.0.1:{_service.Port}'])
            assert c.get('ours') == b'y' * 50000
            c.set('theirs', b'x' * 100000, min_compress_len=1000)
            """);
        Assert.That($"{_live.Await(_cache.Get("theirs"))}", Is.EqualTo(new string('x', 100_000)));
        Assert.That(int.Parse(_live.Await(_cache.Info("theirs"))!["size"], System.Globalization.CultureInfo.InvariantCulture), Is.LessThan(5000));
    }

    [TestCase("--test=set")]
    [TestCase("--test=get")]
    [TestCase("--test=get", "--binary")]
    [TestCase("--test=mget")]
    [TestCase("--test=set", "--non-blocking", "--tcp-nodelay")]
    public void Memcslap_finds_nothing(params string[] how)
    {
        SampleTool.Require("/usr/bin/memcslap", "libmemcached-tools");
        var (code, text) = _live.Await(SampleTool.Run("/usr/bin/memcslap", [$"--servers=127.0.0.1:{_service.Port}", "--concurrency=4", "--execute-number=500", "--initial-load=500", .. how]));
        Assert.That((code, text), Is.EqualTo((0, text)));
        Assert.That(text, Does.Contain("Time total:").And.Not.Contain("ailed").And.Not.Contain("rror"));
    }

    [Test]
    public void Memcstat_shows_what_it_counts()
    {
        SampleTool.Require("/usr/bin/memcstat", "libmemcached-tools");
        _live.Await(_cache.Set("k", "v"));
        var (code, text) = _live.Await(SampleTool.Run("/usr/bin/memcstat", $"--servers=127.0.0.1:{_service.Port}"));
        Assert.That(code, Is.Zero, text);
        Assert.That(text, Does.Match(@"curr_items: 1\s").And.Match(@"cmd_set: 1\s").And.Match(@"version: 1\.6\.18\s"));
    }

    private void Python(string module, string package, string program)
    {
        SampleTool.Require($"/usr/lib/python3/dist-packages/{module}/__init__.py", package);
        var (exitCode, text) = _live.Await(SampleTool.Run("/usr/bin/python3", "-c", program));
        Assert.That(exitCode, Is.Zero, text);
    }
}
