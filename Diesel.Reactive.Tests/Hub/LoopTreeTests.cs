namespace Diesel.Reactive.Tests;

/// <summary>What the loops of a hub do, as data, as text and as events.</summary>
public class LoopTreeTests
{
    private static readonly Backoff EachSecond = new() { First = TimeSpan.FromSeconds(1), Factor = 1, Jitter = false };

    [Test]
    public void A_tree_tells_of_each_loop_how_long_it_does_what()
    {
        using var world = new World();
        var queue = new AsyncQueue<int>(capacity: 10, hub: world.Hub);
        world.Runs(async () =>
        {
            _ = Loop.Current!.ForkChild(static () => throw new FormatException("no number"), "crasher").KeepAlive(EachSecond);
            _ = Loop.Current!.ForkChild(async () => await queue.Get(), "worker").ForkChild(Observable.Never<int>(), "grandchild");
            await First.Of(world.Hub.Sleep(TimeSpan.FromHours(1)), queue.Get());
        }, "boss");
        world.Runs(async () => await world.Hub.Sleep(TimeSpan.FromHours(1)), "alone");
        world.Passes(1.5);
        Assert.That(Text(world), Is.EqualTo("""
            alone  running for 1.# s; waits for a sleep of 01:00:00
            boss  running for 1.# s; waits for the first of a sleep of 01:00:00, waiting for an item of a queue of Int32 with 0 of 10 items
            ├ crasher  restarting for 0.# s; died 2 times, FormatException
            └ worker  running for 1.# s; waits for an item of a queue of Int32 with 0 of 10 items
              └ grandchild  running for 1.# s
            """));
    }

    [Test]
    public void A_loop_that_has_ended_is_not_in_the_tree_and_tells_of_itself()
    {
        using var world = new World();
        var (loop, _) = world.Runs(static () => Task.CompletedTask);
        world.Passes(2);
        Assert.That(Tree(world).Roots, Is.Empty);
        Assert.That((loop.GetStatus().State, Math.Round(loop.GetStatus().Since.TotalSeconds, 1)), Is.EqualTo((LoopState.Ended, 2.0)));
    }

    [Test]
    public void All_gives_parents_before_children()
    {
        using var world = new World();
        world.Runs(async () =>
        {
            _ = Loop.Current!.ForkChild(Observable.Never<int>(), "child");
            await world.Hub.Sleep(TimeSpan.FromHours(1));
        }, "parent");
        Assert.That(Tree(world).All().Select(static loop => loop.Name), Is.EqualTo(new[] { "parent", "child" }));
    }

    [TestCase(HubKind.Epoll)]
    [TestCase(HubKind.Portable)]
    public void A_tree_can_be_had_from_another_thread(HubKind kind)
    {
        using var hub = new EndingHub(kind);
        hub.Hub.Fork(Observable.Never<int>(), "ever");
        var tree = hub.Hub.Loops().AsTask().WaitAsync(Live.Patience).GetAwaiter().GetResult();
        Assert.That(tree.Roots.Single().Name, Is.EqualTo("ever"));
    }

    [Test]
    public void A_hub_that_has_ended_has_no_tree()
    {
        using var hub = new EndingHub(HubKind.Epoll);
        hub.Hub.Dispose();
        Assert.That(EndingHub.End(hub.Hub.Loops().AsTask()), Is.EqualTo("#ObjectDisposedException"));
    }

    [Test]
    public void Names_with_line_ends_do_not_draw_loops_that_are_not_there()
    {
        using var world = new World();
        world.Hub.Fork(Observable.Never<int>(), "a\nb");
        world.Settle();
        Assert.That(Tree(world).ToString(), Does.StartWith("a b  running"));
    }

    [Test]
    public void Events_tell_of_lives_and_deaths()
    {
        using var world = new World();
        var events = world.Watch(world.Hub.LoopEvents().Select(static each => each.ToString()));
        var lives = 0;
        world.Runs(async () =>
        {
            _ = Loop.Current!.ForkChild(static () => { }, "child");
            await world.Hub.Sleep(TimeSpan.FromSeconds(0.25));
            _ = lives++ == 1 ? true : throw new FormatException("no\nnumber");
        }, "loop").Loop.KeepAlive(EachSecond, new RestartLimit(1, TimeSpan.FromHours(1)));
        world.Passes(5);
        Assert.That(events.Values, Is.EqualTo(new[]
        {
            "loop 'loop' has begun",
            "loop 'child' has begun",
            "loop 'child' has ended",
            "loop 'loop' has died for the first time and begins again in 1 s: FormatException: no number",
            "loop 'loop' has begun",
            "loop 'child' has begun",
            "loop 'child' has ended",
            "loop 'loop' has ended: RestartLimitException: loop 'loop' died again after 1 restarts within 3600 s and was given up; it has died 2 times. See the inner exception for the last cause.",
        }));
    }

    [Test]
    public void An_observer_of_events_that_throws_harms_no_loop()
    {
        using var world = new World();
        var ran = false;
        using var thrown = world.Hub.LoopEvents().Subscribe(static _ => throw new FormatException());
        world.Runs(() => Task.FromResult(ran = true));
        Assert.That((ran, world.Trouble), Is.EqualTo((true, "FormatException")));
    }

    [Test]
    public void The_time_that_each_loops_code_takes_is_measured_on_request()
    {
        using var world = new World();
        var measuring = world.Hub.MeasureLoops();
        var (busy, _) = world.Runs(() => Works(0.5, times: 3));
        var (lazy, _) = world.Runs(() => Works(0.1, times: 1));
        world.Passes(60);
        Assert.That((busy.HubTime.TotalSeconds, lazy.HubTime.TotalSeconds), Is.EqualTo((1.5, 0.1)));
        measuring.Dispose();
        var (free, _) = world.Runs(() => Works(0.5, times: 3));
        world.Passes(60);
        Assert.That(free.HubTime, Is.EqualTo(TimeSpan.Zero));

        // Nothing takes time in virtual time unless it says so.
        async Task Works(double seconds, int times)
        {
            for (var i = 0; i < times; i++)
            {
                world.Clock.Sleep(TimeSpan.FromSeconds(seconds).Ticks);
                await world.Hub.Sleep(TimeSpan.FromSeconds(1));
            }
        }
    }

    private static LoopTree Tree(World world) => world.Watch(world.Hub.Loops()).Last;

    // Of a time only whole seconds.
    private static string Text(World world) => System.Text.RegularExpressions.Regex.Replace(Tree(world).ToString(), @"(\d)\.\d+ s", "$1.# s");
}
