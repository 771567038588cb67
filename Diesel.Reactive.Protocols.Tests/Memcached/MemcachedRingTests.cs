using System.Net;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>Which server has a key. The placements of libmemcached are compared with those of a real client in <see cref="MemcachedPlacementTests"/>.</summary>
public class MemcachedRingTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 10_000).Select(static n => $"user:{n}:profile")];

    // Written down from libmemcached 1.1.4 by way of pylibmc: servers 10.0.1.1 to 10.0.1.8 at port 11211, "key0" to "key9".
    [TestCase("", 0u)]
    [TestCase("a", 0xca2e9442u)]
    [TestCase("The quick brown fox jumps over the lazy dog", 0x519e91f5u)]
    public void Keys_are_hashed_one_at_a_time(string key, uint hash) => Assert.That(Jenkins.OneAtATime(key.ToBytes().Span), Is.EqualTo(hash));

    [Test]
    public void A_byte_beyond_ASCII_is_a_char_with_a_sign() =>
        Assert.That(Jenkins.OneAtATime([0xe9]), Is.Not.EqualTo(Unsigned(0xe9)));

    // A ring of a hundred points a server is not quite even: of ten servers some have a little more than a tenth of the keys.
    [Test]
    public void Without_one_of_ten_servers_its_keys_move_and_no_others([Values] MemcachedHash hash)
    {
        using var ten = new Ring(hash, 10);
        var before = ten.Of(Keys);
        var moved = Enumerable.Range(1, 10).Select(gone =>
        {
            using var nine = new Ring(hash, [.. Enumerable.Range(1, 10).Where(n => n != gone)]);
            var pairs = before.Zip(nine.Of(Keys)).Where(static pair => pair.First != pair.Second).ToArray();
            Assert.That(pairs.Select(static pair => pair.First).Distinct(), Is.EqualTo(new[] { $"10.0.0.{gone}" }));
            return pairs.Length;
        }).Order().ToArray();
        TestContext.Out.WriteLine($"{hash}: from {moved[0] / 100.0:0.0} to {moved[^1] / 100.0:0.0} % move, {moved[5] / 100.0:0.0} % in the middle");
        Assert.That(moved[5], Is.LessThan(0.12 * Keys.Length));
    }

    [Test]
    public void Each_of_ten_servers_has_its_share([Values] MemcachedHash hash)
    {
        using var ring = new Ring(hash, 10);
        Assert.That(ring.Of(Keys).GroupBy(static server => server).Select(static share => share.Count()), Has.All.InRange(500, 1700).And.Exactly(10).Items);
    }

    [TestCase(MemcachedHash.KetamaWeighted)]
    [TestCase(MemcachedHash.Rendezvous)]
    public void Who_weighs_three_times_as_much_has_about_so_many_keys(MemcachedHash hash)
    {
        using var ring = new Ring(hash, 2, 3, 1);
        Assert.That(ring.Of(Keys).Count(static server => server == "10.0.0.1"), Is.InRange(6500, 8500));
    }

    [Test]
    public void Ketama_without_weights_does_not_count_them()
    {
        using var even = new Ring(MemcachedHash.Ketama, 2);
        using var uneven = new Ring(MemcachedHash.Ketama, 2, 3, 1);
        Assert.That(uneven.Of(Keys), Is.EqualTo(even.Of(Keys)));
    }

    [Test]
    public void The_order_of_the_servers_does_not_matter([Values] MemcachedHash hash)
    {
        using var ring = new Ring(hash, 5);
        using var reversed = new Ring(hash, [5, 4, 3, 2, 1]);
        Assert.That(reversed.Of(Keys), Is.EqualTo(ring.Of(Keys)));
    }

    private static uint Unsigned(byte one)
    {
        unchecked
        {
            uint hash = one;
            hash += hash << 10;
            hash ^= hash >> 6;
            hash += hash << 3;
            hash ^= hash >> 11;
            return hash + (hash << 15);
        }
    }

    private sealed class Ring : IDisposable
    {
        private readonly World _world = new();
        private readonly MemcachedServers _servers;

        public Ring(MemcachedHash hash, int count, params int[] weights)
            : this(hash, [.. Enumerable.Range(1, count)], weights)
        {
        }

        public Ring(MemcachedHash hash, int[] numbers, params int[] weights) => _servers = new MemcachedServers(
            new(numbers.Select(static n => (EndPoint)new DnsEndPoint($"10.0.0.{n}", 11211)), new() { Hash = hash, Weights = weights.Length == 0 ? null : weights }), _world.Hub);

        public string[] Of(string[] keys) => [.. keys.Select(key => ((DnsEndPoint)_servers.Of(MemcachedKey.Of(key)).EndPoint).Host)];

        public void Dispose()
        {
            _servers.Dispose();
            _world.Dispose();
        }
    }
}
