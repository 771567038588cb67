namespace Diesel.Reactive.Tests;

/// <summary>What holds for every <see cref="ILock"/>.</summary>
[TestFixture(typeof(LocalPlace), 1)]
[TestFixture(typeof(VirtualPlace), 1)]
[TestFixture(typeof(ServerPlace), 1)]
[TestFixture(typeof(LocalPlace), 3)]
[TestFixture(typeof(VirtualPlace), 3)]
[TestFixture(typeof(ServerPlace), 3)]
public class LockLaws<TPlace>(int count) : PlaceLaws<TPlace>
    where TPlace : SharedPlace, new()
{
    private ILock Here => Place.Locks(count).Here;

    private ILock There => Place.Locks(count).There;

    [Test]
    public void As_many_hold_it_as_may_and_the_next_when_one_lets_go() => Place.Run(async () =>
    {
        var all = await Take(count);
        var next = Story.Of(There.Acquire());
        await Place.Settles();
        Assert.That(next.IsOver, Is.False);
        all[0].Dispose();
        await Place.Settles();
        Assert.That(next.IsCompleted);
    });

    [Test]
    public void Those_who_wait_are_served_in_the_order_they_came_wherever_they_are() => Place.Run(async () =>
    {
        var (all, order) = (await Take(count), new List<int>());
        for (var i = 0; i < 6; i++)
        {
            var number = i;
            (i % 2 == 0 ? Here : There).Acquire().Subscribe(held =>
            {
                order.Add(number);
                Hub.Post(_ => held.Dispose());
            });
            await Place.Settles();
        }

        all[0].Dispose();
        await Place.Settles();
        await Place.Settles();
        Assert.That(order, Is.EqualTo(Enumerable.Range(0, 6)));
    });

    [Test]
    public void Let_go_twice_it_is_let_go_once() => Place.Run(async () =>
    {
        var all = await Take(count);
        all[0].Dispose();
        all[0].Dispose();
        await Place.Settles();
        var (one, other) = (Story.Of(There.Acquire()), Story.Of(There.Acquire()));
        await Place.Settles();
        Assert.That((one.IsCompleted, other.IsOver), Is.EqualTo((true, false)));
    });

    [Test]
    public void Now_or_never_is_never_when_it_is_held() => Place.Run(async () =>
    {
        var all = await Take(count);
        Assert.That(await Failure(Here.Acquire(TimeSpan.Zero)), Is.InstanceOf<TimeoutException>());
        Assert.That(await Failure(There.Acquire(TimeSpan.Zero)), Is.InstanceOf<TimeoutException>());
        all[0].Dispose();
        await Place.Settles();
        (await There.Acquire(TimeSpan.Zero)).Dispose();
    });

    [Test]
    public void Now_or_never_does_not_overtake_who_waits() => Place.Run(async () =>
    {
        var (all, waiting) = (await Take(count), Story.Of(There.Acquire()));
        await Place.Settles();
        all[0].Dispose();
        var hasty = await Failure(Here.Acquire(TimeSpan.Zero));
        await Place.Settles();
        Assert.That((waiting.IsCompleted, hasty?.GetType().IsAssignableTo(typeof(TimeoutException))), Is.EqualTo((true, (bool?)true)));
    });

    [Test]
    public void Who_has_waited_long_enough_is_told_and_not_before() => Place.Run(async () =>
    {
        await Take(count);
        var began = Hub.Now;
        Assert.That(await Failure(There.Acquire(Short)), Is.InstanceOf<TimeoutException>());
        Assert.That(Hub.Now - began, Is.GreaterThanOrEqualTo(Short));
    });

    [Test]
    public void Who_was_late_holds_nothing_later() => Place.Run(async () =>
    {
        var all = await Take(count);
        Assert.That(await Failure(There.Acquire(Short)), Is.InstanceOf<TimeoutException>());
        all[0].Dispose();
        await Place.Settles();
        (await Here.Acquire(TimeSpan.Zero)).Dispose();
    });

    [Test]
    public void A_time_before_now_is_refused_by_the_call() => Assert.That(() => Here.Acquire(TimeSpan.FromSeconds(-2)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Who_loses_a_race_holds_nothing() => Place.Run(async () =>
    {
        var all = await Take(count);
        Assert.That((await First.Of(There.Acquire(), Hub.Sleep(Short))).IsSecond);
        all[0].Dispose();
        await Place.Settles();
        (await Here.Acquire(TimeSpan.Zero)).Dispose();
    });

    [Test]
    public void Who_leaves_while_it_is_on_its_way_to_him_leaves_it_to_the_next() => Place.Run(async () =>
    {
        var all = await Take(count);
        for (var i = 0; i < 20; i++)
        {
            var leaving = (i % 2 == 0 ? Here : There).Acquire().Subscribe(_ => Assert.Fail("It has left."));
            await Hub.Sleep();
            leaving.Dispose();
        }

        var next = Story.Of(There.Acquire());
        all[0].Dispose();
        await Place.Settles();
        await Place.Settles();
        Assert.That(next.IsCompleted);
    });

    [Test]
    public void A_free_one_wins_a_race() => Place.Run(async () =>
    {
        var won = await First.Of(Here.Acquire(), Hub.Sleep(TimeSpan.FromSeconds(20)));
        Assert.That(won.IsFirst);
        won.First.Dispose();
    });

    [Test]
    public void Each_subscription_acquires_anew() => Place.Run(async () =>
    {
        var acquiring = Here.Acquire();
        for (var i = 0; i < 3 * count; i++)
        {
            (await acquiring).Dispose();
        }

        await Place.Settles();
        await Take(count);
    });

    [Test]
    public void Never_do_more_hold_it_than_may() => Place.Run(async () =>
    {
        const int Loops = 8;
        var (holding, most, done) = (0, 0, 0);
        for (var i = 0; i < Loops; i++)
        {
            var held = i % 2 == 0 ? Here : There;
            _ = Hub.Fork(async () =>
            {
                for (var n = 0; n < 10; n++)
                {
                    using (await held.Acquire())
                    {
                        most = Math.Max(most, ++holding);
                        await Hub.Sleep(TimeSpan.FromMilliseconds(1));
                        holding--;
                    }
                }

                done++;
            });
        }

        for (var i = 0; i < 400 && done < Loops; i++)
        {
            await Hub.Sleep(TimeSpan.FromMilliseconds(50));
        }

        Assert.That((done, most), Is.EqualTo((Loops, count)));
    });

    private async Task<IDisposable[]> Take(int many)
    {
        var all = new List<IDisposable>();
        while (all.Count < many)
        {
            all.Add(await (all.Count % 2 == 0 ? Here : There).Acquire(TimeSpan.FromSeconds(20)));
        }

        return [.. all];
    }
}
