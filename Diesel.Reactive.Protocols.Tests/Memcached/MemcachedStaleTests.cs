using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>Stale values: whoever else reads one, and whoever dies over it, the next who asks for it to be computed is told to.</summary>
public class MemcachedStaleTests
{
    private World _world = null!;
    private MemcachedClient _cache = null!;
    private int _computed;

    [SetUp]
    public void Start()
    {
        _world = new World();
        _world.Starts(new MemcachedService(11211));
        _cache = new MemcachedClient("10.0.0.1", hub: _world.Hub);
        _computed = 0;
        _world.Watch(_cache.Set("page", "old"));
        _world.Watch(_cache.Invalidate("page"));
    }

    [TearDown]
    public void Stop()
    {
        _cache.Dispose();
        Assert.That(_world.Errors, Is.Empty);
        _world.Dispose();
    }

    [TestCase("get", "old |")]
    [TestCase("item", "old, stale |")]
    [TestCase("many", "old |")]
    [TestCase("touch", "True |")]
    [TestCase("get and touch", "old |")]
    public void Who_only_reads_it_does_not_keep_it_from_being_computed(string how, string told)
    {
        for (var n = 0; n < 3; n++)
        {
            Assert.That($"{_world.Watch(Read(how))}", Is.EqualTo(told));
        }

        Assert.That($"{_world.Watch(Asks())}", Is.EqualTo("new 1 |"));
        Assert.That($"{_world.Watch(_cache.Get("page"))}", Is.EqualTo("new 1 |"));
    }

    [Test]
    public void While_one_computes_who_reads_it_takes_nothing_from_that()
    {
        var computing = new TaskCompletionSource<Bytes>();
        var winner = _world.Watch(_cache.GetOrCompute("page", TimeSpan.FromMinutes(5), () => computing.Task));
        Assert.That($"{_world.Watch(_cache.Get("page"))}", Is.EqualTo("old |"));
        Assert.That($"{_world.Watch(Asks())}", Is.EqualTo("old |"), "Nobody is told to compute a second time.");
        _world.Do(() => computing.SetResult("first"));
        Assert.That($"{winner} {_world.Watch(_cache.Get("page"))}", Is.EqualTo("first | first |"));
    }

    [Test]
    public void One_that_dies_over_it_delays_the_others_for_the_time_of_computing()
    {
        using (var dies = new MemcachedClient("10.0.0.1", hub: _world.Hub))
        {
            _world.Watch(dies.GetOrCompute("page", TimeSpan.FromMinutes(5), static () => new TaskCompletionSource<Bytes>().Task, Options));
        }

        _world.Passes(8);
        Assert.That($"{_world.Watch(Asks())}", Is.EqualTo("old |"));
        _world.Passes(3);
        Assert.That($"{_world.Watch(Asks())}", Is.EqualTo("new 1 |"), "The item had no end, and has one now.");
    }

    [Test]
    public void An_end_that_is_nearer_stays()
    {
        _world.Watch(_cache.Invalidate("page", TimeSpan.FromSeconds(4)));
        _world.Watch(_cache.GetOrCompute("page", TimeSpan.FromMinutes(5), static () => new TaskCompletionSource<Bytes>().Task, Options));
        _world.Passes(5);
        Assert.That($"{_world.Watch(_cache.Get("page"))}", Is.EqualTo("null |"));
    }

    [Test]
    public void A_computed_value_that_no_server_would_take_leaves_it_to_the_next()
    {
        var failed = _world.Watch(_cache.GetOrCompute("page", TimeSpan.FromMinutes(5), static () => Task.FromResult((Bytes)new byte[2_000_000])));
        Assert.That(failed.Error, Is.InstanceOf<ArgumentException>());
        Assert.That($"{_world.Watch(Asks())}", Is.EqualTo("new 1 |"));
    }

    private static StampedeOptions Options { get; } = new() { Computing = TimeSpan.FromSeconds(10), MaxWait = TimeSpan.FromMinutes(1) };

    private Awaitable<Bytes> Asks() => _cache.GetOrCompute("page", TimeSpan.FromMinutes(5), () => Task.FromResult((Bytes)$"new {++_computed}"), Options);

    private IObservable<string> Read(string how) => how switch
    {
        "item" => _cache.GetItem("page").Select(static item => $"{item!.Value}, {(item.IsStale ? "stale" : "fresh")}"),
        "many" => _cache.GetMany("none", "page").Select(static all => $"{all["page"]}"),
        "touch" => _cache.Touch("page", TimeSpan.FromHours(1)).Select(static there => $"{there}"),
        "get and touch" => _cache.GetAndTouch("page", TimeSpan.FromHours(1)).Select(static value => $"{value}"),
        _ => _cache.Get("page").Select(static value => $"{value}"),
    };
}
