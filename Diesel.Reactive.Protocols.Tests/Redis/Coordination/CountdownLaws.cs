using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What holds for every <see cref="ICountdown"/>.</summary>
[TestFixture(typeof(LocalPlace))]
[TestFixture(typeof(VirtualPlace))]
[TestFixture(typeof(ServerPlace))]
public class CountdownLaws<TPlace> : PlaceLaws<TPlace>
    where TPlace : SharedPlace, new()
{
    [Test]
    public void Is_set_by_the_last_of_its_ticks_and_by_none_before() => Place.Run(async () =>
    {
        var (here, there) = Place.Countdowns(3);
        var (one, other) = (Story.Of(here.Wait()), Story.Of(there.Wait()));
        here.Tick();
        there.Tick();
        await Place.Settles();
        Assert.That((one.IsOver, other.IsOver), Is.EqualTo((false, false)));
        here.Tick();
        await Place.Settles();
        Assert.That((one.IsCompleted, other.IsCompleted), Is.EqualTo((true, true)));
    });

    [Test]
    public void From_none_it_is_set_from_the_start() => Place.Run(async () => await Place.Countdowns(0).There.Wait());

    [Test]
    public void It_stays_set_and_further_ticks_change_nothing() => Place.Run(async () =>
    {
        var (here, there) = Place.Countdowns(1);
        here.Tick();
        await here.Wait();
        there.Tick();
        here.Tick();
        await Place.Settles();
        await there.Wait(TimeSpan.Zero);
    });

    [Test]
    public void Latecomers_do_not_wait() => Place.Run(async () =>
    {
        var (here, there) = Place.Countdowns(2);
        here.Tick();
        here.Tick();
        await Place.Settles();
        await there.Wait();
    });

    [Test]
    public void Ticked_and_awaited_in_one_breath_it_is_set() => Place.Run(async () =>
    {
        var here = Place.Countdowns(1).Here;
        here.Tick();
        await here.Wait();
    });

    [Test]
    public void Ticks_of_many_loops_all_count() => Place.Run(async () =>
    {
        var (here, there) = Place.Countdowns(100);
        for (var i = 0; i < 50; i++)
        {
            _ = Hub.Fork(here.Tick);
            _ = Hub.Fork(there.Tick);
        }

        await here.Wait(TimeSpan.FromSeconds(20));
        await there.Wait(TimeSpan.FromSeconds(20));
    });

    [Test]
    public void Now_or_never_is_never_when_a_tick_is_missing() => Place.Run(async () =>
    {
        var (here, there) = Place.Countdowns(2);
        here.Tick();
        await Place.Settles();
        Assert.That(await Failure(there.Wait(TimeSpan.Zero)), Is.InstanceOf<TimeoutException>());
        there.Tick();
        await Place.Settles();
        await here.Wait(TimeSpan.Zero);
    });

    [Test]
    public void Who_has_waited_long_enough_is_told_and_not_before() => Place.Run(async () =>
    {
        var began = Hub.Now;
        Assert.That(await Failure(Place.Countdowns(1).Here.Wait(Short)), Is.InstanceOf<TimeoutException>());
        Assert.That(Hub.Now - began, Is.GreaterThanOrEqualTo(Short));
    });

    [Test]
    public void A_time_before_now_is_refused_by_the_call() =>
        Assert.That(() => Place.Countdowns(1).Here.Wait(TimeSpan.FromSeconds(-2)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_count_below_none_is_refused_by_the_call() => Assert.That(() => Place.Countdowns(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Who_loses_a_race_leaves_nothing_behind() => Place.Run(async () =>
    {
        var (here, there) = Place.Countdowns(1);
        Assert.That((await First.Of(here.Wait(), Hub.Sleep(Short))).IsSecond);
        there.Tick();
        await here.Wait();
    });

    [Test]
    public void Who_has_left_is_told_nothing() => Place.Run(async () =>
    {
        var (here, there) = Place.Countdowns(1);
        var story = Story.Of(here.Wait());
        await Place.Settles();
        story.Subscription!.Dispose();
        there.Tick();
        await Place.Settles();
        Assert.That(story.IsOver, Is.False);
    });

    [Test]
    public void Each_tick_of_a_thousand_counts_once_though_it_is_sent_three_times() => Place.Run(async () =>
    {
        if (Place.IsLocal)
        {
            return;
        }

        const int Count = 1000;
        var programs = new[] { 0, 1 }.Select(which => (RedisCountdown)Place.Program(which).Countdown("many", Count)).ToArray();
        var seen = Story.Of(programs[0].Remaining);
        var reached = Story.Of(programs[1].Wait());
        await Place.Settles();
        for (var i = 0; i < (3 * Count) - 3; i++)
        {
            programs[i % 2].Tick($"{i % (Count - 1)}");
        }

        Assert.That(await programs[0].TickAsync("0"), Is.EqualTo(1));
        Assert.That(await programs[1].TickAsync("5"), Is.EqualTo(1));
        Assert.That(reached.IsOver, Is.False);
        Assert.That(await programs[1].TickAsync("the last"), Is.Zero);
        await Place.Settles();
        Assert.That((reached.IsCompleted, seen.IsCompleted, seen.Last, seen.Values.Count(left => left == 0)), Is.EqualTo((true, true, 0, 1)));
        Assert.That(seen.Values, Is.Ordered.Descending);
    });
}
