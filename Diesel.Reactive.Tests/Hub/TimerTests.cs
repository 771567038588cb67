using System.Reactive;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

public class TimerTests
{
    [Test]
    public void A_timer_fires_when_it_is_due_and_not_before()
    {
        using var world = new World();
        var at = double.NaN;
        world.Hub.Schedule(TimeSpan.FromSeconds(2), () => at = world.Now);
        world.Passes(5);
        Assert.That(at, Is.EqualTo(2).Within(0.0001).And.GreaterThanOrEqualTo(2));
    }

    [Test]
    public void Timers_of_a_real_clock_never_fire_early()
    {
        using var live = new Live();
        var early = live.Await(Observable.Range(1, 40)
            .Select(ms => Observable.Defer(() =>
            {
                var start = TimeProvider.System.GetTimestamp();
                return live.Hub.Sleep(TimeSpan.FromMilliseconds(ms) / 2).Select(_ => TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMilliseconds(ms) / 2);
            }))
            .Merge()
            .Count(static tooEarly => tooEarly));
        Assert.That(early, Is.Zero);
    }

    [Test]
    public void A_cancelled_timer_does_not_fire()
    {
        using var world = new World();
        var fired = false;
        var timer = world.Hub.Schedule(TimeSpan.FromSeconds(2), () => fired = true);
        world.Passes(1).Do(timer.Dispose).Passes(5);
        Assert.That(fired, Is.False);
    }

    [Test]
    public void A_timer_cancelled_in_the_turn_it_is_due_does_not_fire()
    {
        using var world = new World();
        var fired = new List<int>();
        IDisposable? second = null;
        world.Hub.Schedule(TimeSpan.FromSeconds(1), () =>
        {
            fired.Add(1);
            second!.Dispose();
        });
        second = world.Hub.Schedule(TimeSpan.FromSeconds(1), () => fired.Add(2));
        world.Passes(2);
        Assert.That(fired, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Timers_fire_in_the_order_they_are_due()
    {
        using var world = new World();
        var order = new List<int>();
        Array.ForEach([3, 1, 2], s => world.Hub.Schedule(TimeSpan.FromSeconds(s), () => order.Add(s)));
        world.Passes(4);
        Assert.That(order, Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void A_timer_can_be_set_for_a_time_of_day()
    {
        using var world = new World();
        var at = double.NaN;
        world.Hub.Schedule(world.Hub.Now.AddSeconds(2), () => at = world.Now);
        world.Passes(5);
        Assert.That(at, Is.EqualTo(2).Within(0.0001));
    }

    [Test]
    public void Periodic_work_does_not_drift_however_long_it_takes()
    {
        using var world = new World();
        var at = new List<double>();
        using var periodic = world.Hub.SchedulePeriodic(Unit.Default, TimeSpan.FromSeconds(1), state =>
        {
            at.Add(Math.Round(world.Now, 2));
            world.Clock.Sleep(TimeSpan.FromSeconds(0.3).Ticks);
            return state;
        });
        world.Passes(5.1);
        Assert.That(at, Is.EqualTo(new[] { 1.0, 2, 3, 4, 5 }));
    }

    [Test]
    public void Periodic_work_that_was_late_comes_back_to_its_grid()
    {
        using var world = new World();
        var at = new List<double>();
        using var periodic = world.Hub.SchedulePeriodic(0, TimeSpan.FromSeconds(1), n =>
        {
            at.Add(Math.Round(world.Now, 2));
            world.Clock.Sleep(TimeSpan.FromSeconds(n == 0 ? 1.5 : 0).Ticks);
            return n + 1;
        });
        world.Passes(4.1);
        Assert.That(at, Is.EqualTo(new[] { 1.0, 2.5, 3, 4 }));
    }

    [Test]
    public void Periodic_work_stops_when_it_is_disposed_also_by_itself()
    {
        using var world = new World();
        var count = 0;
        IDisposable? periodic = null;
        periodic = world.Hub.SchedulePeriodic(Unit.Default, TimeSpan.FromSeconds(1), state =>
        {
            if (++count == 2)
            {
                periodic!.Dispose();
            }

            return state;
        });
        world.Passes(10);
        Assert.That(count, Is.EqualTo(2));
    }
}
