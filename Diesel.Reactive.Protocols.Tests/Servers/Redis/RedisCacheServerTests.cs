using System.Globalization;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Cached values and Debian's redis-server, which tells of changes to them.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class RedisCacheServerTests(bool broadcasts)
{
    private const int Keys = 20;

    private RedisServer _server = null!;
    private Live _live = null!;
    private RedisClient _redis = null!;
    private RedisClient _other = null!;
    private RedisCache _cache = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _live = new Live();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _live?.Dispose();
        _server?.Dispose();
    }

    [SetUp]
    public void Connect()
    {
        (_redis, _other) = (Client(), Client());
        _cache = Cache(_redis);
        _live.Await(_other.FlushAll());
    }

    [TearDown]
    public void Leave()
    {
        _redis.Dispose();
        _other.Dispose();
    }

    [TestCase("SET k w")]
    [TestCase("DEL k")]
    [TestCase("EXPIRE k 100")]
    [TestCase("FLUSHALL")]
    [TestCase("RENAME k other")]
    [TestCase("APPEND k x")]
    public void Is_told_of_what_others_do(string command) => _live.Run(async () =>
    {
        await _other.Set("k", "v");
        Assert.That((await _cache.Get("k"), await _cache.Get("k"), _cache.Counts.Hits), Is.EqualTo(((Bytes?)"v", (Bytes?)"v", 1L)));
        string[] words = command.Split(' ');
        await _other.Command(words[0], [.. words[1..].Select(word => (Bytes)word)]);
        await Gone();
        Assert.That(await _cache.Get("k"), Is.EqualTo(await _other.Get("k")));
    });

    [Test]
    public void A_missing_key_is_kept_and_told_of_when_it_comes() => _live.Run(async () =>
    {
        Assert.That((await _cache.Get("k"), await _cache.Get("k"), _cache.Counts.Hits), Is.EqualTo(((Bytes?)null, (Bytes?)null, 1L)));
        await _other.Set("k", "v");
        await Gone();
        Assert.That(await _cache.Get("k"), Is.EqualTo((Bytes?)"v"));
    });

    [Test]
    public void A_value_that_expires_is_told_of() => _live.Run(async () =>
    {
        await _other.Set("k", "v", TimeSpan.FromMilliseconds(50));
        await _cache.Get("k");
        await Gone();
        Assert.That(await _cache.Get("k"), Is.Null);
    });

    [Test]
    public void Replies_of_all_shapes_come_back_as_they_were() => _live.Run(async () =>
    {
        await _other.HSet("h", ("a", 1), ("b", 2));
        await _other.ZAdd("z", 1.5, "m");
        for (var i = 0; i < 2; i++)
        {
            Assert.That(await _cache.HGetAll("h"), Is.EquivalentTo(new Dictionary<Bytes, Bytes> { ["a"] = "1", ["b"] = "2" }));
            Assert.That((await _cache.ZScore("z", "m"), await _cache.HLen("h"), await _cache.Exists("h", "z", "none")), Is.EqualTo(((double?)1.5, 2L, 2L)));
        }

        Assert.That(_cache.Counts.Hits, Is.EqualTo(4));
    });

    [Test]
    public void A_connection_that_ends_before_it_is_told_keeps_nothing() => _live.Run(async () =>
    {
        await _other.Set("k", "v");
        await _cache.Get("k");
        var id = await _redis.Command("CLIENT ID");
        await _other.Transaction(t => (t.Command("CLIENT KILL", "ID", id.ToInt64()), t.Set("k", "w")));
        await Gone();
        Assert.That(await _cache.Get("k"), Is.EqualTo((Bytes?)"w"));
    });

    [Test]
    public void No_read_is_older_than_one_before_or_a_write_of_ones_own_or_the_last_word_of_a_change() => _live.Run(async () =>
    {
        using var third = Client();
        using var fourth = Client();
        var second = Cache(third);
        var random = new Random(7);
        var written = new long[Keys];
        (IRedisCommands Commands, long[] Seen, Heard? Heard)[] clients =
            [(_cache, new long[Keys], Listen(_redis)), (second, new long[Keys], Listen(third)), (_other, new long[Keys], null), (fourth, new long[Keys], null)];
        var wrong = new List<string>();
        var rounds = Live.IsSoak ? 100_000 / 8 : 1_500;
        for (var round = 0; round < rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Step(clients[random.Next(4)], random.Next(Keys), random.Next(10) == 0)));
        }

        Assert.That(wrong, Is.Empty);
        Assert.That((_cache.Counts.Hits > rounds / 2, second.Counts.Invalidated > rounds / 20), Is.EqualTo((true, true)), $"{_cache.Counts} {second.Counts}");
        Assert.That(clients.Sum(client => client.Heard?.Words ?? 0), Is.GreaterThan(rounds / 20));

        // Each key has its writes in the order they were sent, as one after the other is awaited.
        async Task Step((IRedisCommands Commands, long[] Seen, Heard? Heard) client, int key, bool writes)
        {
            if (writes)
            {
                var number = (await client.Commands.Ask(new RedisCommand<long>("INCR", reply => reply.ToInt64(), $"k{key}")));
                client.Seen[key] = Math.Max(number, client.Seen[key]);
                written[key] = Math.Max(number, written[key]);
                return;
            }

            var (before, all, told) = (client.Seen[key], written[key], client.Heard?.Least[key] ?? 0);
            var value = (await client.Commands.Get($"k{key}"))?.ToInt64() ?? 0;
            if (value < before || value < told || (client.Commands is RedisClient && value < all))
            {
                wrong.Add($"k{key}: {value} after {before}, and after the word that it is {told} at least");
            }

            client.Heard?.Read(key, value);

            client.Seen[key] = Math.Max(value, client.Seen[key]);
        }
    });

    private Heard Listen(RedisClient redis)
    {
        var heard = new Heard(isExact: !broadcasts);
        ((RedisLink)redis.Topology).Pushes.Add(heard);
        return heard;
    }

    private RedisClient Client() => new(_server.Uri(), hub: _live.Hub);

    private RedisCache Cache(RedisClient redis) => redis.Cached(TimeSpan.FromHours(1), new() { Broadcast = broadcasts ? [] : null });

    private async Task Gone()
    {
        for (var attempt = 0; _cache.Counts.Entries > 0; attempt++)
        {
            Assert.That(attempt, Is.LessThan(2000), "The value is still kept.");
            await _live.Hub.Sleep(TimeSpan.FromMilliseconds(5));
        }
    }

    /// <summary>What the server's words of changes mean: whatever was read before, it is newer now. Where it tells of prefixes, its word may come behind a reply that knows
    /// of the change already, so that it is not older is all that follows.</summary>
    private sealed class Heard(bool isExact) : IRedisListener
    {
        private readonly long[] _read = new long[Keys];

        public long[] Least { get; } = new long[Keys];

        public int Words { get; private set; }

        public void Read(int key, long value) => _read[key] = Math.Max(_read[key], value);

        public void Begun()
        {
        }

        public void Lost()
        {
        }

        public void Pushed(RespValue push)
        {
            if (push.Items is not [var kind, { IsNull: false } keys] || kind.ToText() != "invalidate")
            {
                return;
            }

            foreach (var name in keys.ToItems())
            {
                var key = int.Parse(name.ToText().AsSpan(1), CultureInfo.InvariantCulture);
                Least[key] = Math.Max(Least[key], _read[key] + (isExact ? 1 : 0));
                Words++;
            }
        }
    }
}
