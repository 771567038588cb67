using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>Servers that are away, late or come back, and what callers are told, in virtual time.</summary>
public class MemcachedTroubleTests
{
    private World _world = null!;
    private MemcachedService[] _services = null!;

    private static string[] Keys { get; } = [.. Enumerable.Range(0, 1000).Select(static n => $"key:{n}")];

    [SetUp]
    public void Start()
    {
        _world = new World();
        _services = [.. Enumerable.Range(1, 4).Select(n => _world.Starts(new MemcachedService(7000 + n)))];
    }

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void A_call_that_gets_no_answer_in_time_says_so()
    {
        using var peers = _world.Listens(11211);
        using var cache = new MemcachedClient("10.0.0.1", new() { Timeout = TimeSpan.FromSeconds(2) }, _world.Hub);
        var story = _world.Watch(cache.Get("k"));
        _world.Passes(1.9);
        Assert.That(story.IsOver, Is.False);
        _world.Passes(0.2);
        Assert.That(story.Error, Is.TypeOf<TimeoutException>().With.Message.StartsWith("mg got no reply from 10.0.0.1:11211 within 00:00:02: "));
    }

    [Test]
    public void So_do_a_batch_and_one_that_stores()
    {
        using var peers = _world.Listens(11211);
        using var many = new MemcachedClient("10.0.0.1", new() { Timeout = TimeSpan.FromSeconds(2) }, _world.Hub);
        using var one = new MemcachedClient("10.0.0.1", new() { Timeout = TimeSpan.FromSeconds(2) }, _world.Hub);
        var (batch, store) = (_world.Watch(many.GetMany("a", "b")), _world.Watch(one.Set("k", "v")));
        _world.Passes(2.1);
        Assert.That(batch.Error, Is.TypeOf<TimeoutException>().With.Message.StartsWith("mg of 2 keys got no reply from 10.0.0.1:11211 within 00:00:02: "));
        Assert.That(store.Error, Is.TypeOf<TimeoutException>().With.Message.StartsWith("ms got no reply from 10.0.0.1:11211 within 00:00:02: "));
    }

    // Law 10: one lost reply must not time out all later ones for ever.
    [Test]
    public void A_reply_that_is_held_back_ends_its_connection_and_the_next_one_serves()
    {
        using var peers = _world.Listens(11211);
        using var cache = new MemcachedClient("10.0.0.1", new() { Timeout = TimeSpan.FromSeconds(2) }, _world.Hub);
        _world.Watch(cache.Get("k"));
        _world.Passes(2.1);
        var later = _world.Watch(cache.Get("k"));
        _world.Passes(1);
        Assert.That((peers.Count, peers[0].Story[^1]), Is.EqualTo((2, '#')));
        peers.Last.Sends($"VA 1 {peers.Last.Received.Split(' ')[2]} f0\r\nx\r\n");
        Assert.That($"{later}", Is.EqualTo("x |"));
    }

    [Test]
    public void Of_many_keys_those_of_a_server_that_is_away_fail_or_are_missing([Values] bool areMisses, [Values] MemcachedHash hash)
    {
        using var cache = Cache(new() { AreErrorsMisses = areMisses, Hash = hash, Timeout = TimeSpan.FromSeconds(1) });
        _world.Watch(Keys.Select(key => cache.Set(key, key)).Merge());
        _world.Passes(1);
        var all = _world.Watch(cache.GetMany(Keys.Select(static key => (Bytes)key)));
        Assert.That(all.Last, Has.Count.EqualTo(Keys.Length));

        Away(2);
        var found = _world.Watch(cache.GetMany(Keys.Select(static key => (Bytes)key)));
        _world.Passes(5);
        if (!areMisses)
        {
            Assert.That(found.Error, Is.InstanceOf<TimeoutException>().Or.InstanceOf<ConnectionException>().Or.InstanceOf<ReplyLostException>());
            return;
        }

        Assert.That($"{found.Error}", Is.Empty);
        Assert.That(found.Last, Has.Count.InRange(500, 950));
        Assert.That(Keys.Where(key => !found.Last.ContainsKey(key)).Select(key => Home(cache, key)).Distinct(), Is.EqualTo(new[] { 7003 }));
    }

    [Test]
    public void Errors_are_misses_for_what_reads_and_for_what_is_computed_anew()
    {
        using var cache = Cache(new() { AreErrorsMisses = true, Timeout = TimeSpan.FromSeconds(1) });
        Array.ForEach(Enumerable.Range(0, 4).ToArray(), Away);
        var (get, item, touched, set) = (_world.Watch(cache.Get("k")), _world.Watch(cache.GetItem("k")), _world.Watch(cache.GetAndTouch("k", TimeSpan.FromSeconds(9))), _world.Watch(cache.Set("k", "v")));
        var computed = _world.Watch(cache.GetOrCompute("k", TimeSpan.FromMinutes(1), static () => Task.FromResult((Bytes)"new")));
        _world.Passes(10);
        Assert.That($"{get} {item} {touched} {computed}", Is.EqualTo("null | null | null | new |"));
        Assert.That(set.Error, Is.Not.Null, "Nothing was stored.");
    }

