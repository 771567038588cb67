using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class RedisCacheTests
{
    private World _world = null!;
    private RedisFake _server = null!;
    private RedisClient _redis = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _server = new RedisFake(_world);
        _redis = _server.Client();
        _world.Do(() => _server.Data.Set("k", "v"));
    }

    [TearDown]
    public void TearDown()
    {
        _redis.Dispose();
        _server.Dispose();
        _world.Dispose();
    }

    private int Reads => _server.Heard.Count(one => one is "GET k" or "MGET k l");

    [TestCase(false, new[] { "HELLO 3", "CLIENT TRACKING ON OPTIN", "CLIENT CACHING YES", "GET k", "CLIENT CACHING YES", "GET l" })]
    [TestCase(true, new[] { "HELLO 3", "CLIENT TRACKING ON BCAST PREFIX k PREFIX l", "GET k", "GET l" })]
    public void Reads_once_what_does_not_change(bool broadcasts, string[] heard)
    {
        var cache = Cache(broadcasts);
        Assert.That((Get(cache), Get(cache), Get(cache, "l"), Get(cache, "l")), Is.EqualTo(("v |", "v |", "null |", "null |")));
        Assert.That(_server.Heard, Is.EqualTo(heard));
        Assert.That((cache.Counts.Hits, cache.Counts.Misses, cache.Counts.Entries), Is.EqualTo((2L, 2L, 2)));
    }

    [Test]
    public void Is_told_of_a_change([Values] bool broadcasts)
    {
        var cache = Cache(broadcasts);
        Get(cache);
        _world.Do(() => _server.Data.Set("k", "w"));
        Assert.That((Get(cache), Get(cache), Reads, cache.Counts.Invalidated), Is.EqualTo(("w |", "w |", 2, 1L)));
    }

    [Test]
    public void Its_own_write_is_seen_at_once([Values] bool broadcasts)
    {
        var cache = Cache(broadcasts);
        _server.Data.Tells = false;
        Get(cache);
        Story<Bytes?>[] told = [new(), new(), new(), new()];
        _world.Do(() =>
        {
            cache.Get("k").Subscribe(told[0]);
            _redis.Set("k", "w").Subscribe();
            cache.Get("k").Subscribe(told[1]);
            _redis.Transaction(t => t.Set("k", "x")).Subscribe();
            cache.Get("k").Subscribe(told[2]);
            _redis.Command("FLUSHALL").Subscribe();
            cache.Get("k").Subscribe(told[3]);
        });
        Assert.That(told.Select(each => $"{each}"), Is.EqualTo(new[] { "v |", "w |", "x |", "null |" }));
    }

    [TestCase("SET k w", "w |")]
    [TestCase("del k", "null |")]
    public void Its_own_write_is_seen_at_once_however_it_is_written(string command, string now)
    {
        var cache = Cache();
        Get(cache);
        _server.Data.Tells = false;
        _world.Watch(_redis.Command(command));
        Assert.That(Get(cache), Is.EqualTo(now));
    }

    [Test]
    public void A_read_that_a_write_of_ones_own_has_overtaken_is_not_kept()
    {
        var cache = Cache();
        _server.Data.Tells = false;
        _world.Do(() =>
        {
            cache.Get("k").Subscribe();
            cache.Set("k", "w").Subscribe();
        });
        Assert.That(Get(cache), Is.EqualTo("w |"));
    }

    [Test]
    public void A_lost_connection_drops_everything()
    {
        var cache = Cache();
        Get(cache);
        _server.Data.Tells = false;
        _server.Resets();
        Assert.That((cache.Counts.Entries, cache.Counts.Bytes), Is.EqualTo((0, 0L)));
        _server.Data.Tells = true;
        _world.Do(() => _server.Data.Set("k", "w"));
        var get = _world.Watch(cache.Get("k"));
        _world.Passes(1);
        _world.Do(() => _server.Data.Set("k", "x"));
        Assert.That(($"{get}", Get(cache)), Is.EqualTo(("w |", "x |")));
    }

    [Test]
    public void Nothing_is_kept_for_longer_than_is_said()
    {
        var (cache, patient) = (_redis.Cached(TimeSpan.FromSeconds(1)), _redis.Cached(TimeSpan.FromHours(1)));
        Get(cache);
        _world.Passes(1);
        Assert.That((Get(patient), Reads, Get(cache), Reads), Is.EqualTo(("v |", 1, "v |", 2)));
    }

    [Test]
    public void Reads_of_several_keys_go_when_one_of_them_changes()
    {
        var cache = Cache();
        _world.Watch(cache.MGet("k", "l"));
        _world.Watch(cache.MGet("k", "l"));
        _world.Do(() => _server.Data.Set("l", "x"));
        Assert.That((_world.Watch(cache.MGet("k", "l")).Last, Reads), Is.EqualTo((new Bytes?[] { "v", "x" }, 2)));
    }

    [Test]
    public void What_was_used_longest_ago_goes_for_want_of_room()
    {
        var cache = _redis.Cached(TimeSpan.FromHours(1), new() { MaxBytes = 2000 });
        foreach (var n in Enumerable.Range(0, 10))
        {
            Get(cache, $"k{n}");
            Get(cache);
        }

        Assert.That((cache.Counts.Bytes <= 2000, cache.Counts.Entries, cache.Counts.Evicted, Reads), Is.EqualTo((true, 3, 8L, 1)));
        _world.Do(() => _server.Data.Set("large", new byte[3000]));
        Get(cache, "large");
        Assert.That(cache.Counts.Entries, Is.EqualTo(3));
    }

    [TestCase("v")]
    [TestCase("")]
    public void What_is_kept_holds_no_more_than_itself(string value)
    {
        var cache = Cache();
        _world.Do(() => _server.Data.Set("k", value));
        Get(cache);
        var kept = _world.Watch(cache.Get("k")).Last!.Value.Memory;
        Assert.That(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(kept, out var array) && array.Array!.Length == value.Length);
    }

    [TestCase("TTL")]
    [TestCase("SRANDMEMBER")]
    [TestCase("INCR")]
    public void What_is_not_only_a_read_of_keys_is_asked_for(string command)
    {
        var cache = Cache();
        Assert.That(_world.Watch(cache.Command(command, "k")).Error, Is.InstanceOf<RedisErrorException>().Or.Null);
        Assert.That((_server.Heard[^1], cache.Counts.Misses), Is.EqualTo(($"{command} k", 0L)));
    }

    [Test]
    public void Keys_that_are_not_told_of_are_asked_for()
    {
        var cache = _redis.Cached(TimeSpan.FromHours(1), new() { Broadcast = ["user:"] });
        Get(cache);
        Get(cache);
        Assert.That((Reads, cache.Counts.Entries), Is.EqualTo((2, 0)));
    }

    [Test]
    public void Of_prefixes_that_begin_alike_the_shorter_is_enough()
    {
        var cache = _redis.Cached(TimeSpan.FromHours(1), new() { Broadcast = ["user:7", "k", "user:", "k"] });
        Get(cache);
        Get(cache, "user:7");
        Assert.That((_server.Heard[1], cache.Counts.Entries), Is.EqualTo(("CLIENT TRACKING ON BCAST PREFIX k PREFIX user:", 2)));
    }

    [Test]
    public void An_error_is_not_kept()
    {
        var cache = Cache();
        _server.Refuses = command => command == "GET k" ? "WRONGTYPE no" : null;
        Assert.That((Get(cache), cache.Counts.Entries), Is.EqualTo(("#RedisErrorException", 0)));
        _server.Refuses = _ => null;
        Assert.That(Get(cache), Is.EqualTo("v |"));
    }

    [Test]
    public void Where_tracking_is_refused_nothing_is_kept()
    {
        var cache = Cache();
        _server.Refuses = command => command.StartsWith("CLIENT", StringComparison.Ordinal) ? "NOPERM no" : null;
        Assert.That((Get(cache), Get(cache), Reads, cache.Counts.Entries), Is.EqualTo(("v |", "v |", 2, 0)));
        Assert.That(_server.Heard.Count(one => one.StartsWith("CLIENT", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public void In_RESP2_nothing_is_kept()
    {
        using var old = _server.Client(new() { Protocol = RespVersion.Resp2 });
        var cache = old.Cached(TimeSpan.FromHours(1));
        Assert.That((Get(cache), Get(cache), Reads), Is.EqualTo(("v |", "v |", 2)));
    }

    [Test]
    public void A_client_has_one_cache()
    {
        var cache = Cache();
        Get(cache);
        Assert.That((Get(_redis.Cached(TimeSpan.FromHours(1))), Reads), Is.EqualTo(("v |", 1)));
        Assert.That(() => _redis.Cached(TimeSpan.FromHours(1), new() { Broadcast = [] }), Throws.InvalidOperationException);
        Assert.That(() => _redis.Cached(TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Cleared_it_is_empty()
    {
        var cache = Cache();
        Get(cache);
        _world.Do(cache.Clear);
        Assert.That((cache.Counts.Entries, Get(cache), Reads), Is.EqualTo((0, "v |", 2)));
    }

    [Test]
    public void It_may_be_asked_from_any_thread()
    {
        var cache = Cache();
        var (left, stays) = (Story.Of(cache.Get("k")), Story.Of(cache.Get("k")));
        left.Subscription!.Dispose();
        _world.Passes(1);
        Assert.That(($"{left}", $"{stays}", Reads), Is.EqualTo(("", "v |", 1)));
    }

    [Test]
    public void A_read_that_is_given_up_leaves_nothing_and_is_not_kept()
    {
        var cache = Cache();
        _world.Do(() => cache.Get("k").Subscribe().Dispose());
        _world.Do(() =>
        {
            var subscription = cache.Get("k").Subscribe();
            _world.Hub.Post(_ => subscription.Dispose());
        });
        _world.Passes(1);
        Assert.That((cache.Counts.Entries, Get(cache), cache.Counts.Entries), Is.EqualTo((0, "v |", 1)).Or.EqualTo((1, "v |", 1)));
    }

    [Test]
    public void Its_reads_have_the_clients_time_limit()
    {
        using var quick = _redis.With(options => options with { Timeout = TimeSpan.FromSeconds(1) });
        _server.IsSilent = true;
        var get = _world.Watch(quick.Cached(TimeSpan.FromHours(1)).Get("k"));
        _world.Passes(1);
        Assert.That(get.Error, Is.InstanceOf<TimeoutException>().With.Message.Contains("GET"));
    }

    private RedisCache Cache(bool broadcasts = false) => _redis.Cached(TimeSpan.FromHours(1), new() { Broadcast = broadcasts ? ["k", "l"] : null });

    private string Get(RedisCache cache, string key = "k") => $"{_world.Watch(cache.Get(key))}";
}
