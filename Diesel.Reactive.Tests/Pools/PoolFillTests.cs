namespace Diesel.Reactive.Tests;

/// <summary>Items that are made before somebody wants them, and how many are made at a time.</summary>
public class PoolFillTests
{
    [TestCase(3, 3)]
    [TestCase(0, 0)]
    [TestCase(9, 5)]
    public void So_many_are_made_and_kept(int count, int idle)
    {
        using var world = new World();
        var pool = Filled(world, count, new() { MaxIdle = 5 });
        Assert.That((pool.Counts.Idle, pool.Counts.Created), Is.EqualTo((idle, (long)idle)));
    }

    [Test]
    public void Those_that_are_lent_count()
    {
        using var world = new World();
        var pool = Filled(world, 0);
        var leases = new[] { world.Watch(pool.Borrow()), world.Watch(pool.Borrow()) };
        world.Do(() => pool.Fill(3));
        Assert.That((pool.Counts.Lent, pool.Counts.Idle), Is.EqualTo((2, 1)));
        world.Do(() => leases[0].Last.Discard());
        Assert.That((pool.Counts.Lent, pool.Counts.Idle), Is.EqualTo((1, 2)));
    }

    [Test]
    public void One_that_was_idle_for_too_long_is_made_again()
    {
        using var world = new World();
        var pool = Filled(world, 3, new() { IdleTimeout = TimeSpan.FromSeconds(10) });
        world.Passes(15);
        Assert.That((pool.Counts.Idle, pool.Counts.Created), Is.EqualTo((3, 6L)));
        world.Do(pool.Dispose);
        Assert.That(pool.Counts.Idle, Is.Zero);
    }

    [Test]
    public void One_that_cannot_be_made_ends_it()
    {
        using var world = new World();
        var pool = new Pool<int>(Observable.Throw<int>(new IOException("no")), hub: world.Hub);
        world.Do(() => pool.Fill(3));
        Assert.That(pool.Counts.Failed, Is.EqualTo(1));
        world.Do(() => pool.Fill(3));
        Assert.That((pool.Counts.Failed, pool.Counts.Pending), Is.EqualTo((2L, 0)));
    }

    [Test]
    public void No_more_are_made_at_a_time_and_all_are_served()
    {
        using var world = new World();
        var most = 0;
        Pool<int> pool = null!;
        pool = new(world.Hub.Sleep(TimeSpan.FromSeconds(1)).Select(_ => 1), options: new() { Max = 10, MaxIdle = 10, MaxMaking = 2, AcquireTimeout = Timeout.InfiniteTimeSpan }, hub: world.Hub);
        var borrowed = Enumerable.Range(0, 10).Select(_ => world.Watch(pool.Borrow())).ToArray();
        for (var second = 0; second < 12; second++)
        {
            most = Math.Max(most, pool.Counts.Pending);
            world.Passes(1);
        }

        Assert.That((most, borrowed.Count(static each => each.Values.Count == 1)), Is.EqualTo((2, 10)));
    }

    [Test]
    public void Arguments_are_checked()
    {
        using var world = new World();
        var pool = Filled(world, 0);
        Assert.That(() => pool.Fill(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new PoolOptions<int> { MaxMaking = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static Pool<int> Filled(World world, int count, PoolOptions<int>? options = null)
    {
        var made = 0;
        var pool = new Pool<int>(Observable.Defer(() => Observable.Return(++made)), options: options, hub: world.Hub);
        world.Do(() => pool.Fill(count));
        return pool;
    }
}
