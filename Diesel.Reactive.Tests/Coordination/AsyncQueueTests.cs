namespace Diesel.Reactive.Tests;

public class AsyncQueueTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Gives_items_in_order() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(hub: hub);
        queue.Put(1);
        queue.Put(2);
        Assert.That((await queue.Get(), await queue.Get(), queue.Count), Is.EqualTo((1, 2, 0)));
    });

    [Test]
    public void A_get_without_waiting_says_that_it_is_empty() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(hub: hub);
        await Assert.ThatAsync(async () => await queue.Get(waiting: false), Throws.InstanceOf<QueueEmptyException>());
        queue.Put(1);
        Assert.That(await queue.Get(waiting: false), Is.EqualTo(1));
    });

    [TestCase(0)]
    [TestCase(1)]
    public void A_get_times_out_to_the_tick(int seconds) => World.Run(async hub =>
    {
        var (queue, start) = (new AsyncQueue<int>(hub: hub), hub.Now);
        TimeSpan? late = null;
        queue.Get(timeout: seconds * Second).Subscribe(_ => { }, error => late = error is QueueTimeoutException ? hub.Now - start : null);
        await hub.Sleep(2 * Second);
        Assert.That((late, queue.Waiters), Is.EqualTo(((TimeSpan?)(seconds * Second), 0)));
    });

    [Test]
    public void A_get_that_waits_long_enough_gets_the_item() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(hub: hub);
        _ = hub.Fork(async () =>
        {
            await hub.Sleep(Second);
            queue.Put(1);
        });
        Assert.That(await queue.Get(timeout: 2 * Second), Is.EqualTo(1));
    });

    [Test]
    public void A_consumer_that_left_gets_nothing_and_stands_in_nobodys_way() => World.Run(async hub =>
    {
        var (queue, gone, here) = (new AsyncQueue<int>(hub: hub), 0, 0);
        queue.Get().Subscribe(item => gone = item).Dispose();
        queue.Get().Subscribe(item => here = item);
        Assert.That(queue.Waiters, Is.EqualTo(1));
        queue.Put(5);
        await hub.Sleep();
        Assert.That((gone, here), Is.EqualTo((0, 5)));
    });

    [Test]
    public void TryGet_takes_nothing_from_under_those_in_line() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(hub: hub);
        Assert.That(queue.TryGet(out _), Is.False);
        queue.Put(3);
        Assert.That(queue.TryGet(out var item) ? item : 0, Is.EqualTo(3));
        await hub.Sleep();
    });

    [TestCase(Overflow.DropOldest, "2,3")]
    [TestCase(Overflow.DropNewest, "1,2")]
    public void Past_its_capacity_it_drops_as_told(Overflow overflow, string left) => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(2, overflow, hub);
        Enumerable.Range(1, 3).ToList().ForEach(queue.Put);
        Assert.That(($"{await queue.Get()},{await queue.Get()}", queue.Dropped), Is.EqualTo((left, 1L)));
    });

    [Test]
    public void Past_its_capacity_it_fails_the_producer() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(1, hub: hub);
        queue.Put(1);
        Assert.That(() => queue.Put(2), Throws.InstanceOf<QueueFullException>().With.Property("Capacity").EqualTo(1));
        Assert.That(queue.TryPut(2), Is.False);
        await hub.Sleep();
    });

    [Test]
    public void Producers_that_wait_for_room_are_served_in_order() => World.Run(async hub =>
    {
        var (queue, got) = (new AsyncQueue<int>(2, hub: hub), new List<int>());
        for (var i = 0; i < 6; i++)
        {
            var item = i;
            _ = hub.Fork(async () => await queue.PutWhenRoom(item));
        }

        await hub.Sleep(Second);
        Assert.That(queue.Count, Is.EqualTo(2));
        for (var i = 0; i < 6; i++)
        {
            got.Add(await queue.Get());
        }

        Assert.That(got, Is.Ordered.And.Count.EqualTo(6));
    });

    [Test]
    public void A_producer_that_gave_up_puts_nothing() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(1, hub: hub);
        queue.Put(1);
        await Assert.ThatAsync(async () => await queue.PutWhenRoom(2, Second), Throws.InstanceOf<QueueFullException>());
        Assert.That((await queue.Get(), queue.Count), Is.EqualTo((1, 0)));
    });

    [Test]
    public void A_completed_queue_gives_what_it_has_and_ends() => World.Run(async hub =>
    {
        var (queue, ended) = (new AsyncQueue<int>(hub: hub), false);
        queue.Put(1);
        queue.Complete();
        Assert.That(await queue.Get(), Is.EqualTo(1));
        queue.Get().Subscribe(_ => { }, () => ended = true);
        Assert.That(ended, Is.True);
        Assert.That(() => queue.Put(2), Throws.InvalidOperationException);
        await hub.Sleep();
    });

    [Test]
    public void Items_put_from_other_threads_arrive_in_the_order_of_each()
    {
        using var hub = new Hub();
        var queue = new AsyncQueue<(int Producer, int Item)>(hub: hub);
        Parallel.For(0, 4, producer => Enumerable.Range(0, 1000).ToList().ForEach(item => queue.Put((producer, item))));
        var got = Enumerable.Range(0, 4000).Select(_ => queue.Get().Wait()).ToList();
        Assert.That(got.GroupBy(g => g.Producer).Select(g => g.Select(i => i.Item).ToArray()), Has.All.Ordered.And.All.Length.EqualTo(1000));
    }

    [Test]
    public void A_loop_ended_while_it_waits_consumes_nothing() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(hub: hub);
        var loop = hub.Fork(async () => await queue.Get());
        await hub.Sleep();
        loop.Dispose();
        queue.Put(1);
        Assert.That((queue.Count, queue.Waiters), Is.EqualTo((1, 0)));
    });

    [Test]
    public void Ten_thousand_loops_in_a_ring_pass_an_item_on_without_nesting() => World.Run(async hub =>
    {
        var ring = Enumerable.Range(0, 10_000).Select(_ => new AsyncQueue<int>(hub: hub)).ToArray();
        for (var i = 0; i < ring.Length - 1; i++)
        {
            var (from, to) = (ring[i], ring[i + 1]);
            _ = hub.Fork(async () => to.Put(await from.Get() + 1));
        }

        await hub.Sleep();
        ring[0].Put(0);
        Assert.That(await ring[^1].Get(), Is.EqualTo(ring.Length - 1));
    });
}
