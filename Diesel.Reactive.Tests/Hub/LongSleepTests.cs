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
        using var hub = new Hub(clock, Hub.Default.Network);
        var woken = new List<DateTimeOffset>();
        using var sleep = hub.Sleep(TimeSpan.FromDays(100)).Subscribe(_ => woken.Add(clock.Clock));
        var began = clock.Clock;
        clock.AdvanceBy(TimeSpan.FromDays(1000));
        Assert.That(woken, Is.EqualTo(new[] { began + TimeSpan.FromDays(100) }));
    }
}
