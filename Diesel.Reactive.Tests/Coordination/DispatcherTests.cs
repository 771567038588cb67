namespace Diesel.Reactive.Tests;

public class DispatcherTests
{
    [Test]
    public void Each_item_goes_to_one_of_the_acceptors_and_load_is_even() => World.Run(async hub =>
    {
        var (dispatcher, counts) = (new Dispatcher<int>(hub: hub), new int[10]);
        for (var i = 0; i < 10; i++)
        {
            var me = i;
            _ = hub.Fork(async () =>
            {
                using var inbox = dispatcher.Accept();
                while (true)
                {
                    await inbox.Get();
                    counts[me]++;
                    await hub.Sleep(TimeSpan.FromSeconds(1));
                }
            });
        }

        await hub.Sleep();
        Enumerable.Range(0, 100).ToList().ForEach(dispatcher.Dispatch);
        await hub.Sleep(TimeSpan.FromSeconds(20));
        Assert.That(counts, Has.All.EqualTo(10));
    });

    [Test]
    public void With_no_acceptor_items_wait_for_the_first() => World.Run(async hub =>
    {
        var dispatcher = new Dispatcher<int>(hub: hub);
        dispatcher.Dispatch(1);
        dispatcher.Dispatch(2);
        Assert.That(dispatcher.BacklogCount, Is.EqualTo(2));
        using var inbox = dispatcher.Accept();
        Assert.That((await inbox.Get(), await inbox.Get(), dispatcher.BacklogCount), Is.EqualTo((1, 2, 0)));
    });

    [Test]
    public void What_an_acceptor_leaves_goes_to_the_others_before_what_came_later() => World.Run(async hub =>
    {
        var dispatcher = new Dispatcher<int>(2, hub: hub);
        var leaving = dispatcher.Accept();
        Enumerable.Range(0, 4).ToList().ForEach(dispatcher.Dispatch);
        leaving.Dispose();
        using var other = dispatcher.Accept();
        var got = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            got.Add(await other.Get());
        }

        Assert.That(got, Is.EqualTo((int[])[0, 1, 2, 3]));
    });

    [TestCase(Overflow.DropOldest, "1,2")]
    [TestCase(Overflow.DropNewest, "0,1")]
    public void Past_inboxes_and_backlog_it_drops_as_told(Overflow overflow, string left) => World.Run(async hub =>
    {
        var dispatcher = new Dispatcher<int>(2, overflow, hub);
        Enumerable.Range(0, 3).ToList().ForEach(dispatcher.Dispatch);
        using var inbox = dispatcher.Accept();
        Assert.That(($"{await inbox.Get()},{await inbox.Get()}", dispatcher.Dropped), Is.EqualTo((left, 1L)));
    });

    [Test]
    public void Past_inboxes_and_backlog_it_fails() => World.Run(async hub =>
    {
        var dispatcher = new Dispatcher<int>(1, hub: hub);
        dispatcher.Dispatch(1);
        Assert.That(() => dispatcher.Dispatch(2), Throws.InstanceOf<QueueFullException>());
        await hub.Sleep();
    });
}
