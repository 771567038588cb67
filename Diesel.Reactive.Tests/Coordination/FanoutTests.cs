namespace Diesel.Reactive.Tests;

public class FanoutTests
{
    [Test]
    public void Ten_subscribers_get_every_item_in_order_and_leave_nothing() => World.Run(async hub =>
    {
        var (fanout, got) = (new Fanout<int>(hub: hub), new List<int>[10]);
        for (var i = 0; i < 10; i++)
        {
            var mine = got[i] = [];
            _ = hub.Fork(async () =>
            {
                using var inbox = fanout.Open();
                while (mine.Count < 10)
                {
                    mine.Add(await inbox.Get());
                }
            });
        }

        await hub.Sleep();
        Enumerable.Range(0, 10).ToList().ForEach(fanout.Publish);
        await hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(got, Has.All.EqualTo(Enumerable.Range(0, 10)));
        Assert.That(fanout.SubscriberCount, Is.Zero);
    });

    [Test]
    public void A_subscriber_that_is_too_slow_is_cut_off_behind_what_it_has() => World.Run(async hub =>
    {
        var fanout = new Fanout<int>(2, hub: hub);
        var (slow, patient) = (fanout.Open(), fanout.Open(capacity: 10));
        Enumerable.Range(0, 4).ToList().ForEach(fanout.Publish);
        Assert.That((await slow.Get(), await slow.Get(), patient.Count), Is.EqualTo((0, 1, 4)));
        await Assert.ThatAsync(async () => await slow.Get(), Throws.InstanceOf<QueueFullException>());
        Assert.That(fanout.SubscriberCount, Is.EqualTo(1));
    });

    [Test]
    public void A_subscriber_may_prefer_the_newest_items() => World.Run(async hub =>
    {
        var fanout = new Fanout<int>(hub: hub);
        using var inbox = fanout.Open(2, Overflow.DropOldest);
        Enumerable.Range(0, 4).ToList().ForEach(fanout.Publish);
        Assert.That((await inbox.Get(), await inbox.Get(), inbox.Dropped), Is.EqualTo((2, 3, 2L)));
    });

    [Test]
    public void Who_waits_on_an_inbox_that_is_disposed_is_told() => World.Run(async hub =>
    {
        var inbox = new Fanout<int>(hub: hub).Open();
        _ = hub.Fork(inbox.Dispose);
        await Assert.ThatAsync(async () => await inbox.Get(), Throws.InstanceOf<ObjectDisposedException>());
    });

    [Test]
    public void Observed_it_is_a_hot_subject() => World.Run(async hub =>
    {
        var (fanout, seen) = (new Fanout<int>(hub: hub), new List<int>());
        fanout.Publish(0);
        fanout.Take(2).Subscribe(seen.Add);
        Enumerable.Range(1, 3).ToList().ForEach(fanout.Publish);
        await hub.Sleep();
        Assert.That((string.Join(",", seen), fanout.SubscriberCount), Is.EqualTo(("1,2", 0)));
    });
}
