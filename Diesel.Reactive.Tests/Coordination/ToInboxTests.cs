using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

public class ToInboxTests
{
    [Test]
    public void Takes_a_source_at_its_own_pace() => World.Run(async hub =>
    {
        using var inbox = Observable.Range(0, 3).ToInbox(hub: hub);
        Assert.That((await inbox.Get(), await inbox.Get(), await inbox.Get()), Is.EqualTo((0, 1, 2)));
        await Assert.ThatAsync(async () => await inbox.Get(), Throws.InstanceOf<EndOfStreamException>());
    });

    [Test]
    public void The_sources_error_comes_behind_its_items() => World.Run(async hub =>
    {
        using var inbox = Observable.Return(1).Concat(Observable.Throw<int>(new TimeoutException())).ToInbox(hub: hub);
        Assert.That(await inbox.Get(), Is.EqualTo(1));
        await Assert.ThatAsync(async () => await inbox.Get(), Throws.InstanceOf<TimeoutException>());
    });

    [TestCase(Overflow.DropOldest, 2)]
    [TestCase(Overflow.DropNewest, 0)]
    public void What_it_drops_is_counted(Overflow overflow, int first) => World.Run(async hub =>
    {
        using var inbox = Observable.Range(0, 4).ToInbox(2, overflow, hub);
        Assert.That((await inbox.Get(), await inbox.Get(), inbox.Dropped), Is.EqualTo((first, first + 1, 2L)));
    });

    [Test]
    public void One_that_is_too_slow_is_cut_off_and_leaves_its_source() => World.Run(async hub =>
    {
        var source = new Subject<int>();
        using var inbox = source.ToInbox(1, hub: hub);
        source.OnNext(1);
        source.OnNext(2);
        Assert.That((source.HasObservers, await inbox.Get()), Is.EqualTo((false, 1)));
        await Assert.ThatAsync(async () => await inbox.Get(), Throws.InstanceOf<QueueFullException>());
    });

    [Test]
    public void Disposed_it_leaves_its_source() => World.Run(async hub =>
    {
        var source = new Subject<int>();
        var inbox = source.ToInbox(hub: hub);
        inbox.Dispose();
        await hub.Sleep();
        Assert.That(source.HasObservers, Is.False);
    });

    [Test]
    public void A_source_may_live_on_another_thread()
    {
        using var live = new Live();
        var source = new Subject<int>();
        using var inbox = live.Do(() => source.ToInbox(hub: live.Hub));
        source.OnNext(7);
        Assert.That(live.Await(inbox.Get()), Is.EqualTo(7));
    }

    [Test]
    public void Its_arguments_are_checked()
    {
        Assert.That(() => Observable.Never<int>().ToInbox(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Observable.Never<int>().ToInbox(1, (Overflow)9), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
