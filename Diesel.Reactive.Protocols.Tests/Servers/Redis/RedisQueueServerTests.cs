using System.Globalization;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What a queue has besides <see cref="IQueue{T}"/>, on Debian's redis-server: its functions, and its clock.</summary>
public class RedisQueueServerTests : RedisSharingFixture
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(300);

    [Test]
    public void What_was_put_with_the_key_of_another_is_it() => Live.Run(async () =>
    {
        var (here, there) = (Here.Queue<int>("q"), There.Queue<int>("q"));
        var first = await here.PutAsync(1, key: "order 7");
        Assert.That((await there.PutAsync(2, key: "order 7"), await there.PutAsync(3, key: "order 8") != first), Is.EqualTo((first, true)));
        Assert.That((await here.Get(), await here.Get()), Is.EqualTo((1, 3)));
        Assert.That(await Redis.Ttl("{shop:queue:q}:once:order 7"), Is.GreaterThan(here.Options.RememberKeys / 2));
    });

    [TestCase(false)]
    [TestCase(true)]
    public void What_is_acknowledged_is_gone_also_behind_a_redelivery(bool isRedelivered) => Live.Run(async () =>
    {
        var queue = Here.Queue<int>("q", new RedisQueueOptions { VisibilityTimeout = TimeSpan.FromMilliseconds(isRedelivered ? 20 : 30_000) });
        await queue.PutAsync(1);
        var delivery = await queue.Take();
        delivery = isRedelivered ? await queue.Take() : delivery;
        await delivery.AckAsync();
        Assert.That((delivery.IsRedelivered, await queue.Length(), await Redis.ZCard("{shop:queue:q}:due")), Is.EqualTo((isRedelivered, 0L, 0L)));
    });

    [Test]
    public void What_is_acknowledged_twice_in_a_turn_is_so_once() => Live.Run(async () =>
    {
        var queue = Here.Queue<int>("q");
        await queue.PutAsync(1);
        await queue.PutAsync(2);
        var (first, second) = (await queue.Take(), await queue.Take());
        await second.AckAsync();
        var (acknowledged, again, before) = (Story.Of(first.AckAsync()), Story.Of(first.AckAsync()), Story.Of(second.AckAsync()));
        await Becomes(() => before.IsOver);
        Assert.That(acknowledged.IsCompleted);
        Assert.That(new[] { again.Error, before.Error }, Is.All.InstanceOf<DeliveryLostException>());
    });

    [TestCase("0 1 2 3")]
    [TestCase("3 2 1 0")]
    [TestCase("2 0 3")]
    [TestCase("3")]
    [TestCase("1 2")]
    public void What_is_acknowledged_in_whatever_order_is_gone_and_the_others_are_not(string order) => Live.Run(async () =>
    {
        var queue = Here.Queue<int>("q", new RedisQueueOptions { VisibilityTimeout = TimeSpan.FromMilliseconds(300) });
        await Task.WhenAll(Enumerable.Range(0, 6).Select(n => queue.PutAsync(n).AsTask()));
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => queue.Take().AsTask()));
        var done = order.Split(' ').Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        await Task.WhenAll(done.Select(n => taken[n].AckAsync().AsTask()));
        Assert.That(await queue.Length(), Is.EqualTo(6 - done.Length));
        var left = await Task.WhenAll(Enumerable.Range(0, 6 - done.Length).Select(_ => queue.Take().AsTask()));
        Assert.That(left.Select(delivery => delivery.Value).Order(), Is.EqualTo(Enumerable.Range(0, 6).Except(done)));
    });

    /// <summary>A server that was promoted may not know of it: what stands before has not been handed out there.</summary>
    [Test]
    public void What_is_acknowledged_and_was_not_handed_out_takes_nothing_else_along() => Live.Run(async () =>
    {
        var queue = Here.Queue<int>("q");
        var ids = await Task.WhenAll(Enumerable.Range(0, 3).Select(n => queue.PutAsync(n).AsTask()));
        var first = await queue.Take();
        await Redis.Command("FCALL", "diesel_queue_settle", 1, "{shop:queue:q}", 1, 86_400_000, 30_000, 10, 10, "another", 1, first.Id, ids[2]);
        Assert.That((await queue.Length(), await queue.Get()), Is.EqualTo((1L, 1)));
    });

    [Test]
    public void Who_asks_again_since_the_reply_was_lost_has_what_was_handed_out_and_is_not_done() => Live.Run(async () =>
    {
        var queue = Here.Queue<int>("q");
        var ids = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => queue.PutAsync(n).AsTask()));
        Assert.That((await Take(1), await Take(1)), Is.EqualTo((ids[..2], ids[..2])));
        await Redis.Command("FCALL", "diesel_queue_settle", 1, "{shop:queue:q}", 1, 86_400_000, 30_000, 10, 10, "another", 1, ids[0]);
        Assert.That((await Take(1), await Take(2)), Is.EqualTo((ids[1..2], ids[2..4])));

        async Task<string[]> Take(int number)
        {
            var reply = await Redis.Command("FCALL", "diesel_queue_take", 1, "{shop:queue:q}", 1, 86_400_000, 30_000, 10, 10, "taker", number, 2);
            return [.. reply.ToItems()[0].ToItems().ToArray().Select(item => item.ToItems()[0].ToText())];
        }
    });

    [Test]
    public void What_is_acknowledged_twice_in_a_turn_after_a_redelivery_is_so_once() => Live.Run(async () =>
    {
        var queue = Here.Queue<int>("q");
        await queue.PutAsync(1);
        await (await queue.Take()).NackAsync();
        var delivery = await queue.Take();
        var (acknowledged, again) = (Story.Of(delivery.AckAsync()), Story.Of(delivery.AckAsync()));
        await Becomes(() => again.IsOver);
        Assert.That((acknowledged.IsCompleted, again.Error is DeliveryLostException), Is.EqualTo((true, true)));
    });

    [Test]
    public void What_has_a_delay_comes_when_it_is_over_and_not_before() => Live.Run(async () =>
    {
        var began = Live.Hub.Now;
        await Here.Queue<int>("q").PutAsync(1, delay: Delay);
        await Here.Queue<int>("q").PutAsync(2);
        Assert.That((await There.Queue<int>("q").Get(), await There.Queue<int>("q").Get()), Is.EqualTo((2, 1)));
        Assert.That(Live.Hub.Now - began, Is.GreaterThan(Delay - TimeSpan.FromMilliseconds(2)));
    });

    [Test]
    public void One_that_failed_comes_back_after_its_delay_and_not_before() => Live.Run(async () =>
    {
        Here.Queue<int>("q").Put(1);
        var first = await Here.Queue<int>("q").Take();
        var began = Live.Hub.Now;
        await first.NackAsync(Delay);
        Assert.That((await There.Queue<int>("q").Take()).Count, Is.EqualTo(2));
        Assert.That(Live.Hub.Now - began, Is.GreaterThan(Delay - TimeSpan.FromMilliseconds(2)));
    });

    [Test]
    public void One_that_is_renewed_is_its_consumers_for_longer() => Live.Run(async () =>
    {
        Here.Queue<int>("q").Put(1);
        var delivery = await Here.Queue<int>("q").Take();
        var before = await Due();
        await Live.Hub.Sleep(TimeSpan.FromMilliseconds(20));
        await delivery.Renew();
        Assert.That(await Due() - before, Is.GreaterThanOrEqualTo(20));

        async Task<double> Due() => double.Parse((await Redis.Command("ZSCORE", "{shop:queue:q}:due", delivery.Id)).ToText(), CultureInfo.InvariantCulture);
    });

    [Test]
    public void One_that_is_never_settled_in_time_is_a_dead_letter_at_last() => Live.Run(async () =>
    {
        var queue = Here.Queue<int>("q", new RedisQueueOptions { VisibilityTimeout = TimeSpan.FromMilliseconds(20), MaxDeliveries = 2 });
        queue.Put(1);
        Assert.That(((await queue.Take()).Count, (await queue.Take()).Count), Is.EqualTo((1, 2)));
        await Live.Hub.Sleep(TimeSpan.FromMilliseconds(50));
        Assert.That(await Failure(queue.Take(waiting: false)), Is.InstanceOf<QueueEmptyException>());
        var letter = (await queue.DeadLetters()).Single();
        Assert.That((letter.Count, letter.Error, await queue.Length()), Is.EqualTo((2, "nobody has said anything about it in time", 0L)));
    });

    [Test]
    public void A_full_queue_counts_what_has_a_delay_and_keeps_the_last_dead_letters() => Live.Run(async () =>
    {
        var queue = Here.Queue<int>("q", new RedisQueueOptions { MaxLength = 3, MaxDeliveries = 1, MaxDeadLetters = 2 });
        await queue.PutAsync(9, delay: TimeSpan.FromMinutes(1));
        for (var i = 0; i < 5; i++)
        {
            await queue.PutAsync(i);
            await queue.PutAsync(i);
            Assert.That(await Failure(queue.PutAsync(i)), Is.InstanceOf<QueueFullException>());
            await (await queue.Take()).NackAsync();
            await (await queue.Take()).AckAsync();
        }

        Assert.That((await queue.DeadLetters()).Select(letter => letter.Value.ToText()), Is.EqualTo(new[] { "3", "4" }));
    });
}
