using System.Net;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>The client against Debian's memcached.</summary>
[TestFixture]
public sealed class MemcachedLiveTests
{
    private MemcachedDaemon _server = null!;
    private IPEndPoint _endPoint = null!;
    private Live _live = null!;
    private MemcachedClient _client = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = new MemcachedDaemon();
        _endPoint = _server.EndPoint;
    }

    [OneTimeTearDown]
    public void Stop() => _server.Dispose();

    [SetUp]
    public void Connect()
    {
        _live = new Live();
        _client = new MemcachedClient($"{_endPoint}", hub: _live.Hub);
        _live.Await(_client.Flush());
    }

    [TearDown]
    public void Disconnect()
    {
        _client.Dispose();
        _live.Dispose();
    }

    [Test]
    public void A_value_comes_back_and_a_missing_one_is_null()
    {
        Assert.Multiple(() =>
        {
            Assert.That(_live.Await(_client.Get("nothing")), Is.Null);
            Assert.That(_live.Await(_client.Set("greeting", "hello", TimeSpan.FromMinutes(1))), Is.EqualTo(Stored.Stored));
            Assert.That(_live.Await(_client.Get("greeting"))!.Value.ToText(), Is.EqualTo("hello"));
            Assert.That(_live.Await(_client.Delete("greeting")), Is.True);
            Assert.That(_live.Await(_client.Delete("greeting")), Is.False);
            Assert.That(_live.Await(_client.Get("greeting")), Is.Null);
        });
    }

    [Test]
    public void An_empty_value_is_there()
    {
        _live.Await(_client.Set("empty", ""));
        Assert.That(_live.Await(_client.Get("empty")), Is.EqualTo((Bytes?)new Bytes(Array.Empty<byte>())));
    }

    [TestCase(250, false)]
    [TestCase(186, true)]
    public void The_longest_keys_are_taken(int length, bool isBinary)
    {
        var key = new Bytes(Enumerable.Range(0, length).Select(n => (byte)(isBinary ? n : 'a' + (n % 26))).ToArray());
        _live.Await(_client.Set(key, "v"));
        Assert.That(_live.Await(_client.Get(key))?.ToText(), Is.EqualTo("v"));
    }

    [TestCase(251, false)]
    [TestCase(187, true)]
    public void Longer_ones_are_refused_before_anything_is_sent(int length, bool isBinary) =>
        Assert.That(() => { _ = _client.Get(new Bytes(Enumerable.Repeat((byte)(isBinary ? ' ' : 'a'), length).ToArray())); }, Throws.ArgumentException.With.Message.Contain($"{length}"));

    [TestCase("a key")]
    [TestCase("ключ")]
    [TestCase("line\r\nend")]
    public void Any_text_is_a_key(string key)
    {
        _live.Await(_client.Set(key, key));
        Assert.That(_live.Await(_client.Get(key))?.ToText(), Is.EqualTo(key));
        Assert.That(_live.Await(_client.GetMany(key, "other")).Keys.Select(found => found.ToText()), Is.EqualTo(new[] { key }));
        Assert.That(_live.Await(_client.Info(key)), Does.ContainKey("size"));
    }

    [Test]
    public void A_value_of_a_mebibyte_less_what_the_server_needs_is_stored_and_more_is_not()
    {
        var most = new Bytes(new byte[(1024 * 1024) - 512]);
        Assert.That(_live.Await(_client.Set("large", most)), Is.EqualTo(Stored.Stored));
        Assert.That(_live.Await(_client.Get("large")), Is.EqualTo((Bytes?)most));
        Assert.That(() => _live.Await(_client.Set("large", new byte[1024 * 1024])), Throws.TypeOf<MemcachedErrorException>().With.Property("Code").EqualTo("SERVER_ERROR"));
        Assert.That(_live.Await(_client.Get("large")), Is.Null, "memcached drops the old value");
        Assert.That(() => { _ = _client.Set("large", new byte[(1024 * 1024) + 1]); }, Throws.ArgumentException);
    }

    [Test]
    public void The_modes_of_storing_ask_for_what_is_there()
    {
        Assert.Multiple(() =>
        {
            Assert.That(_live.Await(_client.Replace("k", "1")), Is.EqualTo(Stored.NotStored));
            Assert.That(_live.Await(_client.Append("k", "1")), Is.EqualTo(Stored.NotStored));
            Assert.That(_live.Await(_client.Add("k", "b", flags: 7)), Is.EqualTo(Stored.Stored));
            Assert.That(_live.Await(_client.Add("k", "2")), Is.EqualTo(Stored.NotStored));
            Assert.That(_live.Await(_client.Append("k", "c")), Is.EqualTo(Stored.Stored));
            Assert.That(_live.Await(_client.Prepend("k", "a")), Is.EqualTo(Stored.Stored));
            Assert.That(_live.Await(_client.GetItem("k"))!.Value.ToText(), Is.EqualTo("abc"));
            Assert.That(_live.Await(_client.GetItem("k"))!.Flags, Is.EqualTo(7));
            Assert.That(_live.Await(_client.Replace("k", "d")), Is.EqualTo(Stored.Stored));
        });
    }

    [Test]
    public void A_swap_succeeds_once()
    {
        _live.Await(_client.Set("k", "1"));
        var item = _live.Await(_client.GetItem("k"))!;
        Assert.Multiple(() =>
        {
            Assert.That(_live.Await(_client.CompareAndSwap("k", "2", item.Cas)), Is.EqualTo(Stored.Stored));
            Assert.That(_live.Await(_client.CompareAndSwap("k", "3", item.Cas)), Is.EqualTo(Stored.Exists));
            Assert.That(_live.Await(_client.CompareAndSwap("gone", "3", item.Cas)), Is.EqualTo(Stored.NotFound));
            Assert.That(_live.Await(_client.Delete("k", item.Cas)), Is.False);
            Assert.That(_live.Await(_client.Get("k"))?.ToText(), Is.EqualTo("2"));
        });
    }

    [Test]
    public void Numbers_are_counted()
    {
        Assert.Multiple(() =>
        {
            Assert.That(_live.Await(_client.Increment("n")), Is.Null);
            Assert.That(_live.Await(_client.Increment("n", 5, initial: 10)), Is.EqualTo(10));
            Assert.That(_live.Await(_client.Increment("n", 5)), Is.EqualTo(15));
            Assert.That(_live.Await(_client.Decrement("n", 20)), Is.EqualTo(0));
            _live.Await(_client.Set("n", $"{ulong.MaxValue}"));
            Assert.That(_live.Await(_client.Increment("n")), Is.EqualTo(0));
            _live.Await(_client.Set("n", "text"));
            Assert.That(() => _live.Await(_client.Increment("n")), Throws.TypeOf<MemcachedErrorException>().With.Property("Code").EqualTo("CLIENT_ERROR"));
        });
    }

    [Test]
    public void Ends_are_kept_as_they_were_asked_for()
    {
        var in40Days = TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1);
        _live.Await(_client.Set("never", "v"));
        _live.Await(_client.Set("soon", "v", TimeSpan.FromSeconds(100)));
        _live.Await(_client.Set("late", "v", in40Days));
        _live.Await(_client.Set("at", "v", DateTimeOffset.UtcNow.AddHours(1)));
        _live.Await(_client.Set("past", "v", TimeSpan.FromSeconds(-1)));
        Assert.Multiple(() =>
        {
            Assert.That(Left("never"), Is.Null);
            Assert.That(Left("soon"), Is.InRange(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(101)));
            Assert.That(Left("late"), Is.InRange(in40Days - TimeSpan.FromMinutes(1), in40Days + TimeSpan.FromSeconds(2)));
            Assert.That(Left("at"), Is.InRange(TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61)));
            Assert.That(_live.Await(_client.Get("past")), Is.Null);
            Assert.That(_live.Await(_client.Touch("soon", Timeout.InfiniteTimeSpan)), Is.True);
            Assert.That(Left("soon"), Is.Null);
            Assert.That(_live.Await(_client.GetAndTouch("soon", TimeSpan.FromSeconds(100)))?.ToText(), Is.EqualTo("v"));
            Assert.That(Left("soon"), Is.Not.Null);
            Assert.That(_live.Await(_client.Touch("gone", TimeSpan.FromSeconds(1))), Is.False);
        });
    }

    // As the server counts: 30 days are a time from now on, a second more is a moment.
    [TestCase(-1, null)]
    [TestCase(0, null)]
    [TestCase(100, 100)]
    [TestCase(2_592_000, 2_592_000)]
    [TestCase(2_592_001, 2_592_001)]
    [TestCase(31_536_000, 31_536_000)]
    public void A_time_is_kept_from_nothing_to_a_year(int seconds, int? left)
    {
        _live.Await(_client.Set("k", "v", TimeSpan.FromSeconds(seconds)));
        var item = _live.Await(_client.GetItem("k"));
        Assert.That(item is null, Is.EqualTo(left is null));
        if (left is { } wanted)
        {
            Assert.That(item!.TimeToLive!.Value.TotalSeconds, Is.InRange(wanted - 20, wanted + 2));
        }
    }

    [Test]
    public void One_second_is_soon_over()
    {
        _live.Await(_client.Set("k", "v", TimeSpan.FromSeconds(1)));
        _live.Await(Observable.Defer(() => _client.Get("k")).Where(found => found is null).Repeat().Take(1));
    }

    [Test]
    public void A_moment_that_is_past_is_at_once_and_one_to_come_is_then()
    {
        _live.Await(_client.Set("k", "v", DateTimeOffset.UtcNow.AddSeconds(-5)));
        Assert.That(_live.Await(_client.Get("k")), Is.Null);
        _live.Await(_client.Set("k", "v", DateTimeOffset.UtcNow.AddDays(100)));
        Assert.That(Left("k")!.Value.TotalDays, Is.InRange(99.99, 100.01));
    }

    [Test]
    public void Numbers_stay_within_64_bits_and_texts_are_none()
    {
        _live.Await(_client.Set("n", 5));
        Assert.That(_live.Await(_client.Decrement("n", ulong.MaxValue)), Is.EqualTo(0));
        Assert.That(_live.Await(_client.Decrement("n")), Is.EqualTo(0));
        Assert.That(_live.Await(_client.Increment("n", ulong.MaxValue)), Is.EqualTo(ulong.MaxValue));
        Assert.That(_live.Await(_client.Increment("n", 2)), Is.EqualTo(1));
        _live.Await(_client.Set("n", "18446744073709551616"));
        Assert.That(() => _live.Await(_client.Increment("n")), Throws.TypeOf<MemcachedErrorException>().With.Property("Code").EqualTo("CLIENT_ERROR"));
        Assert.That(() => _live.Await(_client.Decrement("n")), Throws.TypeOf<MemcachedErrorException>());
        Assert.That($"{_live.Await(_client.Get("n"))}", Is.EqualTo("18446744073709551616"), "The connection goes on.");
    }

    [Test]
    public void Flags_that_the_server_is_too_old_for_are_a_clear_error_and_the_next_call_is_served()
    {
        _live.Await(_client.Set("k", "v"));
        var cas = _live.Await(_client.GetItem("k"))!.Cas;
        static NUnit.Framework.Constraints.IResolveConstraint Refused(char flag) =>
            Throws.TypeOf<MemcachedErrorException>().With.Message.StartsWith("CLIENT_ERROR invalid").And.Message.Contain($"the flag '{flag}', which is newer than memcached 1.6.18");
        Assert.Multiple(() =>
        {
            Assert.That(() => _live.Await(_client.CompareAndSwap("k", "w", cas, newCas: 99)), Refused('E'));
            Assert.That(() => _live.Await(_client.DeleteValue("k")), Refused('x'));
            Assert.That($"{_live.Await(_client.Get("k"))}", Is.EqualTo("v"));
        });
    }

    [Test]
    public void A_value_that_is_known_is_not_told_again()
    {
        _live.Await(_client.Set("k", "v"));
        var cas = _live.Await(_client.GetItem("k"))!.Cas;
        Assert.That(_live.Await(_client.GetChanged("k", cas)), Is.Null);
        _live.Await(_client.Set("k", "w"));
        Assert.That($"{_live.Await(_client.GetChanged("k", cas))?.Value}", Is.EqualTo("w"));
        Assert.That(_live.Await(_client.GetChanged("none", cas)), Is.Null);
    }

    [Test]
    public void Ten_thousand_keys_of_four_servers_come_together_and_those_of_one_that_is_away_fail_or_are_missing()
    {
        const int Count = 10_000;
        var servers = Enumerable.Range(0, 4).Select(static _ => new MemcachedDaemon()).ToArray();
        var list = string.Join(',', servers.Select(static server => server.EndPoint));
        try
        {
            using var cache = new MemcachedClient(list, new() { Timeout = TimeSpan.FromSeconds(10) }, _live.Hub);
            using var lenient = new MemcachedClient($"{list}?errors=misses", new() { Timeout = TimeSpan.FromSeconds(2) }, _live.Hub);
            _live.Await(Enumerable.Range(0, Count).Select(n => cache.Set($"key:{n}", n)).Merge(maxConcurrent: 1000).ToList());
            Bytes[] keys = [.. Enumerable.Range(0, 2 * Count).Select(static n => (Bytes)$"key:{n}")];
            var found = _live.Await(cache.GetMany(keys));
            Assert.That((found.Count, found.All(static one => $"{one.Key}" == $"key:{one.Value}")), Is.EqualTo((Count, true)));

            var away = keys[..Count].Count(key => cache.ServerOf(key) is DnsEndPoint home && home.Port == servers[1].Port);
            servers[1].Kill();
            Assert.That(_live.Await(lenient.GetMany(keys)), Has.Count.EqualTo(Count - away));
            Assert.That(() => _live.Await(cache.GetMany(keys)), Throws.InstanceOf<TimeoutException>().Or.InstanceOf<ConnectionException>().Or.InstanceOf<ReplyLostException>());
            Assert.That(away, Is.InRange(1000, 5000));
        }
        finally
        {
            Array.ForEach(servers, static server => server.Dispose());
        }
    }

    [Test]
    public void Values_of_other_types_go_through_codecs()
    {
        var codec = ValueCodec.Json<Dictionary<string, int>>();
        Assert.That(_live.Await(_client.Get("page", codec)), Is.Null);
        _live.Await(_client.Set("page", new Dictionary<string, int> { ["a"] = 1 }, codec, TimeSpan.FromMinutes(1)));
        Assert.That(_live.Await(_client.Get("page", codec)), Is.EqualTo(new Dictionary<string, int> { ["a"] = 1 }));
        Assert.That($"{_live.Await(_client.Get("page"))}", Is.EqualTo("""{"a":1}"""));
        var computed = _live.Await(_client.GetOrCompute("text", TimeSpan.FromMinutes(1), static () => Task.FromResult("computed"), ValueCodec.Text));
        Assert.That((computed, _live.Await(_client.Get("text", ValueCodec.Text))), Is.EqualTo(("computed", "computed")));
        _live.Await(_client.Set("page", "no json"));
        Assert.That(() => _live.Await(_client.Get("page", codec)), Throws.InstanceOf<System.Text.Json.JsonException>());
    }

    [Test]
    public void Ten_thousand_keys_are_one_batch()
    {
        Bytes[] keys = [.. Enumerable.Range(0, 10_000).Select(n => (Bytes)$"key:{n}")];
        _live.Await(keys.Where((_, n) => n % 3 != 0).Select(key => _client.Set(key, key)).Merge(maxConcurrent: 1000).ToList());
        var found = _live.Await(_client.GetMany(keys));
        Assert.That(found, Has.Count.EqualTo(6666));
        Assert.That(found.All(pair => pair.Key == pair.Value), Is.True);
    }

    [Test]
    public void A_value_is_computed_once_and_the_stale_one_is_given_meanwhile()
    {
        var computed = 0;
        async Task<Bytes> Compute(string value)
        {
            computed++;
            await _live.Hub.Sleep(TimeSpan.FromMilliseconds(100));
            return value;
        }

        var first = _live.Await(Enumerable.Range(0, 50).Select(_ => _client.GetOrCompute("page", TimeSpan.FromMinutes(1), () => Compute("one"))).Merge().ToList());
        Assert.That((computed, first.Distinct().Single().ToText()), Is.EqualTo((1, "one")));

        _live.Await(_client.Invalidate("page", TimeSpan.FromMinutes(1)));
        var second = _live.Await(Enumerable.Range(0, 50).Select(_ => _client.GetOrCompute("page", TimeSpan.FromMinutes(1), () => Compute("two"))).Merge().ToList());
        Assert.That((computed, second.Count(value => value.ToText() == "one"), second.Count(value => value.ToText() == "two")), Is.EqualTo((2, 49, 1)));
        Assert.That(_live.Await(_client.Get("page"))?.ToText(), Is.EqualTo("two"));
    }

    [Test]
    public void One_that_fails_to_compute_leaves_it_to_the_next()
    {
        Assert.That(
            () => _live.Await(_client.GetOrCompute("page", TimeSpan.FromMinutes(1), () => throw new InvalidOperationException("no"))), Throws.InvalidOperationException.With.Message.EqualTo("no"));
        Assert.That(_live.Await(_client.Get("page")), Is.Null);
        Assert.That(_live.Await(_client.GetOrCompute("page", TimeSpan.FromMinutes(1), () => Task.FromResult((Bytes)"yes"))).ToText(), Is.EqualTo("yes"));
    }

    [Test]
    public void A_place_that_is_kept_for_a_value_is_no_value()
    {
        var computing = new TaskCompletionSource<Bytes>();
        var asked = _client.GetOrCompute("page", TimeSpan.FromMinutes(1), () => computing.Task).Replay();
        using var asking = asked.Connect();
        _live.Await(Observable.Defer(() => _client.Info("page")).Where(info => info is not null).Repeat().Take(1));
        Assert.That(_live.Await(_client.Get("page")), Is.Null);
        computing.SetResult("there");
        _live.Await(asked);
        Assert.That(_live.Await(_client.Get("page"))?.ToText(), Is.EqualTo("there"));
    }

    [Test]
    public void Large_values_are_compressed_and_read_by_whoever_asks()
    {
        using var compressing = new MemcachedClient($"{_endPoint}?compress_above=100", hub: _live.Hub);
        var value = (Bytes)new string('a', 100_000);
        _live.Await(compressing.Set("large", value));
        var size = int.Parse(_live.Await(_client.Info("large"))!["size"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(size, Is.LessThan(10_000));
        Assert.That(_live.Await(_client.Get("large")), Is.EqualTo((Bytes?)value));
    }

    [Test]
    public void Servers_tell_of_themselves()
    {
        Assert.That(_live.Await(_client.Version()).Single(), Does.Match(@"^\d+\.\d+\.\d+"));
        var stats = _live.Await(_client.Stats().ToList());
        Assert.That(stats.Select(stat => stat.Name), Does.Contain("curr_items"));
        Assert.That(_live.Await(_client.Stats("settings").ToList()).Select(stat => stat.Name), Does.Contain("maxbytes"));
    }

    private TimeSpan? Left(Bytes key) => _live.Await(_client.GetItem(key))!.TimeToLive;
}
