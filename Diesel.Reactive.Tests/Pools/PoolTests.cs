using System.Reactive;
using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class PoolTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<int> _closed = [];
    private int _made;

    [SetUp]
    public void Forget()
    {
        _closed.Clear();
        _made = 0;
    }

    [Test]
    public void Lends_the_item_that_was_used_last() => World.Run(async hub =>
    {
        var pool = Pooling(hub);
        var (first, second) = (await pool.Borrow(), await pool.Borrow());
        first.Dispose();
        second.Dispose();
        using var again = await pool.Borrow();
        Assert.That((again.Value, _made), Is.EqualTo((2, 2)));
    });

    [Test]
    public void Use_gives_the_item_back_when_the_work_completes() => World.Run(async hub =>
    {
        var pool = Pooling(hub);
        var results = await pool.Use(item => Observable.Range(item, 2)).ToList();
        Assert.That((results, pool.Counts.Lent, pool.Counts.Idle), Is.EqualTo(((IList<int>)[1, 2], 0, 1)).UsingPropertiesComparer());
    });

    [Test]
    public void Use_discards_the_item_when_the_work_fails() => World.Run(async hub =>
    {
        var pool = Pooling(hub, new() { Max = 1 });
        await Assert.ThatAsync(async () => await pool.Use((Func<int, Task>)(_ => throw new IOException("broken"))), Throws.InstanceOf<IOException>());
        Assert.That((_closed.Single(), pool.Counts.Lent), Is.EqualTo((1, 0)));
        Assert.That(await pool.Use(item => Task.FromResult(item)), Is.EqualTo(2));
    });

    [Test]
    public void Use_discards_the_item_when_the_work_throws_at_once() => World.Run(async hub =>
    {
        var pool = Pooling(hub, new() { Max = 1 });
        await Assert.ThatAsync(
            async () => await pool.Use((Func<int, IObservable<int>>)(_ => throw new IOException("broken"))),
            Throws.InstanceOf<IOException>());
        Assert.That((_closed.Single(), pool.Counts.Lent), Is.EqualTo((1, 0)));
    });

    [Test]
    public void Use_discards_the_item_when_the_observer_throws() => World.Run(async hub =>
    {
        var pool = Pooling(hub, new() { Max = 1 });
        using var work = new Subject<int>();
        pool.Use(_ => work).Subscribe(static _ => throw new FormatException());
        await hub.Sleep();
        Assert.That(() => work.OnNext(1), Throws.InstanceOf<FormatException>());
        Assert.That((_closed.Single(), pool.Counts.Lent, work.HasObservers), Is.EqualTo((1, 0, false)));
    });

    [Test]
    public void Use_discards_the_item_when_the_work_cannot_be_subscribed_to() => World.Run(async hub =>
    {
        var pool = Pooling(hub, new() { Max = 1 });
        var disposed = new Subject<int>();
        disposed.Dispose();
        await Assert.ThatAsync(async () => await pool.Use(_ => disposed).ToList(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That((_closed.Single(), pool.Counts.Lent), Is.EqualTo((1, 0)));
    });

    [TestCase(true, 0)]
    [TestCase(false, 1)]
    public void Use_frees_the_place_when_it_is_unsubscribed(bool reuse, int closed) => World.Run(async hub =>
    {
        var pool = Pooling(hub, new() { Max = 1, ReuseAbandoned = reuse });
        var use = pool.Use(_ => Observable.Never<Unit>()).Subscribe();
        await hub.Sleep();
        Assert.That(pool.Counts.Lent, Is.EqualTo(1));
        use.Dispose();
        Assert.That((pool.Counts.Lent, _closed.Count), Is.EqualTo((0, closed)));
    });

    [Test]
    public void Unsubscribed_use_ends_the_asynchronous_method() => World.Run(async hub =>
    {
        var (pool, ended) = (Pooling(hub), false);
        var use = pool.Use(async _ =>
        {
            try
            {
                await hub.Sleep(Second);
            }
            catch (OperationCanceledException)
            {
                ended = true;
            }
        }).Subscribe();
        await hub.Sleep();
        use.Dispose();
        Assert.That(ended, Is.True);
    });

    [Test]
    public void Never_lends_more_than_its_maximum_and_serves_in_order() => World.Run(async hub =>
    {
        var (pool, inside, most, order) = (Pooling(hub, new() { Max = 3, AcquireTimeout = Timeout.InfiniteTimeSpan }), 0, 0, new List<int>());
        for (var i = 0; i < 20; i++)
        {
            var me = i;
            _ = hub.Fork(async () => await pool.Use(async _ =>
            {
                order.Add(me);
                most = Math.Max(most, ++inside);
                await hub.Sleep(Second);
                inside--;
            }));
        }

        await hub.Sleep(20 * Second);
        Assert.That((most, _made), Is.EqualTo((3, 3)));
        Assert.That(order, Is.EqualTo(Enumerable.Range(0, 20)));
    });

    [Test]
    public void A_failed_connect_frees_its_place() => World.Run(async hub =>
    {
        var pool = new Pool<int>(Observable.Throw<int>(new IOException("refused")), null, new() { Max = 1 }, hub);
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThatAsync(async () => await pool.Borrow(), Throws.InstanceOf<IOException>());
        }

        Assert.That((pool.Counts.Pending, pool.Counts.Failed, pool.Counts.Waiting), Is.EqualTo((0, 5L, 0)));
    });

    [Test]
    public void Says_in_its_timeout_how_it_stands() => World.Run(async hub =>
    {
        var pool = Pooling(hub, new() { Max = 1, AcquireTimeout = Second, Name = "pool of testers" });
        var held = await pool.Borrow();
        pool.Borrow(5 * Second).Subscribe(_ => { }, _ => { });
        await Assert.ThatAsync(async () => await pool.Borrow(), Throws.InstanceOf<PoolTimeoutException>()
            .With.Message.StartsWith("The pool of testers had nothing to lend within 00:00:01: 1 of 1 lent, 0 idle, 0 being made, 1 waiting"));
        held.Dispose();
    });

    [Test]
    public void A_timeout_of_zero_means_now_or_never() => World.Run(async hub =>
    {
        var pool = Pooling(hub, new() { Max = 1 });
        using var held = await pool.Borrow(TimeSpan.Zero);
        await Assert.ThatAsync(async () => await pool.Borrow(TimeSpan.Zero), Throws.InstanceOf<PoolTimeoutException>());
    });

    [Test]
    public void Fails_fast_where_told_to() => World.Run(async hub =>
    {
        var pool = Pooling(hub, new() { Max = 1, FailFast = true });
        using var held = await pool.Borrow();
        await Assert.ThatAsync(async () => await pool.Borrow(), Throws.InstanceOf<PoolExhaustedException>());
        Assert.That(pool.Counts.Waiting, Is.Zero);
    });

    [Test]
    public void Closes_what_is_idle_for_too_long() => World.Run(async hub =>
    {
        var pool = Pooling(hub, new() { IdleTimeout = 3 * Second });
        var (first, second) = (await pool.Borrow(), await pool.Borrow());
        first.Dispose();
        await hub.Sleep(Second);
        second.Dispose();
        await hub.Sleep(2 * Second);
        Assert.That(_closed, Is.EqualTo((int[])[1]));
        await hub.Sleep(Second);
        Assert.That(_closed, Is.EqualTo((int[])[1, 2]));
    });

    [Test]
    public void Closes_what_has_lived_too_long() => World.Run(async hub =>
    {
        var pool = Pooling(hub, new() { Lifetime = 2 * Second });
        var lent = await pool.Borrow();
        await hub.Sleep(3 * Second);
        lent.Dispose();
        Assert.That((_closed.Single(), pool.Counts.Idle), Is.EqualTo((1, 0)));
        (await pool.Borrow()).Dispose();
        await hub.Sleep(3 * Second);
        Assert.That(_closed, Is.EqualTo((int[])[1, 2]));
    });

    [Test]
    public void Lends_nothing_that_died_while_it_was_idle() => World.Run(async hub =>
    {
        var dead = new HashSet<int>();
        var pool = Pooling(hub, new() { IsUsable = item => !dead.Contains(item) });
        (await pool.Borrow()).Dispose();
        dead.Add(1);
        Assert.That(((await pool.Borrow()).Value, _closed.Single()), Is.EqualTo((2, 1)));
    });

    [Test]
    public void Validates_what_was_idle_before_it_is_lent() => World.Run(async hub =>
    {
        var validated = new List<int>();
        var pool = Pooling(hub, new()
        {
            Validate = async item =>
            {
                await hub.Sleep(Second);
                validated.Add(item);
                if (item == 1)
                {
                    throw new IOException("no answer");
                }
            },
        });
        (await pool.Borrow()).Dispose();
        Assert.That(((await pool.Borrow()).Value, validated.Single(), _closed.Single()), Is.EqualTo((2, 1, 1)));
    });

    [Test]
    public void Drained_it_waits_for_what_is_lent_and_lends_no_more() => World.Run(async hub =>
    {
        var (pool, drained) = (Pooling(hub), false);
        var lent = await pool.Borrow();
        (await pool.Borrow()).Dispose();
        pool.Drain().Subscribe(_ => drained = true);
        await Assert.ThatAsync(async () => await pool.Borrow(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That((drained, string.Join(",", _closed)), Is.EqualTo((false, "2")));
        lent.Dispose();
        Assert.That((drained, string.Join(",", _closed)), Is.EqualTo((true, "2,1")));
    });

    [Test]
    public void An_item_that_was_given_back_cannot_be_used() => World.Run(async hub =>
    {
        var lease = await Pooling(hub).Borrow();
        lease.Dispose();
        lease.Discard();
        Assert.That(() => lease.Value, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(_closed, Is.Empty);
    });

    [Test]
    public void What_is_made_for_one_that_left_is_kept() => World.Run(async hub =>
    {
        var made = new Subject<int>();
        var pool = new Pool<int>(made, null, null, hub);
        pool.Borrow().Subscribe().Dispose();
        made.OnNext(7);
        Assert.That((pool.Counts.Idle, (await pool.Borrow()).Value), Is.EqualTo((1, 7)));
    });

    [Test]
    public void A_million_cycles_leave_nothing_behind()
    {
        // In a time that forgets cancelled timers, where TestScheduler keeps them until they are due.
        var time = new MarbleScheduler { MaxActions = int.MaxValue };
        using var hub = new Hub(time, new VirtualNetwork());
        Task? all = null;
        hub.Fork(() => all = BorrowAndReturn(hub));
        time.Start();
        Assert.That(all, Has.Property(nameof(Task.IsCompletedSuccessfully)).True, $"{all?.Exception}");
    }

    private async Task BorrowAndReturn(Hub hub)
    {
        var pool = Pooling(hub, new() { Max = 1 });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 500_000; i++)
        {
            var lease = await pool.Borrow();
            pool.Borrow().Subscribe(_ => { }, _ => { }).Dispose();
            pool.Borrow().Subscribe(other => other.Dispose());
            lease.Dispose();
        }

        Assert.That((pool.Counts.Waiting, pool.Counts.Lent, _made), Is.EqualTo((0, 0, 1)));
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(1_000_000));
    }

    private Pool<int> Pooling(Hub hub, PoolOptions<int>? options = null) => new(Observable.Defer(() => Observable.Return(++_made)), _closed.Add, options, hub);
}
