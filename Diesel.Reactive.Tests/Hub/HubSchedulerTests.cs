namespace Diesel.Reactive.Tests;

/// <summary>Rx's operators with the hub as their scheduler.</summary>
public class HubSchedulerTests
{
    [Test]
    public void Interval_ticks_on_its_grid()
    {
        using var world = new World();
        var at = world.Watch(Observable.Interval(TimeSpan.FromSeconds(1), world.Hub).Select(_ => Math.Round(world.Now, 1)).Take(3));
        world.Passes(5);
        Assert.That(at.ToString(), Is.EqualTo("1 2 3 |"));
    }

    [Test]
    public void Timeout_fails_when_nothing_comes()
    {
        using var world = new World();
        var story = world.Watch(Observable.Never<int>().Timeout(TimeSpan.FromSeconds(1), world.Hub));
        world.Passes(1);
        Assert.That(story.ToString(), Is.EqualTo("#TimeoutException"));
    }

    [Test]
    public void Delay_shifts_in_time()
    {
        using var world = new World();
        var at = world.Watch(Observable.Return(7).Delay(TimeSpan.FromSeconds(1), world.Hub).Select(n => (n, Math.Round(world.Now, 1))));
        world.Passes(2);
        Assert.That(at.ToString(), Is.EqualTo("(7, 1) |"));
    }

    [Test]
    public void TimeInterval_measures_in_the_hubs_time()
    {
        using var world = new World();
        var gaps = world.Watch(Observable.Interval(TimeSpan.FromSeconds(2), world.Hub).TimeInterval(world.Hub).Take(2));
        world.Passes(5);
        Assert.That(gaps.Values.Select(g => Math.Round(g.Interval.TotalSeconds, 1)), Is.EqualTo(new[] { 2.0, 2 }));
    }

    [Test]
    public void Timestamps_are_of_the_hubs_clock()
    {
        using var world = new World();
        world.Passes(3);
        var story = world.Watch(Observable.Return(1).Timestamp(world.Hub));
        Assert.That((world.Hub.Now - story.Last.Timestamp).TotalSeconds, Is.EqualTo(0).Within(0.01));
    }

    [Test]
    public void ObserveOn_brings_what_comes_from_elsewhere_to_the_hub()
    {
        using var live = new Live();
        var hub = live.Await(Observable.Start(static () => 1).ObserveOn(live.Hub).Select(static _ => Hub.Current));
        Assert.That(hub, Is.SameAs(live.Hub));
    }

    [Test]
    public void Throttle_and_Sample_work_in_the_hubs_time()
    {
        using var world = new World();
        var ticks = Observable.Interval(TimeSpan.FromSeconds(1), world.Hub).Take(5);
        var (throttled, sampled) = (world.Watch(ticks.Throttle(TimeSpan.FromSeconds(2), world.Hub)), world.Watch(ticks.Sample(TimeSpan.FromSeconds(2.4), world.Hub)));
        world.Passes(10);
        Assert.That((throttled.ToString(), sampled.ToString()), Is.EqualTo(("4 |", "1 3 4 |")));
    }
}
