namespace Diesel.Reactive.Tests;

/// <summary>What holds for every <see cref="IEvent"/>.</summary>
[TestFixture(typeof(LocalPlace))]
[TestFixture(typeof(VirtualPlace))]
[TestFixture(typeof(ServerPlace))]
public class EventLaws<TPlace> : PlaceLaws<TPlace>
    where TPlace : SharedPlace, new()
{
    private IEvent Here => Place.Events().Here;

    private IEvent There => Place.Events().There;

    [Test]
    public void Wakes_all_who_wait_wherever_it_is_set() => Place.Run(async () =>
    {
        var all = new[] { Story.Of(Here.Wait()), Story.Of(Here.Wait()), Story.Of(There.Wait()) };
        await Place.Settles();
        Assert.That(all.Select(one => one.IsOver), Is.All.False);
        There.Set();
        await Place.Settles();
        Assert.That(all.Select(one => one.IsCompleted), Is.All.True);
    });

    [Test]
    public void Latecomers_do_not_wait() => Place.Run(async () =>
    {
        Here.Set();
        await Place.Settles();
        await There.Wait();
        await Here.Wait();
    });

    [Test]
    public void Set_and_awaited_in_one_breath_it_is_set() => Place.Run(async () =>
    {
        Here.Set();
        await Here.Wait();
    });

    [Test]
    public void Cleared_and_awaited_in_one_breath_it_is_cleared() => Place.Run(async () =>
    {
        Here.Set();
        await Here.Wait();
        Here.Clear();
        Assert.That(await Failure(Here.Wait(Short)), Is.InstanceOf<TimeoutException>());
    });

    [Test]
    public void Cleared_it_makes_those_wait_who_come_then() => Place.Run(async () =>
    {
        Here.Set();
        await There.Wait();
        There.Clear();
        await Place.Settles();
        var (here, there) = (Story.Of(Here.Wait()), Story.Of(There.Wait()));
        await Place.Settles();
        Assert.That((here.IsOver, there.IsOver), Is.EqualTo((false, false)));
        Here.Set();
        await Place.Settles();
        Assert.That((here.IsCompleted, there.IsCompleted), Is.EqualTo((true, true)));
    });

    [Test]
    public void Set_and_clear_is_a_pulse_that_wakes_those_who_wait_now() => Place.Run(async () =>
    {
        var (here, there) = (Story.Of(Here.Wait()), Story.Of(There.Wait()));
        await Place.Settles();
        Here.Set();
        Here.Clear();
        await Place.Settles();
        Assert.That((here.IsCompleted, there.IsCompleted), Is.EqualTo((true, true)));
        Assert.That(await Failure(There.Wait(TimeSpan.Zero)), Is.InstanceOf<TimeoutException>());
    });

    [Test]
    public void Now_or_never_is_never_when_it_is_not_set() => Place.Run(async () =>
    {
        Assert.That(await Failure(Here.Wait(TimeSpan.Zero)), Is.InstanceOf<TimeoutException>());
        Here.Set();
        await Place.Settles();
        await There.Wait(TimeSpan.Zero);
        await Here.Wait(TimeSpan.Zero);
    });

    [Test]
    public void Who_has_waited_long_enough_is_told_and_not_before() => Place.Run(async () =>
    {
        var began = Hub.Now;
        Assert.That(await Failure(Here.Wait(Short)), Is.InstanceOf<TimeoutException>());
        Assert.That(Hub.Now - began, Is.GreaterThanOrEqualTo(Short));
    });

    [Test]
    public void A_time_before_now_is_refused_by_the_call() => Assert.That(() => Here.Wait(TimeSpan.FromSeconds(-2)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Who_loses_a_race_leaves_nothing_behind() => Place.Run(async () =>
    {
        var won = await First.Of(Here.Wait(), Hub.Sleep(Short));
        Assert.That(won.IsSecond);
        Here.Set();
        await Here.Wait();
    });

    [Test]
    public void One_that_is_set_wins_a_race() => Place.Run(async () =>
    {
        Here.Set();
        await Place.Settles();
        Assert.That((await First.Of(There.Wait(), Hub.Sleep(TimeSpan.FromSeconds(20)))).IsFirst);
    });

    [Test]
    public void Each_subscription_waits_anew() => Place.Run(async () =>
    {
        var waiting = Here.Wait();
        var first = Story.Of(waiting);
        await Place.Settles();
        Here.Set();
        await Place.Settles();
        var second = Story.Of(waiting);
        await Place.Settles();
        Assert.That(($"{first}", $"{second}"), Is.EqualTo(("() |", "() |")));
    });

    [Test]
    public void Who_has_left_is_told_nothing() => Place.Run(async () =>
    {
        var story = Story.Of(Here.Wait());
        await Place.Settles();
        story.Subscription!.Dispose();
        There.Set();
        await Place.Settles();
        Assert.That(story.IsOver, Is.False);
    });

    [Test]
    public void Set_twice_it_is_set_and_one_clear_clears_it() => Place.Run(async () =>
    {
        Here.Set();
        Here.Set();
        Here.Clear();
        await Place.Settles();
        Assert.That(await Failure(There.Wait(TimeSpan.Zero)), Is.InstanceOf<TimeoutException>());
    });

    /// <summary>Weaker than local: of a clear and a set of two programs the last at the server wins, whatever was first by a clock.</summary>
    [Test]
    public void All_agree_in_the_end_when_a_clear_crosses_a_set() => Place.Run(async () =>
    {
        for (var i = 0; i < 20; i++)
        {
            Here.Set();
            There.Clear();
        }

        await Place.Settles();
        var (here, there) = (await Failure(Here.Wait(TimeSpan.Zero)), await Failure(There.Wait(TimeSpan.Zero)));
        Assert.That(here is null, Is.EqualTo(there is null));
    });
}
