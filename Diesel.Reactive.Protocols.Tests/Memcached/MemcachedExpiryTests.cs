using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>What a service forgets, and when, in virtual time.</summary>
public class MemcachedExpiryTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [TestCase("set k 0 10 1\r\nv\r\n", 10)]
    [TestCase("ms k 1 T10\r\nv\r\n", 10)]
    [TestCase("set k 0 2592000 1\r\nv\r\n", 2_592_000)]
    [TestCase("set k 0 0 1\r\nv\r\ntouch k 7\r\n", 7)]
    [TestCase("set k 0 0 1\r\nv\r\ngat 8 k\r\n", 8)]
    [TestCase("set k 0 0 1\r\nv\r\nmg k T9\r\n", 9)]
    [TestCase("mg k N11\r\n", 11)]
    [TestCase("ma k N12 J1\r\n", 12)]
    [TestCase("set k 0 0 1\r\nv\r\nflush_all 13\r\n", 13)]
    [TestCase("set k 0 0 1\r\nv\r\nmd k I T6\r\n", 6)]
    public void An_item_is_gone_when_its_last_second_is_over(string stores, int seconds)
    {
        var service = _world.Starts(new MemcachedService(0));
        var peer = _world.Dials(service.Port).Sends(stores);

        // Seconds are counted as the clock on the wall has them: an item stored within one is gone at the beginning of its last.
        var begun = _world.Hub.Now.ToUnixTimeSeconds();
        PassTo(begun + seconds, before: 0.01);
        Assert.That(Answer(peer, "mg k s\r\n"), Does.StartWith("HD "), "One hundredth of a second before.");
        PassTo(begun + seconds, before: -0.01);
        Assert.That(Answer(peer, "mg k s\r\n"), Is.EqualTo("EN\r\n"), "One hundredth of a second behind.");
        Assert.That(Answer(peer, "get k\r\n"), Is.EqualTo("END\r\n"));
    }

    [Test]
    public void A_time_of_the_clock_is_one()
    {
        var service = _world.Starts(new MemcachedService(0));
        _world.Clock.AdvanceTo(new DateTimeOffset(2026, 11, 29, 8, 0, 0, TimeSpan.Zero).Ticks);
        var at = _world.Hub.Now.ToUnixTimeSeconds() + 100;
        var peer = _world.Dials(service.Port).Sends($"set k 0 {at} 1\r\nv\r\n");
        Assert.That(at, Is.GreaterThan(2_592_000));
        PassTo(at, before: 0.01);
        Assert.That(Answer(peer, "mg k v\r\n"), Is.EqualTo("VA 1\r\nv\r\n"));
        PassTo(at, before: -0.01);
        Assert.That(Answer(peer, "mg k v\r\n"), Is.EqualTo("EN\r\n"));
    }

    [Test]
    public void What_is_left_is_told_to_the_second()
    {
        var peer = _world.Dials(_world.Starts(new MemcachedService(0)).Port).Sends("set k 0 100 1\r\nv\r\nset l 0 0 1\r\nv\r\n");
        Assert.That(Answer(peer, "mg k t\r\n"), Is.EqualTo("HD t100\r\n"));
        _world.Passes(40);
        Assert.That(Answer(peer, "mg k t\r\nmg l t\r\n"), Is.EqualTo("HD t60\r\nHD t-1\r\n"));
    }

    [Test]
    public void Who_is_stored_again_does_not_go_with_the_old_value()
    {
        var peer = _world.Dials(_world.Starts(new MemcachedService(0)).Port).Sends("set k 0 1 1\r\n1\r\nset k 0 0 1\r\n2\r\n");
        _world.Passes(5);
        Assert.That(Answer(peer, "get k\r\n"), Is.EqualTo("VALUE k 0 1\r\n2\r\nEND\r\n"));
    }

    [Test]
    public void The_longest_unused_goes_by_bytes()
    {
        var each = new StoredItem("key0"u8, new byte[1000]).Size;
        var store = new MemcachedMemory(10 * each);
        for (var n = 0; n < 10; n++)
        {
            store.Put(new StoredItem($"key{n}".ToBytes().Span, new byte[1000]));
        }

        Assert.That((store.Count, store.Evicted, store.Bytes), Is.EqualTo((10L, 0L, 10L * each)));
        store.Find("key0"u8);
        store.Find("key1"u8, isUse: false);

        // One that is larger puts out as many as its bytes need: 1, 2 and 3, as 0 was used.
        store.Put(new StoredItem("large"u8, new byte[999 + (2 * each)]));
        Assert.That((store.Count, store.Evicted), Is.EqualTo((8L, 3L)));
        Assert.That(Enumerable.Range(0, 10).Where(n => store.Find($"key{n}".ToBytes().Span, isUse: false) is not null), Is.EqualTo(new[] { 0, 4, 5, 6, 7, 8, 9 }));
        Assert.That(store.Bytes, Is.LessThanOrEqualTo(store.MaxBytes));
    }

    [Test]
    public void One_that_is_larger_than_all_there_may_be_is_alone()
    {
        var store = new MemcachedMemory(500);
        store.Put(new StoredItem("a"u8, new byte[10]));
        store.Put(new StoredItem("b"u8, new byte[1000]));
        Assert.That((store.Count, store.Find("b"u8) is not null), Is.EqualTo((1L, true)));
        store.Put(new StoredItem("a"u8, new byte[10]));
        Assert.That((store.Count, store.Find("b"u8) is null), Is.EqualTo((1L, true)));
    }

    // A million steps against a dictionary and a list.
    [Test]
    public void The_store_is_what_a_simple_one_would_be()
    {
        const int MaxBytes = 20_000;
        var (store, random) = (new MemcachedMemory(MaxBytes), new Random(5));
        var (items, order, bytes) = (new Dictionary<string, StoredItem>(), new LinkedList<string>(), 0L);
        void Leave(string key)
        {
            if (items.Remove(key, out var gone))
            {
                order.Remove(key);
                bytes -= gone.Size;
            }
        }

        for (var step = 0; step < 100_000; step++)
        {
            var key = $"k{random.Next(200)}";
            switch (random.Next(10))
            {
                case < 4:
                    var item = new StoredItem(key.ToBytes().Span, new byte[random.Next(500)]);
                    store.Put(item);
                    Leave(key);
                    items.Add(key, item);
                    order.AddLast(key);
                    bytes += item.Size;
                    while (bytes > MaxBytes)
                    {
                        Leave(order.First!.Value);
                    }

                    break;
                case < 8:
                    Assert.That(store.Find(key.ToBytes().Span), Is.SameAs(items.GetValueOrDefault(key)));
                    if (items.ContainsKey(key))
                    {
                        order.Remove(key);
                        order.AddLast(key);
                    }

                    break;
                case 8 when items.TryGetValue(key, out var there):
                    store.Remove(there);
                    store.Remove(there);
                    Leave(key);
                    break;
                case 9 when random.Next(1000) == 0:
                    store.Clear();
                    (items, order, bytes) = ([], [], 0);
                    break;
                default:
                    break;
            }

            Assert.That((store.Count, store.Bytes), Is.EqualTo(((long)items.Count, bytes)));
        }

        Assert.That(store.Evicted, Is.GreaterThan(1000));
    }

    private void PassTo(long second, double before)
    {
        var left = DateTimeOffset.FromUnixTimeSeconds(second) - TimeSpan.FromSeconds(before) - _world.Hub.Now;
        _world.Passes(left.TotalSeconds);
    }

    private static string Answer(Peer peer, string asks)
    {
        var before = peer.Received.Length;
        return peer.Sends(asks).Received[before..];
    }
}
