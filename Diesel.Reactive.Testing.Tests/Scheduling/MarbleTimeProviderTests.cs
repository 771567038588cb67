using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MarbleTimeProviderTests
{
    private readonly MarbleScheduler _scheduler = new();
    private readonly List<double> _ticks = [];

    private TimeProvider Time => _scheduler.TimeProvider;

    [Test]
    public void Its_clock_is_the_schedulers()
    {
        var start = Time.GetTimestamp();
        _scheduler.AdvanceBy(Ms(5).Ticks);
        Assert.That((Time.GetUtcNow(), Time.GetElapsedTime(start)), Is.EqualTo((MarbleScheduler.Epoch + Ms(5), Ms(5))));
    }

    [Test]
    public void A_timer_repeats_on_its_grid_until_it_is_disposed_of()
    {
        using (Timer(Ms(2), Ms(3)))
        {
            _scheduler.AdvanceBy(Ms(9).Ticks);
        }

        _scheduler.Start();
        Assert.That(_ticks, Is.EqualTo(new[] { 2.0, 5, 8 }));
    }

    [Test]
    public void A_timer_without_a_period_ticks_once([Values(0, -1)] int period)
    {
        Timer(Ms(2), Ms(period));
        _scheduler.Start();
        Assert.That(_ticks, Is.EqualTo(new[] { 2.0 }));
    }

    [Test]
    public void A_timer_without_a_due_time_waits_for_change()
    {
        var timer = Timer(Timeout.InfiniteTimeSpan, Ms(3));
        _scheduler.Start();
        Assert.That((_ticks.Count, timer.Change(Ms(1), Timeout.InfiniteTimeSpan)), Is.EqualTo((0, true)));
        _scheduler.Start();
        Assert.That(_ticks, Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void Change_forgets_what_was_set_before()
    {
        Timer(Ms(5), Ms(5)).Change(Ms(1), Timeout.InfiniteTimeSpan);
        _scheduler.Start();
        Assert.That(_ticks, Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void A_disposed_timer_cannot_be_changed()
    {
        var timer = Timer(Ms(1), Ms(1));
        timer.Dispose();
        Assert.That(timer.Change(Ms(1), Ms(1)), Is.False);
    }

    [Test]
    public void A_timer_validates_its_times([Values(-2L, uint.MaxValue)] long ms) =>
        Assert.That(() => Timer(Ms(ms), Ms(1)), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_timer_keeps_its_makers_context()
    {
        var local = new AsyncLocal<string> { Value = "maker" };
        var seen = "";
        Time.CreateTimer(_ => seen = local.Value, null, Ms(1), Timeout.InfiniteTimeSpan);
        local.Value = "other";
        _scheduler.Start();
        Assert.That(seen, Is.EqualTo("maker"));
    }

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    private ITimer Timer(TimeSpan due, TimeSpan period) =>
        Time.CreateTimer(_ => _ticks.Add(_scheduler.Elapsed.TotalMilliseconds), null, due, period);
}
