namespace Diesel.Reactive.Tests;

/// <summary>What holds for every <see cref="IQueue{T}"/>.</summary>
[TestFixture(typeof(LocalPlace))]
[TestFixture(typeof(VirtualPlace))]
[TestFixture(typeof(ServerPlace))]
public class QueueLaws<TPlace> : PlaceLaws<TPlace>
    where TPlace : SharedPlace, new()
{
    private IQueue<int> Here => Place.Queues().Here;

    private IQueue<int> There => Place.Queues().There;

    [Test]
    public void Items_come_in_the_order_they_were_put() => Place.Run(async () =>
    {
        for (var i = 0; i < 20; i++)
        {
            Here.Put(i);
        }

        var got = new List<int>();
        while (got.Count < 20)
        {
            got.Add(await There.Get());
        }

        Assert.That(got, Is.EqualTo(Enumerable.Range(0, 20)));
    });

    [Test]
    public void An_item_put_while_one_waits_arrives() => Place.Run(async () =>
    {
        var story = Story.Of(Here.Get());
        await Place.Settles();
        Assert.That(story.IsOver, Is.False);
        There.Put(5);
        await Place.Becomes(() => story.IsOver);
        Assert.That($"{story}", Is.EqualTo("5 |"));
    });

    [Test]
    public void Each_item_goes_to_one() => Place.Run(async () =>
    {
        var all = Enumerable.Range(0, 6).Select(n => Story.Of((n % 2 == 0 ? Here : There).Get())).ToArray();
        await Place.Settles();
        foreach (var item in new[] { 1, 2, 3 })
        {
            Here.Put(item);
        }

        await Place.Becomes(() => all.Count(one => one.IsOver) == 3);
        await Place.Settles();
        Assert.That(all.SelectMany(one => one.Values).Order(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(all.Count(one => one.IsOver), Is.EqualTo(3));
    });

    [Test]
    public void Those_who_wait_in_one_program_are_served_in_the_order_they_came() => Place.Run(async () =>
    {
        var order = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var number = i;
            Here.Get().Subscribe(_ => order.Add(number));
        }

        await Place.Settles();
        for (var i = 0; i < 5; i++)
        {
            There.Put(i);
        }

        await Place.Becomes(() => order.Count == 5);
        Assert.That(order, Is.EqualTo(Enumerable.Range(0, 5)));
    });

    [Test]
    public void Who_does_not_wait_is_told_that_there_is_none() => Place.Run(async () =>
    {
        Assert.That(await Failure(Here.Get(waiting: false)), Is.InstanceOf<QueueEmptyException>());
        There.Put(1);
        await Place.Settles();
        Assert.That(await Here.Get(waiting: false), Is.EqualTo(1));
    });

    [Test]
    public void Now_or_never_is_never_when_there_is_none() => Place.Run(async () =>
    {
        Assert.That(await Failure(Here.Get(timeout: TimeSpan.Zero)), Is.InstanceOf<QueueTimeoutException>());
        There.Put(1);
        await Place.Settles();
        Assert.That(await Here.Get(timeout: TimeSpan.Zero), Is.EqualTo(1));
    });

    [Test]
    public void Now_or_never_disturbs_nobody_who_waits() => Place.Run(async () =>
    {
        var story = Story.Of(Here.Get());
        await Place.Settles();
        Assert.That(await Failure(Here.Get(timeout: TimeSpan.Zero)), Is.InstanceOf<QueueTimeoutException>());
        There.Put(1);
        await Place.Becomes(() => story.IsOver);
        Assert.That($"{story}", Is.EqualTo("1 |"));
    });

    [Test]
    public void Who_has_waited_long_enough_is_told_and_takes_nothing_then() => Place.Run(async () =>
    {
        var began = Hub.Now;
        Assert.That(await Failure(Here.Get(timeout: Short)), Is.InstanceOf<QueueTimeoutException>());
        Assert.That(Hub.Now - began, Is.GreaterThanOrEqualTo(Short));
        There.Put(1);
        await Place.Settles();
        Assert.That(await Here.Get(), Is.EqualTo(1));
    });

    [Test]
    public void A_time_before_now_is_refused_by_the_call() =>
        Assert.That(() => Here.Get(timeout: TimeSpan.FromSeconds(-2)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Who_loses_a_race_takes_nothing() => Place.Run(async () =>
    {
        Assert.That((await First.Of(Here.Get(), Hub.Sleep(Short))).IsSecond);
        There.Put(1);
        await Place.Settles();
        Assert.That(await There.Get(waiting: false), Is.EqualTo(1));
    });

    [Test]
    public void An_item_that_is_there_wins_a_race() => Place.Run(async () =>
    {
        There.Put(8);
        await Place.Settles();
        var won = await First.Of(Here.Get(), Hub.Sleep(TimeSpan.FromSeconds(20)));
        Assert.That((won.IsFirst, won.First), Is.EqualTo((true, 8)));
    });

    [Test]
    public void Who_leaves_while_an_item_is_on_its_way_leaves_it_to_the_next() => Place.Run(async () =>
    {
        // Within one process nothing is on its way.
        if (!Place.IsLocal)
        {
            There.Put(1);
            await Place.Settles();
        }

        for (var i = 0; i < 30; i++)
        {
            Here.Get().Subscribe(_ => Assert.Fail("It has left.")).Dispose();
            var leaving = There.Get().Subscribe(_ => Assert.Fail("It has left."));
            leaving.Dispose();
        }

        if (Place.IsLocal)
        {
            There.Put(1);
        }

        Assert.That(await Here.Get(timeout: TimeSpan.FromSeconds(20)), Is.EqualTo(1));
    });

    [Test]
    public void Each_subscription_gets_one() => Place.Run(async () =>
    {
        var getting = Here.Get();
        There.Put(1);
        There.Put(2);
        Assert.That((await getting, await getting), Is.EqualTo((1, 2)));
    });

    [Test]
    public void Nothing_is_lost_and_nothing_comes_twice_while_many_put_and_get() => Place.Run(async () =>
    {
        const int Each = 200;
        var got = new List<int>();
        for (var w = 0; w < 8; w++)
        {
            var queue = w % 2 == 0 ? Here : There;
            _ = Hub.Fork(async () =>
            {
                while (got.Count < 4 * Each)
                {
                    got.Add(await queue.Get());
                }
            });
        }

        for (var p = 0; p < 4; p++)
        {
            var (queue, first) = (p % 2 == 0 ? Here : There, p * Each);
            _ = Hub.Fork(async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    queue.Put(first + i);
                    await Hub.Sleep();
                }
            });
        }

        for (var i = 0; i < 400 && got.Count < 4 * Each; i++)
        {
            await Hub.Sleep(TimeSpan.FromMilliseconds(50));
        }

        Assert.That(got.Order(), Is.EqualTo(Enumerable.Range(0, 4 * Each)));
    });
}