    [Test]
    public void What_the_server_refuses_is_no_miss()
    {
        using var peers = _world.Listens(11211);
        using var cache = new MemcachedClient("10.0.0.1?errors=misses", hub: _world.Hub);
        var story = _world.Watch(cache.Get("k"));
        peers.Last.Sends("SERVER_ERROR out of memory\r\n");
        Assert.That(story.Error, Is.TypeOf<MemcachedErrorException>());
    }

    [Test]
    public void A_server_that_fails_often_enough_is_out_and_back_when_it_answers()
    {
        using var cache = Cache(new() { EjectAfter = 3, ProbeInterval = TimeSpan.FromSeconds(2), Timeout = TimeSpan.FromSeconds(1), MaxReconnectDelay = TimeSpan.FromMilliseconds(100) });
        var key = Keys.First(key => Home(cache, key) == 7002);
        _world.Watch(cache.Set(key, "v"));
        Away(1);
        for (var failure = 1; failure <= 3; failure++)
        {
            Assert.That(Home(cache, key), Is.EqualTo(7002), $"After {failure - 1} failures.");
            var failed = _world.Watch(cache.Get(key));
            _world.Passes(1.5);
            Assert.That(failed.Error, Is.Not.Null);
        }

        Assert.That(Home(cache, key), Is.Not.EqualTo(7002));
        Assert.That($"{_world.Watch(cache.Get(key))}", Is.EqualTo("null |"), "Who has the key now knows nothing of it.");
        var others = Keys.Where(other => Home(cache, other) == 7001).ToArray();
        _world.Passes(10);
        Assert.That(Home(cache, key), Is.Not.EqualTo(7002), "It is still away.");

        Back(1);
        _world.Passes(5);
        Assert.That(Home(cache, key), Is.EqualTo(7002));
        Assert.That($"{_world.Watch(cache.Set(key, "w"))}", Is.EqualTo("Stored |"));
        Assert.That(_world.Errors, Is.Empty);
    }

    [Test]
    public void One_that_answers_between_two_failures_stays()
    {
        using var peers = _world.Listens(11211);
        using var cache = new MemcachedClient("10.0.0.1,10.0.0.1:7001", new() { EjectAfter = 2, Timeout = TimeSpan.FromSeconds(1) }, _world.Hub);
        var key = Keys.First(key => Home(cache, key) == 11211);
        for (var n = 0; n < 3; n++)
        {
            _world.Watch(cache.Get(key));
            _world.Passes(2.5);
            var answered = _world.Watch(cache.Get(key));
            _world.Passes(0.1);
            peers.Last.Sends($"EN\r\n");
            Assert.That($"{answered}", Is.EqualTo("null |"));
        }

        Assert.That(Home(cache, key), Is.EqualTo(11211));
    }

    [Test]
    public void More_calls_than_may_wait_put_no_server_out()
    {
        using var cache = new MemcachedClient("10.0.0.1:7001,10.0.0.1:7002", new() { EjectAfter = 2, MaxQueuedCalls = 10, MaxInFlight = 5 }, _world.Hub);
        var key = Keys.First(key => Home(cache, key) == 7001);
        var stories = Enumerable.Range(0, 100).Select(_ => new Story<Bytes?>()).ToArray();
        _world.Do(() => Array.ForEach(stories, story => cache.Get(key).Subscribe(story)));
        _world.Passes(1);
        Assert.That(stories.Count(static story => story.Error is PipelineFullException), Is.GreaterThan(50));
        Assert.That(Home(cache, key), Is.EqualTo(7001));
    }

    [Test]
    public void When_all_are_out_all_are_asked()
    {
        using var cache = Cache(new() { EjectAfter = 1, ProbeInterval = TimeSpan.FromHours(1), Timeout = TimeSpan.FromSeconds(1), MaxReconnectDelay = TimeSpan.FromMilliseconds(100) });
        Array.ForEach(Enumerable.Range(0, 4).ToArray(), Away);
        for (var n = 0; n < 20; n++)
        {
            _world.Watch(cache.Get(Keys[n]));
            _world.Passes(1.5);
        }

        Array.ForEach(Enumerable.Range(0, 4).ToArray(), Back);
        var story = _world.Watch(cache.Get("k"));
        _world.Passes(2);
        Assert.That($"{story}", Is.EqualTo("null |"));
    }

