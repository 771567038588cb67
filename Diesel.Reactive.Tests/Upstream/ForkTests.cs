namespace Diesel.Reactive.Tests;

/// <summary>What diesel's <c>test_fork</c> asks for, and the traps that it did not.</summary>
public class ForkTests
{
    [Test]
    public void A_fork_runs()
    {
        using var world = new World();
        var ran = false;
        world.Hub.Fork(() => ran = true);
        world.Settle();
        Assert.That(ran);
    }

    [Test]
    public void Ten_thousand_forks_start()
    {
        using var live = new Live();
        var begun = new Countdown(10_000, live.Hub);
        live.Run(async () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                _ = live.Hub.Fork(begun.Tick);
            }

            await begun.Wait(TimeSpan.FromSeconds(8));
        });
    }

    [Test]
    public void A_child_is_told_of_its_parents_end([Values] bool fails)
    {
        using var world = new World();
        var told = false;
        world.Runs(async () =>
        {
            _ = Loop.Current!.ForkChild(async () =>
            {
                try
                {
                    await world.Hub.Sleep(TimeSpan.FromHours(1));
                }
                catch (OperationCanceledException)
                {
                    told = true;
                }
            });
            await world.Hub.Sleep();
            if (fails)
            {
                throw new FormatException();
            }
        });
        Assert.That(told);
    }

    [Test]
    public void A_loop_that_is_kept_alive_begins_again([Values] bool fails)
    {
        using var world = new World();
        var begun = 0;
        world.Hub.Fork(() =>
        {
            begun++;
            if (fails)
            {
                throw new FormatException();
            }
        }).KeepAlive(HalfASecond);
        world.Passes(1.6);
        Assert.That(begun, Is.EqualTo(4));
    }

    [Test]
    public void A_child_that_is_kept_alive_keeps_its_parent()
    {
        using var world = new World();
        var parents = new HashSet<Loop?>();
        var child = default(Loop);
        var (parent, _) = world.Runs(async () =>
        {
            child = Loop.Current!.ForkChild(() => { parents.Add(Loop.Current!.Parent); }).KeepAlive(HalfASecond);
            await world.Hub.Sleep(TimeSpan.FromHours(1));
        });
        world.Passes(1.6);
        Assert.That((child!.Deaths, parents.Single()), Is.EqualTo((4, parent)));
    }

    [Test]
    public void A_child_that_is_kept_alive_ends_with_its_parent([Values] bool fails)
    {
        using var world = new World();
        var begun = 0;
        var (_, _) = world.Runs(async () =>
        {
            _ = Loop.Current!.ForkChild(async () =>
            {
                begun++;
                await world.Hub.Sleep(TimeSpan.FromHours(1));
            }).KeepAlive(HalfASecond);
            await world.Hub.Sleep(TimeSpan.FromSeconds(1));
            if (fails)
            {
                throw new FormatException();
            }
        });
        world.Passes(10);
        Assert.That(begun, Is.EqualTo(1));
    }

    [Test]
    public void A_child_in_its_pause_ends_with_its_parent()
    {
        using var world = new World();
        var begun = 0;
        var child = default(Loop);
        var (_, _) = world.Runs(async () =>
        {
            child = Loop.Current!.ForkChild(() => { begun++; }).KeepAlive(HalfASecond);
            await world.Hub.Sleep(TimeSpan.FromSeconds(0.75));
        });
        world.Passes(0.7);
        Assert.That(child!.State, Is.EqualTo(LoopState.Restarting));
        world.Passes(10);
        Assert.That((begun, child.State), Is.EqualTo((2, LoopState.Ended)));
    }

    [Test]
    public void A_child_that_has_not_begun_never_does_when_its_parent_ends()
    {
        using var world = new World();
        var begun = 0;
        world.Hub.Fork(() => { Loop.Current!.ForkChild(() => { begun++; }).KeepAlive(HalfASecond); });
        world.Passes(10);
        Assert.That(begun, Is.Zero);
    }

    private static Backoff HalfASecond { get; } = new() { First = TimeSpan.FromSeconds(0.5), Factor = 1, Jitter = false };
}
