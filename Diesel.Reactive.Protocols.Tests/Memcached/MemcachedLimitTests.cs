using System.Buffers.Binary;
using System.Text;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>What is too large, too late or too much: refused where it would do harm, and nothing stale is left behind.</summary>
public class MemcachedLimitTests
{
    private const int Mebibyte = 1024 * 1024;

    private World _world = null!;
    private Peer _peer = null!;
    private MemcachedClient _cache = null!;

    [SetUp]
    public void Start()
    {
        _world = new World();
        _world.Starts(new MemcachedService(11211));
        _peer = _world.Dials(11211).Sends("set k 0 0 3\r\nold\r\n");
        _cache = new MemcachedClient("10.0.0.1", hub: _world.Hub);
    }

    [TearDown]
    public void Stop()
    {
        _cache.Dispose();
        _world.Dispose();
    }

    // As memcached 1.6.18: what would have replaced it in any case must not leave the old value to be read.
    [TestCase("set k 0 0 1048577", true)]
    [TestCase(" set k 0 0 1048577", true)]
    [TestCase("ms k 1048577", true)]
    [TestCase("ms k 1048577 ME", true)]
    [TestCase("add k 0 0 1048577", false)]
    [TestCase("replace k 0 0 1048577", false)]
    [TestCase("append k 0 0 1048577", false)]
    [TestCase("cas k 0 0 1048577 1", false)]
    public void A_value_that_is_too_large_takes_the_old_one_with_it_where_it_would_have_replaced_it(string line, bool isGone)
    {
        _peer.Sends($"{line}\r\n").Sends(new string('x', Mebibyte + 1)).Sends("\r\nget k\r\n");
        Assert.That(_peer.Received, Is.EqualTo($"STORED\r\nSERVER_ERROR object too large for cache\r\n{(isGone ? "" : "VALUE k 0 3\r\nold\r\n")}END\r\n"));
    }

