using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Python's redis reads what we wrote, and the reverse; it speaks RESP2, and we either.</summary>
[TestFixture(RespVersion.Resp2)]
[TestFixture(RespVersion.Resp3)]
public class RedisPythonTests(RespVersion version) : RedisFixture(version)
{
    [Test]
    public void Python_reads_what_we_wrote()
    {
        var all = Enumerable.Range(0, 256).Select(one => (byte)one).ToArray();
        Get(Redis.Set("bytes", all));
        Get(Redis.Set("expiring", "v", TimeSpan.FromMinutes(1)));
        Get(Redis.HSet("h", ("a", 1), ("ü", 2.5)));
        Get(Redis.RPush("l", "a", "b"));
        Get(Redis.SAdd("s", "a", "b"));
        Get(Redis.ZAdd("z", default, new Scored("a", 1.5), new Scored("b", double.PositiveInfinity)));
        Get(Redis.XAdd("x", new XAddOptions { Id = new(5, 1) }, ("f", "v")));
        Get(Redis.XGroupCreate("x", "g", StreamId.Zero));
        Get(Redis.GeoAdd("geo", new GeoPosition(13.361389, 38.115556), "Palermo"));
        Get(Redis.PfAdd("p", "a", "b"));
        Get(Redis.SetBit("bits", 7, bit: true));
        var sha1 = Get(Redis.ScriptLoad("return ARGV[1]"));
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
        Assert.That(Get(Redis.XPending("x", "g")).Consumers, Is.EqualTo(new Dictionary<Bytes, long> { ["c"] = 1 }));
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
        Assert.That(Get(Redis.Get("bytes"))!.Value.ToArray(), Is.EqualTo(Enumerable.Range(0, 256).Select(one => (byte)one)));
        Assert.That(Get(Redis.Ttl("expiring")), Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        Assert.That(Get(Redis.HGetAll("h")), Is.EquivalentTo(new Dictionary<Bytes, Bytes> { ["a"] = 1, ["ü"] = 2.5 }));
        Assert.That((Get(Redis.LRange("l")), Get(Redis.SMembers("s")).Order()), Is.EqualTo((new Bytes[] { "a", "b" }, new Bytes[] { "a", "b" })));
        Assert.That(Get(Redis.ZRangeWithScores("z")), Is.EqualTo(new Scored[] { new("a", 1.5), new("b", double.PositiveInfinity) }));
        Assert.That($"{Get(Redis.XRange("x")).Single()}", Is.EqualTo("5-1 {f: v}"));
        Assert.That(Get(Redis.XPending("x", "g", 10)).Single().Consumer, Is.EqualTo((Bytes)"c"));
        Assert.That(Get(Redis.GeoPos("geo", "Palermo"))[0]!.Value.Longitude, Is.EqualTo(13.361389).Within(0.0001));
        Assert.That((Get(Redis.PfCount("p")), Get(Redis.GetBit("bits", 7))), Is.EqualTo((2L, true)));
        Assert.That(Get(Script.Of("return ARGV[1]").Run(Redis, reply => reply.ToText(), arguments: "x")), Is.EqualTo("x"));
    }

    [Test]
    public void Python_hears_us_and_we_hear_python() => Live.Run(async () =>
    {
        using var hub = new RedisSubHub(Redis);
        var (channel, got) = (hub.Channels("ours"), new List<string>());
        using var messages = channel.Subscribe(message => got.Add(message.Text));
        await channel.Opened;
        var python = Task.Run(() => Python("""
            p = r.pubsub(ignore_subscribe_messages=True)
            p.subscribe('theirs'); p.psubscribe('th?irs')
            got = []
            while len(got) < 20:
                m = p.get_message(timeout=10)
                if m: got.append((m['type'], m['data']))
            for kind in ('message', 'pmessage'):
                assert [d for k, d in got if k == kind] == [str(n).encode() for n in range(10)], got
            for n in range(10): assert r.publish('ours', n) == 1
            """));
        await Becomes(async () => (await Redis.PubSubNumSub("theirs"))["theirs"] == 1 && await Redis.PubSubNumPat() == 1);
        for (var n = 0; n < 10; n++)
        {
            await Redis.Publish("theirs", n);
        }

        await python;
        await Becomes(() => got.Count == 10);
        Assert.That(got, Is.EqualTo(Enumerable.Range(0, 10).Select(n => $"{n}")));
    });

    private void Python(string program)
    {
        SampleTool.Require("/usr/lib/python3/dist-packages/redis/__init__.py", "python3-redis");
        var (exitCode, text) = Live.Await(SampleTool.Run("/usr/bin/python3", "-c", $"import redis\nr = redis.Redis(port={Server.Port})\n{program}"));
        Assert.That(exitCode, Is.Zero, text);
    }
}
