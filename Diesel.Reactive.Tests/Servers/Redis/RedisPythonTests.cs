using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Python's redis reads what we wrote, and the reverse.</summary>
public class RedisPythonTests
{
    private RedisServer _server = null!;
    private Live _live = null!;
    private RedisClient _redis = null!;

    [SetUp]
    public void Start()
    {
        SampleTool.Require("/usr/lib/python3/dist-packages/redis/__init__.py", "python3-redis");
        _server = RedisServer.Start();
        _live = new Live();
        _redis = new RedisClient(_server.Uri(), hub: _live.Hub);
    }

    [TearDown]
    public void Stop()
    {
        _redis?.Dispose();
        _live?.Dispose();
        _server?.Dispose();
    }

    [Test]
    public void Python_reads_what_we_wrote()
    {
        var all = Enumerable.Range(0, 256).Select(one => (byte)one).ToArray();
        _live.Await(_redis.Set("bytes", all));
        _live.Await(_redis.Set("expiring", "v", TimeSpan.FromMinutes(1)));
        _live.Await(_redis.HSet("h", ("a", 1), ("ü", 2.5)));
        _live.Await(_redis.RPush("l", "a", "b"));
        _live.Await(_redis.SAdd("s", "a", "b"));
        _live.Await(_redis.ZAdd("z", default, new Scored("a", 1.5), new Scored("b", double.PositiveInfinity)));
        _live.Await(_redis.XAdd("x", new XAddOptions { Id = new(5, 1) }, ("f", "v")));
        _live.Await(_redis.XGroupCreate("x", "g", StreamId.Zero));
        _live.Await(_redis.GeoAdd("geo", new GeoPosition(13.361389, 38.115556), "Palermo"));
        _live.Await(_redis.PfAdd("p", "a", "b"));
        _live.Await(_redis.SetBit("bits", 7, bit: true));
        var sha1 = _live.Await(_redis.ScriptLoad("return ARGV[1]"));
        Python($"""
            assert r.get('bytes') == bytes(range(256))
            assert 0 < r.ttl('expiring') <= 60
            assert r.hgetall('h') == {'{'}b'a': b'1', 'ü'.encode(): b'2.5'{'}'}
            assert r.lrange('l', 0, -1) == [b'a', b'b'] and r.smembers('s') == {'{'}b'a', b'b'{'}'}
            assert r.zrange('z', 0, -1, withscores=True) == [(b'a', 1.5), (b'b', float('inf'))]
            assert r.xrange('x') == [(b'5-1', {'{'}b'f': b'v'{'}'})]
            assert r.xreadgroup('g', 'c', {'{'}'x': '>'{'}'}) == [[b'x', [(b'5-1', {'{'}b'f': b'v'{'}'})]]]
            assert abs(r.geopos('geo', 'Palermo')[0][0] - 13.361389) < 0.0001
            assert r.pfcount('p') == 2 and r.getbit('bits', 7) == 1
            assert r.evalsha('{sha1}', 0, 'x') == b'x'
            """);
        Assert.That(_live.Await(_redis.XPending("x", "g")).Consumers, Is.EqualTo(new Dictionary<Bytes, long> { ["c"] = 1 }));
    }

    [Test]
    public void We_read_what_python_wrote()
    {
        Python("""
            r.set('bytes', bytes(range(256)))
            r.set('expiring', 'v', px=60000)
            r.hset('h', mapping={'a': 1, 'ü': 2.5})
            r.rpush('l', 'a', 'b'); r.sadd('s', 'a', 'b')
            r.zadd('z', {'a': 1.5, 'b': float('inf')})
            r.xadd('x', {'f': 'v'}, id='5-1'); r.xgroup_create('x', 'g', id='0'); r.xreadgroup('g', 'c', {'x': '>'})
            r.geoadd('geo', (13.361389, 38.115556, 'Palermo'))
            r.pfadd('p', 'a', 'b'); r.setbit('bits', 7, 1)
            print(r.script_load('return ARGV[1]'))
            """);
        Assert.That(Get(_redis.Get("bytes"))!.Value.ToArray(), Is.EqualTo(Enumerable.Range(0, 256).Select(one => (byte)one)));
        Assert.That(Get(_redis.Ttl("expiring")), Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        Assert.That(Get(_redis.HGetAll("h")), Is.EquivalentTo(new Dictionary<Bytes, Bytes> { ["a"] = 1, ["ü"] = 2.5 }));
        Assert.That((Get(_redis.LRange("l")), Get(_redis.SMembers("s")).Order()), Is.EqualTo((new Bytes[] { "a", "b" }, new Bytes[] { "a", "b" })));
        Assert.That(Get(_redis.ZRangeWithScores("z")), Is.EqualTo(new Scored[] { new("a", 1.5), new("b", double.PositiveInfinity) }));
        Assert.That($"{Get(_redis.XRange("x")).Single()}", Is.EqualTo("5-1 {f: v}"));
        Assert.That(Get(_redis.XPending("x", "g", 10)).Single().Consumer, Is.EqualTo((Bytes)"c"));
        Assert.That(Get(_redis.GeoPos("geo", "Palermo"))[0]!.Value.Longitude, Is.EqualTo(13.361389).Within(0.0001));
        Assert.That((Get(_redis.PfCount("p")), Get(_redis.GetBit("bits", 7))), Is.EqualTo((2L, true)));
        Assert.That(Get(Script.Of("return ARGV[1]").Run(_redis, reply => reply.ToText(), arguments: "x")), Is.EqualTo("x"));
    }

    private T Get<T>(Awaitable<T> asked) => _live.Await(asked);

    private void Python(string program)
    {
        var (exitCode, text) = _live.Await(SampleTool.Run("/usr/bin/python3", "-c", $"import redis\nr = redis.Redis(port={_server.Port})\n{program}"));
        Assert.That(exitCode, Is.Zero, text);
    }
}
