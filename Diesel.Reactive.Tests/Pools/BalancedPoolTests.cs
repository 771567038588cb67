using System.Net;
using System.Reactive;

namespace Diesel.Reactive.Tests;

/// <summary>Pools of several endpoints.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BalancedPoolTests : IDisposable
{
    private static readonly EndPoint[] All = [.. new[] { 1, 2, 3 }.Select(port => new IPEndPoint(World.Here, port))];

    private readonly World _world = new();
    private readonly HashSet<int> _down = [];
    private readonly List<int> _dials = [];
    private readonly List<Item> _closed = [];

    public void Dispose() => _world.Dispose();

    [TestCase(Balancing.RoundRobin, "1 2 3 1 2 3")]
    [TestCase(Balancing.LeastLoaded, "1 2 3 1 2 3")]
    public void Endpoints_take_turns(Balancing policy, string used)
    {
        var pool = Pool(new() { Policy = policy });
        Assert.That(string.Join(' ', Enumerable.Range(0, 6).Select(_ => Borrow(pool).Value.Port)), Is.EqualTo(used));
    }

    [Test]
    public void Who_has_least_to_do_gets_the_next()
    {
        var pool = Pool(new() { Policy = Balancing.LeastLoaded });
        var leases = Enumerable.Range(0, 6).Select(_ => Borrow(pool)).ToArray();
        _world.Do(() => Array.ForEach(leases, lease => (lease.Value.Port == 2 ? lease : null)?.Dispose()));
        Assert.That(string.Join(' ', Enumerable.Range(0, 3).Select(_ => Borrow(pool).Value.Port)), Does.StartWith("2 2 "));
    }

    [Test]
    public void Of_two_drawn_the_one_with_less_to_do_is_taken_and_loads_stay_even()
    {
        var pool = Pool(new());
        for (var i = 0; i < 90; i++)
        {
            Borrow(pool);
        }

        Assert.That(pool.Counts.Select(static one => one.Counts.Lent), Has.All.InRange(25, 35));
    }

    [Test]
    public void A_borrower_to_whom_one_endpoint_has_nothing_to_give_is_served_by_the_next()
    {
        _down.UnionWith([1, 2]);
        Assert.That((Borrow(Pool(new() { Policy = Balancing.RoundRobin })).Value.Port, string.Join(' ', _dials)), Is.EqualTo((3, "1 2 3")));
    }

    [Test]
    public void When_none_has_anything_the_last_failure_is_told()
    {
        _down.UnionWith([1, 2, 3]);
        Assert.That((_world.Watch(Pool(new()).Borrow()).Error!.GetType().Name, _dials.Count), Is.EqualTo(("ConnectionException", 3)));
    }

    [Test]
    public void An_endpoint_that_fails_often_gets_nothing_until_a_probe_works()
    {
        var pool = Pool(new() { Policy = Balancing.RoundRobin, Ejection = Even });
        _down.Add(2);
        Uses(pool, 12);
        Assert.That((_dials.Count(static port => port == 2), pool.Counts[1].IsEjected), Is.EqualTo((3, true)));
        _world.Passes(4);
        Assert.That((_dials.Count(static port => port == 2), pool.Counts[1].IsEjected), Is.EqualTo((5, true)), "probed after 1 and 3 s");
        _down.Clear();
        _world.Passes(4);
        Assert.That((pool.Counts[1].IsEjected, Uses(pool, 3).Contains('2')), Is.EqualTo((false, true)));
    }

    [Test]
    public void Uses_that_fail_with_the_network_count_and_others_do_not()
    {
        var pool = Pool(new() { Policy = Balancing.RoundRobin, EjectAfter = 2, Ejection = Even });
        for (var i = 0; i < 6; i++)
        {
            _world.Watch(pool.Use((Func<Item, Task>)(item => Task.FromException(item.Port == 3 ? new IOException() : new FormatException()))));
        }

        Assert.That(string.Join(' ', pool.Counts.Select(static one => one.IsEjected)), Is.EqualTo("False False True"));
        _world.Passes(1.1);
        Assert.That(pool.Counts[2].IsEjected, Is.False, "it can be connected to");
    }

    [Test]
    public void When_all_are_ejected_they_are_used_as_though_none_was()
    {
        var pool = Pool(new() { Policy = Balancing.RoundRobin, EjectAfter = 1, Ejection = Even });
        _down.UnionWith([1, 2, 3]);
        _world.Watch(pool.Borrow());
        _down.Clear();
        Assert.That((pool.Counts.All(static one => one.IsEjected), Uses(pool, 1).Length), Is.EqualTo((true, 1)));
    }

    [Test]
    public void The_time_limit_is_one_for_all_endpoints()
    {
        var pool = new BalancedPool<Item>(All, port => new Pool<Item>(Observable.Never<Item>(), null, new() { AcquireTimeout = TimeSpan.FromMinutes(1) }, _world.Hub), acquireTimeout: TimeSpan.FromSeconds(3), hub: _world.Hub);
        var borrow = _world.Watch(pool.Borrow());
        _world.Passes(3);
        Assert.That((borrow.Error?.GetType().Name, pool.Counts.Sum(static one => one.Counts.Waiting)), Is.EqualTo(("PoolTimeoutException", 0)));
    }

    [Test]
    public void Now_or_never_takes_what_any_has_ready()
    {
        var pool = new BalancedPool<Item>(
            All, to => new Pool<Item>(Make(((IPEndPoint)to).Port).Delay(TimeSpan.FromSeconds(1), _world.Hub), hub: _world.Hub), new() { Policy = Balancing.RoundRobin }, hub: _world.Hub);
        var first = _world.Watch(pool.Borrow());
        _world.Passes(1);
        _world.Do(first.Last.Dispose);
        Assert.That(_world.Watch(pool.Borrow(TimeSpan.Zero)).Last.Value.Port, Is.EqualTo(1));
    }

    [Test]
    public void Retargeted_the_old_ones_drain_and_those_who_wait_go_along()
    {
        var pool = Pool(new(), new PoolOptions<Item> { Max = 1 }, All[..1]);
        var lent = Borrow(pool);
        var waiting = _world.Watch(pool.Borrow());
        _world.Do(() => pool.Retarget(All[1], All[2]));
        Assert.That((waiting.Last.Value.Port is 2 or 3, _closed.Count, pool.Counts.Count), Is.EqualTo((true, 0, 2)));
        _world.Do(lent.Dispose);
        Assert.That(_closed.Single().Port, Is.EqualTo(1));
    }

    [Test]
    public void Retargeted_under_load_each_use_comes_to_its_end_and_none_goes_to_who_has_left()
    {
        var pool = Pool(new(), new PoolOptions<Item> { Max = 2 });
        var stories = new List<Story<int>>();
        for (var i = 0; i < 300; i++)
        {
            stories.Add(_world.Watch(pool.Use(async item =>
            {
                await _world.Hub.Sleep(TimeSpan.FromMilliseconds(20));
                return item.Port;
            })));
            if (i % 50 == 49)
            {
                var to = All.Where((_, n) => n != i / 50 % 3).ToArray();
                _world.Do(() => pool.Retarget(to));
            }
        }

        _world.Passes(3);
        Assert.That(stories.Select(static story => story.IsCompleted), Has.All.True);
        Assert.That(_dials.Count - _closed.Count, Is.EqualTo(pool.Counts.Sum(static one => one.Counts.Idle)), "what is open is what is kept");
        _world.Do(pool.Dispose);
        Assert.That((_dials.Count - _closed.Count, $"{_world.Watch(pool.Borrow())}"), Is.EqualTo((0, "#ObjectDisposedException")));
    }

    [Test]
    public void A_probe_ends_with_its_endpoints_leaving()
    {
        var pool = Pool(new() { EjectAfter = 1, Ejection = Even });
        _down.Add(2);
        Uses(pool, 20);
        _world.Do(() => pool.Retarget(All[0]));
        var before = _dials.Count;
        _world.Passes(100);
        Assert.That(_dials, Has.Count.EqualTo(before));
    }

    [Test]
    public void Connections_are_spread_over_servers()
    {
        using var one = _world.Listens(1);
        using var three = _world.Listens(3);
        var pool = ConnectionPool.Of(All, balancing: new() { Policy = Balancing.RoundRobin }, hub: _world.Hub);
        var leases = Enumerable.Range(0, 4).Select(_ => _world.Watch(pool.Borrow())).ToArray();
        Assert.That((leases.All(static lease => lease.IsCompleted), one.Count + three.Count, one.Count > 0, three.Count > 0), Is.EqualTo((true, 4, true, true)));
    }

    [Test]
    public void What_takes_a_lending_takes_one_pool_or_several()
    {
        string Uses(Lending<Item> items) => $"{_world.Watch(items.Use(static item => Observable.Return(item.Port)))} {_world.Watch(items.Borrow(TimeSpan.Zero)).Last.Value.Port}";
        var one = new Pool<Item>(Make(7), _closed.Add, hub: _world.Hub);
        Assert.That((Uses(one), Uses(Pool(new(), endPoints: All[..1]))), Is.EqualTo(("7 | 7", "1 | 1")));
    }

    private static Backoff Even { get; } = new() { First = TimeSpan.FromSeconds(1), Jitter = false };

    private Lease<Item> Borrow(BalancedPool<Item> pool) => _world.Watch(pool.Borrow()).Last;

    private string Uses(BalancedPool<Item> pool, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => _world.Watch(pool.Use(static item => Task.FromResult(item.Port)))).Select(static story => story.Last));

    private BalancedPool<Item> Pool(BalancingOptions balancing, PoolOptions<Item>? options = null, EndPoint[]? endPoints = null) =>
        new(endPoints ?? All, to => new Pool<Item>(Make(((IPEndPoint)to).Port), _closed.Add, options, _world.Hub), balancing, hub: _world.Hub);

    private IObservable<Item> Make(int port) => Observable.Defer(() =>
    {
        _dials.Add(port);
        return _down.Contains(port) ? Observable.Throw<Item>(new ConnectionException($"{port} is down.")) : Observable.Return(new Item(port));
    });

    private sealed record Item(int Port);
}
