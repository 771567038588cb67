using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

public class LongSleepTests
{
    private static readonly TimeSpan[] Longer = [TimeSpan.FromDays(50), TimeSpan.FromDays(25_000), TimeSpan.MaxValue];

    [TestCaseSource(nameof(Longer))]
    public async Task A_sleep_longer_than_the_systems_timers_goes_on(TimeSpan duration)
    {
        using var hub = new Hub();
        var first = await First.Of(hub.Sleep(duration), hub.Sleep(TimeSpan.FromMilliseconds(1)));
        Assert.That(first.Index, Is.EqualTo(1));
    }

    [Test]
    public void A_long_sleep_ends_when_it_is_due()
    {
        var clock = new HistoricalScheduler();
        using var hub = new Hub(clock);
        var woken = new List<DateTimeOffset>();
        using var sleep = hub.Sleep(TimeSpan.FromDays(100)).Subscribe(_ => woken.Add(clock.Clock));
        var began = clock.Clock;
        clock.AdvanceBy(TimeSpan.FromDays(1000));
        Assert.That(woken, Is.EqualTo(new[] { began + TimeSpan.FromDays(100) }));
    }

    [Test]
    public void Periodic_work_may_have_a_period_for_ever([Values] bool isVirtual)
    {
        using var hub = Of(isVirtual);
        Assert.That(() => Observable.Interval(TimeSpan.MaxValue, hub).Subscribe().Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_wait_may_have_a_timeout_for_ever_and_leaves_nobody_in_line([Values] bool isVirtual)
    {
        var world = new World();
        using var live = new Live(isVirtual ? world.Hub : new Hub());
        var queue = new AsyncQueue<int>(hub: live.Hub);
        var (get, next) = (new Story<int>(), new Story<int>());
        Turn(world, live, () => get.Subscription = queue.Get(timeout: TimeSpan.MaxValue).Subscribe(get));
        Turn(world, live, get.Subscription!.Dispose);
        Turn(world, live, () => queue.Put(1));
        Turn(world, live, () => queue.Get().Subscribe(next));
        Assert.That((get.ToString(), next.ToString()), Is.EqualTo(("", "1 |")));
    }

    private static Hub Of(bool isVirtual) => isVirtual ? new World().Hub : new Hub();

    private static void Turn(World world, Live live, Action action)
    {
        if (live.Hub == world.Hub)
        {
            world.Do(action);
        }
        else
        {
            live.Do(action);
        }
    }
}
