using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class SleepTests
{
    [Test]
    public void Sleep_wakes_after_its_time() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hub.Fork(async () => await t.Hub.Sleep(TimeSpan.FromSeconds(2)))).ToBe("2s |"));

    [Test]
    public void Sleep_of_nothing_gives_way_for_one_turn()
    {
        using var world = new World();
        var order = new List<string>();
        world.Hub.Fork(async () =>
        {
            order.Add("A1");
            await world.Hub.Sleep();
            order.Add("A2");
        });
        world.Hub.Fork(() => order.Add("B"));
        world.Settle();
        Assert.That(order, Is.EqualTo(new[] { "A1", "B", "A2" }));
    }

    [Test]
    public void Sleep_is_cold()
    {
        using var world = new World();
        var sleep = world.Hub.Sleep(TimeSpan.FromSeconds(1));
        world.Passes(5);
        var story = world.Watch(sleep);
        Assert.That(story.ToString(), Is.Empty);
        world.Passes(1);
        Assert.That(story.ToString(), Is.EqualTo("() |"));
    }

    [Test]
    public void An_unsubscribed_sleep_wakes_nobody()
    {
        using var world = new World();
        var story = world.Watch(world.Hub.Sleep(TimeSpan.FromSeconds(1)));
        world.Do(() => story.Subscription!.Dispose()).Passes(5);
        Assert.That(story.ToString(), Is.Empty);
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_token_ends_the_sleep(double seconds)
    {
        using var world = new World();
        using var source = new CancellationTokenSource();
        var story = new Story<System.Reactive.Unit>();
        world.Do(() =>
        {
            world.Hub.Sleep(TimeSpan.FromSeconds(seconds), source.Token).Subscribe(story);
            source.Cancel();
        });
        Assert.That(((OperationCanceledException)story.Error!).CancellationToken, Is.EqualTo(source.Token));
    }

    [Test]
    public void A_token_cancelled_before_ends_the_sleep_at_once()
    {
        using var world = new World();
        var story = world.Watch(world.Hub.Sleep(TimeSpan.FromSeconds(1), new CancellationToken(canceled: true)));
        Assert.That(story.ToString(), Is.EqualTo("#OperationCanceledException"));
    }

    [Test]
    public void A_negative_sleep_is_refused() =>
        Assert.That(() => new World().Hub.Sleep(TimeSpan.FromTicks(-1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
