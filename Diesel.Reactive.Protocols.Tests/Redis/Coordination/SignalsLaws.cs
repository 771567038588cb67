namespace Diesel.Reactive.Tests;

/// <summary>What holds for all <see cref="ISignals"/>.</summary>
[TestFixture(typeof(LocalPlace))]
[TestFixture(typeof(VirtualPlace))]
[TestFixture(typeof(ServerPlace))]
public class SignalsLaws<TPlace> : PlaceLaws<TPlace>
    where TPlace : SharedPlace, new()
{
    private static readonly Topic<int> Numbers = new("numbers");
    private static readonly Topic<string> Words = new("words");

    private ISignals Here => Place.Signals().Here;

    private ISignals There => Place.Signals().There;

    [Test]
    public void All_who_wait_get_the_value_wherever_it_is_fired() => Place.Run(async () =>
    {
        var all = new[] { Story.Of(Here.Wait(Numbers)), Story.Of(Here.Wait(Numbers)), Story.Of(There.Wait(Numbers)) };
        await Place.Settles();
        There.Fire(Numbers, 7);
        await Place.Settles();
        Assert.That(all.Select(one => $"{one}"), Is.All.EqualTo("7 |"));
    });

    [Test]
    public void What_is_fired_while_nobody_waits_is_lost() => Place.Run(async () =>
    {
        Here.Fire(Numbers, 1);
        await Place.Settles();
        var story = Story.Of(There.Wait(Numbers));
        await Place.Settles();
        Assert.That(story.IsOver, Is.False);
    });

    [Test]
    public void A_wait_gets_one_value() => Place.Run(async () =>
    {
        var story = Story.Of(Here.Wait(Numbers));
        await Place.Settles();
        There.Fire(Numbers, 1);
        There.Fire(Numbers, 2);
        await Place.Settles();
        Assert.That($"{story}", Is.EqualTo("1 |"));
    });

    [Test]
    public void Who_listens_gets_all_in_the_order_of_who_fired() => Place.Run(async () =>
    {
        var (here, there) = (Story.Of(Here.On(Numbers)), Story.Of(There.On(Numbers)));
        await Place.Settles();
        for (var i = 0; i < 50; i++)
        {
            Here.Fire(Numbers, i);
        }

        await Place.Settles();
        Assert.That((here.Values, there.Values), Is.EqualTo((Enumerable.Range(0, 50), Enumerable.Range(0, 50))));
        Assert.That((here.IsOver, there.IsOver), Is.EqualTo((false, false)));
    });

    [Test]
    public void Topics_are_apart_by_name() => Place.Run(async () =>
    {
        var story = Story.Of(Here.On(Numbers));
        await Place.Settles();
        There.Fire(new Topic<int>("others"), 1);
        There.Fire(Numbers, 2);
        await Place.Settles();
        Assert.That($"{story}", Is.EqualTo("2"));
    });

    [Test]
    public void Topics_of_one_name_are_apart_by_type() => Place.Run(async () =>
    {
        var story = Story.Of(Here.On(Numbers));
        await Place.Settles();
        There.Fire(new Topic<string>(Numbers.Name), "1");
        There.Fire(Numbers, 2);
        await Place.Settles();
        Assert.That($"{story}", Is.EqualTo("2"));
    });

    [Test]
    public void Values_arrive_as_they_were() => Place.Run(async () =>
    {
        var story = Story.Of(Here.On(Words));
        await Place.Settles();
        There.Fire(Words, "");
        There.Fire(Words, "ä \r\n \"{}\"");
        await Place.Settles();
        Assert.That(story.Values, Is.EqualTo(new[] { "", "ä \r\n \"{}\"" }));
    });

    [Test]
    public void Zero_is_never() => Place.Run(async () => Assert.That(await Failure(Here.Wait(Numbers, TimeSpan.Zero)), Is.InstanceOf<TimeoutException>()));

    [Test]
    public void Who_has_waited_long_enough_is_told_and_not_before() => Place.Run(async () =>
    {
        var began = Hub.Now;
        Assert.That(await Failure(Here.Wait(Numbers, Short)), Is.InstanceOf<TimeoutException>().With.Message.Contains("numbers"));
        Assert.That(Hub.Now - began, Is.GreaterThanOrEqualTo(Short));
    });

    [Test]
    public void A_time_before_now_and_no_topic_are_refused_by_the_call()
    {
        Assert.That(() => Here.Wait(Numbers, TimeSpan.FromSeconds(-2)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Here.Fire(null!, 1), Throws.ArgumentNullException);
        Assert.That(() => Here.On<int>(null!), Throws.ArgumentNullException);
    }

    [Test]
    public void Who_loses_a_race_leaves_nothing_behind() => Place.Run(async () =>
    {
        Assert.That((await First.Of(Here.Wait(Numbers), Hub.Sleep(Short))).IsSecond);
        var story = Story.Of(Here.Wait(Numbers));
        await Place.Settles();
        There.Fire(Numbers, 3);
        await Place.Settles();
        Assert.That($"{story}", Is.EqualTo("3 |"));
    });

    [Test]
    public void Who_has_left_is_told_nothing_and_the_others_are() => Place.Run(async () =>
    {
        var (leaves, stays) = (Story.Of(Here.On(Numbers)), Story.Of(Here.On(Numbers)));
        await Place.Settles();
        leaves.Subscription!.Dispose();
        There.Fire(Numbers, 1);
        await Place.Settles();
        Assert.That(($"{leaves}", $"{stays}"), Is.EqualTo(("", "1")));
    });

    [Test]
    public void Waiting_and_then_firing_in_one_breath_is_in_time() => Place.Run(async () =>
    {
        var story = Story.Of(Here.Wait(Numbers));
        await Place.Settles();
        var again = Story.Of(Here.Wait(Numbers));
        Here.Fire(Numbers, 4);
        await Place.Settles();
        Assert.That(($"{story}", $"{again}"), Is.EqualTo(("4 |", "4 |")));
    });
}
