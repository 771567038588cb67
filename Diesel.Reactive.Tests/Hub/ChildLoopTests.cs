using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary>A child ends with its parent, however the parent ends.</summary>
public class ChildLoopTests
{
    [Test]
    public void A_child_ends_when_its_parent_returns() => Assert.That(EndsWithParent(static () => Task.CompletedTask), Is.EqualTo("cancelled"));

    [Test]
    public void A_child_ends_when_its_parent_fails() => Assert.That(EndsWithParent(static () => throw new FormatException()), Is.EqualTo("cancelled"));

    [Test]
    public void A_child_ends_when_its_parent_is_killed() => Assert.That(
        EndsWithParent(static () =>
        {
            Loop.Current!.Dispose();
            return Task.CompletedTask;
        }),
        Is.EqualTo("cancelled"));

    [Test]
    public void A_child_that_has_not_begun_never_begins_when_its_parent_ends()
    {
        using var world = new World();
        var ran = false;
        world.Hub.Fork(() => { Loop.Current!.ForkChild(() => ran = true); });
        world.Settle();
        Assert.That(ran, Is.False);
    }

    [Test]
    public void A_child_of_a_parent_that_has_ended_never_begins([Values] bool fromOutside)
    {
        using var world = new World();
        var ran = false;
        var (parent, _) = world.Runs(static () => Task.CompletedTask);
        void Fork() => parent.ForkChild(() => ran = true);
        if (fromOutside)
        {
            Fork();
        }
        else
        {
            world.Hub.Schedule(Fork);
        }

        world.Settle();
        Assert.That(ran, Is.False);
    }

    [Test]
    public void Grandchildren_end_too()
    {
        using var world = new World();
        var ended = new List<string>();
        async Task Sleeps(string name)
        {
            try
            {
                await world.Hub.Sleep(TimeSpan.FromHours(1));
            }
            finally
            {
                ended.Add(name);
            }
        }

        var (parent, _) = world.Runs(async () =>
        {
            _ = Loop.Current!.ForkChild(async () =>
            {
                _ = Loop.Current!.ForkChild(() => Sleeps("grandchild"));
                await Sleeps("child");
            });
            await Sleeps("parent");
        });
        world.Do(parent.Dispose);
        Assert.That(ended, Is.EquivalentTo(new[] { "parent", "child", "grandchild" }));
    }

    [Test]
    public void A_child_that_fails_does_not_end_its_parent()
    {
        using var world = new World();
        var (parent, _) = world.Runs(async () =>
        {
            _ = Loop.Current!.ForkChild(static () => throw new FormatException(), "child");
            await world.Hub.Sleep(TimeSpan.FromSeconds(1));
        });
        Assert.That((parent.IsRunning, world.Errors.Single().Source), Is.EqualTo((true, "loop 'child'")));
    }

    [Test]
    public void A_child_that_ends_first_is_forgotten_by_its_parent()
    {
        using var world = new World();
        var (parent, end) = world.Runs(async () => await Loop.Current!.ForkChild(static () => { }).DefaultIfEmpty());
        Assert.That((end.ToString(), parent.IsRunning), Is.EqualTo(("|", false)));
    }

    [Test]
    public void A_child_knows_its_parent()
    {
        using var world = new World();
        var (parent, _) = world.Runs(async () => await world.Hub.Sleep(TimeSpan.FromHours(1)));
        Assert.That(parent.ForkChild(Observable.Never<int>()).Parent, Is.SameAs(parent));
    }

    [Test]
    public void A_joiner_of_a_child_that_throws_does_not_keep_the_rest_of_the_family()
    {
        using var world = new World();
        var cleaned = new List<string>();
        var (parent, end) = world.Runs(async () =>
        {
            foreach (var name in new[] { "first", "second" })
            {
                _ = Loop.Current!.ForkChild(async () =>
                {
                    try
                    {
                        await world.Hub.Sleep(TimeSpan.FromHours(1));
                    }
                    finally
                    {
                        cleaned.Add(name);
                    }
                }).Subscribe(static _ => { }, static () => throw new FormatException());
            }

            await world.Hub.Sleep(TimeSpan.FromHours(1));
        });
        world.Do(parent.Dispose);
        Assert.That((end.ToString(), string.Join(' ', cleaned), world.Trouble), Is.EqualTo(("|", "first second", "FormatException FormatException")));
    }

    private static string EndsWithParent(Func<Task> parentsEnd)
    {
        using var world = new World();
        var child = "runs";
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
                    child = "cancelled";
                }
            });
            await world.Hub.Sleep();
            await parentsEnd();
        });
        return child;
    }
}