    // Of the first size the body comes as a whole, of the second it is thrown away.
    [TestCase(0x01, Mebibyte + 1, true)]
    [TestCase(0x01, Mebibyte + 500, true)]
    [TestCase(0x11, Mebibyte + 500, true)]
    [TestCase(0x02, Mebibyte + 1, false)]
    [TestCase(0x02, Mebibyte + 500, false)]
    [TestCase(0x0e, Mebibyte + 1, false)]
    public void So_it_does_by_the_binary_protocol(int operation, int size, bool isGone)
    {
        var (head, extras) = (new byte[24 + (operation == 0x0e ? 0 : 8) + 1], (byte)(operation == 0x0e ? 0 : 8));
        (head[0], head[1], head[3], head[4], head[^1]) = (0x80, (byte)operation, 1, extras, (byte)'k');
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(8), (uint)(extras + 1 + size));
        var binary = _world.Dials(11211).Sends(head.AsMemory(0, 10)).Sends(head.AsMemory(10, 15)).Sends(head.AsMemory(25)).Sends(new byte[size]);
        var answer = Encoding.Latin1.GetBytes(binary.Received);
        Assert.That((answer[1], answer[7]), Is.EqualTo(((byte)operation, (byte)3)), "Too large.");
        Assert.That(_peer.Sends("get k\r\n").Received, Is.EqualTo($"STORED\r\n{(isGone ? "" : "VALUE k 0 3\r\nold\r\n")}END\r\n"));
    }

    [TestCase("append k 0 0 600000", "NOT_STORED")]
    [TestCase("prepend k 0 0 600000", "NOT_STORED")]
    [TestCase("ms k 600000 MA", "NS")]
    [TestCase("ms k 600000 MP", "NS")]
    public void What_is_put_behind_a_value_makes_none_that_is_too_large(string line, string answer)
    {
        var more = new string('x', 600_000);
        _peer.Sends($"set k 0 0 600000\r\n{more}\r\n").Sends($"{line}\r\n{more}\r\n").Sends($"{line.Replace("600000", "448576", StringComparison.Ordinal)}\r\n{more[..448_576]}\r\nmg k s\r\n");
        Assert.That(_peer.Received, Is.EqualTo($"STORED\r\nSTORED\r\n{answer}\r\n{(answer == "NS" ? "HD" : "STORED")}\r\nHD s1048576\r\n"), "The limit is one that may be reached.");
    }

    [Test]
    public void An_end_that_servers_cannot_count_is_refused_and_the_last_one_is_not()
    {
        _world.Clock.AdvanceTo(new DateTimeOffset(2026, 11, 29, 8, 0, 0, TimeSpan.Zero).Ticks);
        var last = DateTimeOffset.FromUnixTimeSeconds(int.MaxValue - 1);
        foreach (var late in new Expiry[] { TimeSpan.MaxValue, DateTimeOffset.MaxValue, last.AddSeconds(1), last.AddSeconds(1) - _world.Hub.Now })
        {
            Assert.That(() => { _ = _cache.Set("k", "v", late); }, Throws.ArgumentException.With.Message.Contains("2038-01-19"));
            Assert.That(() => { _ = _cache.Touch("k", late); }, Throws.ArgumentException);
            Assert.That(() => { _ = _cache.Increment("n", initial: 1, ttl: late); }, Throws.ArgumentException);
        }

        Assert.That(() => { _ = _cache.GetOrCompute("k", TimeSpan.MaxValue, static () => Task.FromResult((Bytes)"v")); }, Throws.ArgumentException);
        Assert.That($"{_world.Watch(_cache.Set("k", "v", last))}", Is.EqualTo("Stored |"));
        Assert.That(_world.Watch(_cache.GetItem("k")).Last!.TimeToLive, Is.EqualTo(last - _world.Hub.Now).Within(TimeSpan.FromSeconds(1.1)));
        Assert.That($"{_world.Watch(_cache.Set("k", "v", Timeout.InfiniteTimeSpan))}", Is.EqualTo("Stored |"));
    }

    [Test]
    public void A_group_of_statistics_is_a_word([Values("", "detail on", "x\r\nflush_all")] string group) =>
        Assert.That(() => { _ = _cache.Stats(group); }, Throws.ArgumentException);

    [Test]
    public void A_value_has_at_most_what_the_client_is_told()
    {
        using var cache = new MemcachedClient("10.0.0.1", new() { Limits = new() { MaxValue = 10 } }, _world.Hub);
        Assert.That($"{_world.Watch(cache.Set("k", new byte[10]))}", Is.EqualTo("Stored |"));
        Assert.That(() => { _ = cache.Set("k", new byte[11]); }, Throws.ArgumentException.With.Message.Contains("at most 10 bytes, this one has 11"));
    }

    [TestCase(250, 'a', true)]
    [TestCase(251, 'a', false)]
    [TestCase(186, ' ', true)]
    [TestCase(187, ' ', false)]
    [TestCase(186, '\x7f', true)]
    [TestCase(187, '\x1f', false)]
    [TestCase(0, 'a', false)]
    public void A_key_has_at_most_250_bytes_and_186_where_it_goes_in_base64(int length, char of, bool isOne)
    {
        Bytes key = Enumerable.Repeat((byte)of, length).ToArray();
        if (isOne)
        {
            Assert.That($"{_world.Watch(_cache.Set(key, "v"))} {_world.Watch(_cache.Get(key))} {_world.Watch(_cache.GetMany(key)).Last.Count}", Is.EqualTo("Stored | v | 1"));
        }
        else
        {
            Assert.That(() => { _ = _cache.Get(key); }, Throws.ArgumentException);
            Assert.That(() => { _ = _cache.GetMany("k", key); }, Throws.ArgumentException);
            Assert.That(() => { _ = _cache.Set(key, "v"); }, Throws.ArgumentException);
        }
    }
}