    [Test]
    public void A_batch_is_written_in_pieces_of_at_most_64_KiB()
    {
        using var peers = _world.Listens(11211, peer => peer.Answers(line => line == "mn" ? "MN\r\n" : null));
        using var cache = new MemcachedClient("10.0.0.1", hub: _world.Hub);
        var found = _world.Watch(cache.GetMany(Enumerable.Range(0, 10_000).Select(static n => (Bytes)$"a key of about forty bytes, number {n:D6}")));
        _world.Passes(5);
        Assert.That(found.Last, Is.Empty);
        var pieces = peers.Last.Received.Split("mn\r\n")[..^1];
        Assert.That(pieces.Select(static piece => piece.Length + "mn\r\n".Length), Has.All.LessThanOrEqualTo(64 * 1024));
        Assert.That((pieces.Length > 5, pieces.Sum(static piece => piece.Split("\r\n").Length - 1)), Is.EqualTo((true, 10_000)));
    }

    [Test]
    public void A_stale_value_that_is_computed_once_and_a_process_that_dies_is_waited_for_so_long()
    {
        using var dies = Cache(new());
        using var cache = Cache(new());
        var options = new StampedeOptions { Computing = TimeSpan.FromSeconds(4), MaxWait = TimeSpan.FromSeconds(20) };
        var computed = new List<double>();
        _world.Watch(dies.GetOrCompute("page", TimeSpan.FromMinutes(1), static () => new TaskCompletionSource<Bytes>().Task, options));
        var others = Enumerable.Range(0, 50).Select(_ => _world.Watch(cache.GetOrCompute("page", TimeSpan.FromMinutes(1), () =>
        {
            computed.Add(_world.Now);
            return Task.FromResult((Bytes)"v");
        }, options))).ToArray();
        dies.Dispose();
        _world.Passes(10);
        Assert.That(others.Select(static other => $"{other}"), Has.All.EqualTo("v |"));
        Assert.That(computed, Has.Count.EqualTo(1));
        Assert.That(computed[0], Is.InRange(3, 6), "Four seconds, to the second, and a look that comes a second later at most.");
    }

    [Test]
    public void Nobody_waits_longer_than_there_is_patience()
    {
        using var cache = Cache(new());
        var options = new StampedeOptions { MaxWait = TimeSpan.FromSeconds(3) };
        _world.Watch(cache.GetOrCompute("page", TimeSpan.FromMinutes(1), static () => new TaskCompletionSource<Bytes>().Task, options));
        var other = _world.Watch(cache.GetOrCompute("page", TimeSpan.FromMinutes(1), static () => Task.FromResult((Bytes)"own"), options));
        _world.Passes(2.9);
        Assert.That(other.IsOver, Is.False);
        _world.Passes(1.2);
        Assert.That($"{other}", Is.EqualTo("own |"));
        Assert.That($"{_world.Watch(cache.Get("page"))}", Is.EqualTo("null |"), "It is not stored: who was told to compute may come any moment.");
    }

    [Test]
    public void A_value_that_ends_soon_is_computed_by_one_while_the_others_get_it()
    {
        using var cache = Cache(new());
        var options = new StampedeOptions { RefreshBefore = TimeSpan.FromSeconds(10) };
        _world.Watch(cache.Set("page", "old", TimeSpan.FromSeconds(30)));
        _world.Passes(25);
        var stories = Enumerable.Range(0, 20).Select(_ => _world.Watch(cache.GetOrCompute("page", TimeSpan.FromMinutes(1), async () =>
        {
            await _world.Hub.Sleep(TimeSpan.FromSeconds(1));
            return "new";
        }, options))).ToArray();
        Assert.That(stories.Count(static story => $"{story}" == "old |"), Is.EqualTo(19));
        _world.Passes(2);
        Assert.That(stories.Count(static story => $"{story}" == "new |"), Is.EqualTo(1));
        Assert.That($"{_world.Watch(cache.Get("page"))}", Is.EqualTo("new |"));
    }

    private MemcachedClient Cache(MemcachedOptions options) => new("10.0.0.1:7001,10.0.0.1:7002,10.0.0.1:7003,10.0.0.1:7004", options, _world.Hub);

    private static int Home(MemcachedClient cache, string key) => ((System.Net.DnsEndPoint)cache.ServerOf(key)).Port;

    // It goes with its connections.
    private void Away(int index)
    {
        _world.Watch(_services[index].Stop());
        _world.Passes(10);
    }

    private void Back(int index) => _services[index] = _world.Starts(new MemcachedService(7001 + index));
}
