using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

public class LoopTests
{
    [Test]
    public void A_loop_begins_after_its_caller_has_given_way()
    {
        using var world = new World();
        var order = new List<string>();
        world.Do(() =>
        {
            var loop = world.Hub.Fork(() => order.Add("loop"));
            order.Add($"caller {loop.IsRunning}");
        });
        Assert.That(order, Is.EqualTo(new[] { "caller False", "loop" }));
    }

    [Test]
    public void Joining_waits_for_the_end()
    {
        using var world = new World();
        var (loop, end) = world.Runs(async () => await world.Hub.Sleep(TimeSpan.FromSeconds(1)));
        Assert.That((end.ToString(), loop.IsRunning), Is.EqualTo(("", true)));
        world.Passes(1);
        Assert.That((end.ToString(), loop.IsRunning), Is.EqualTo(("|", false)));
    }

    [Test]
    public void Joining_a_loop_that_has_ended_completes_at_once()
    {
        using var world = new World();
        var (loop, _) = world.Runs(() => Task.CompletedTask);
        Assert.That(world.Watch(loop).ToString(), Is.EqualTo("|"));
    }

    [Test]
    public void A_loop_is_awaited()
    {
        using var world = new World();
        var order = new List<string>();
        world.Runs(async () =>
        {
            await world.Hub.Fork(async () =>
            {
                await world.Hub.Sleep(TimeSpan.FromSeconds(1));
                order.Add("child");
            }).Ended;
            order.Add("parent");
        });
        world.Passes(2);
        Assert.That(order, Is.EqualTo(new[] { "child", "parent" }));
    }

    [Test]
    public void A_loop_that_fails_tells_those_who_joined_and_harms_no_other()
    {
        using var world = new World();
        var (_, good) = world.Runs(async () => await world.Hub.Sleep(TimeSpan.FromSeconds(1)));
        var (_, bad) = world.Runs(async () =>
        {
            await world.Hub.Sleep();
            throw new FormatException("no number");
        });
        world.Passes(1);
        Assert.That((bad.ToString(), good.ToString(), world.Trouble), Is.EqualTo(("#FormatException", "|", "")));
    }

    [Test]
    public void An_error_names_its_loop()
    {
        using var world = new World();
        world.Runs(static () => throw new FormatException("no number"), name: "parser");
        Assert.That(world.Errors.Single().ToString(), Is.EqualTo("loop 'parser': FormatException: no number"));
    }

    [Test]
    public void A_loop_is_named_after_its_method()
    {
        using var world = new World();
        Assert.That(world.Hub.Fork(Idle).ToString(), Is.EqualTo("loop 'Idle'"));
    }

    [Test]
    public void A_killed_loop_gets_OperationCanceledException_from_its_sleep_and_runs_its_finally_blocks()
    {
        using var world = new World();
        var story = new List<string>();
        var (loop, end) = world.Runs(async () =>
        {
            try
            {
                await world.Hub.Sleep(TimeSpan.FromHours(1));
            }
            catch (OperationCanceledException killed)
            {
                story.Add(killed.Message);
                throw;
            }
            finally
            {
                story.Add("finally");
            }
        }, name: "sleeper");
        world.Do(loop.Dispose);
        Assert.That(story, Is.EqualTo(new[] { "loop 'sleeper' was ended while it waited for a sleep of 01:00:00.", "finally" }));
        Assert.That((end.ToString(), world.Trouble), Is.EqualTo(("|", "")));
    }

    [Test]
    public void A_killed_loop_leaves_the_bytes_it_was_reading()
    {
        var wire = new Wire();
        var (loop, _) = wire.World.Runs(async () => await wire.Connection.Read(Framing.UntilEol()));
        wire.Peer.Sends("HAL");
        wire.World.Do(loop.Dispose);
        wire.Peer.Sends("LO\r\n");
        Assert.That(wire.Lines().ToString(), Is.EqualTo("HALLO"));
    }

    [Test]
    public void A_killed_loop_gets_the_exception_from_each_later_wait_too()
    {
        using var world = new World();
        var waits = 0;
        var (loop, _) = world.Runs(async () =>
        {
            while (waits < 3)
            {
                try
                {
                    await world.Hub.Sleep(TimeSpan.FromHours(1));
                }
                catch (OperationCanceledException)
                {
                    waits++;
                }
            }
        });
        world.Do(loop.Dispose);
        Assert.That(waits, Is.EqualTo(3));
    }

    [Test]
    public void A_killed_loop_takes_no_frame_that_is_ready()
    {
        var wire = new Wire();
        wire.Watch(c => c.Read(Framing.UntilEol()));
        wire.Peer.Sends("A\r\nB\r\n");
        wire.World.Runs(async () =>
        {
            Loop.Current!.Dispose();
            await wire.Connection.Read(Framing.UntilEol());
        });
        Assert.That(wire.Lines().ToString(), Is.EqualTo("B"));
    }

    [Test]
    public void A_loop_killed_before_it_began_never_runs()
    {
        using var world = new World();
        var ran = false;
        world.Do(() => world.Hub.Fork(() => ran = true).Dispose());
        Assert.That(ran, Is.False);
    }

    [Test]
    public void A_loop_that_fails_while_it_is_killed_shows_in_Errors()
    {
        using var world = new World();
        var (loop, end) = world.Runs(async () =>
        {
            try
            {
                await world.Hub.Sleep(TimeSpan.FromHours(1));
            }
            catch (OperationCanceledException)
            {
                throw new FormatException();
            }
        });
        world.Do(loop.Dispose);
        Assert.That((end.ToString(), world.Trouble), Is.EqualTo(("|", "FormatException")));
    }

    [Test]
    public void Killing_an_observable_unsubscribes_it()
    {
        using var world = new World();
        using var subject = new Subject<int>();
        var (loop, end) = world.Joined(world.Hub.Fork(subject));
        Assert.That(subject.HasObservers, Is.True);
        world.Do(loop.Dispose);
        Assert.That((subject.HasObservers, end.ToString()), Is.EqualTo((false, "|")));
    }

    [Test]
    public void An_observable_loop_ends_with_it()
    {
        using var world = new World();
        var (_, end) = world.Joined(world.Hub.Fork(Observable.Range(1, 3)));
        var (_, failed) = world.Joined(world.Hub.Fork(Observable.Throw<int>(new FormatException())));
        Assert.That((end.ToString(), failed.ToString(), world.Trouble), Is.EqualTo(("|", "#FormatException", "FormatException")));
    }

    [Test]
    public void Token_is_cancelled_when_the_loop_is_killed()
    {
        using var world = new World();
        var (loop, _) = world.Joined(world.Hub.Fork(token => new TaskCompletionSource().Task.WaitAsync(token)));
        var token = loop.Token;
        Assert.That(token.IsCancellationRequested, Is.False);
        world.Do(loop.Dispose);
        Assert.That((token.IsCancellationRequested, world.Trouble), Is.EqualTo((true, "")));
    }

    [Test]
    public void Token_of_a_loop_that_has_ended_is_cancelled()
    {
        using var world = new World();
        var (loop, _) = world.Runs(() => Task.CompletedTask);
        Assert.That(loop.Token.IsCancellationRequested, Is.True);
    }

    [Test]
    public void A_loop_knows_itself()
    {
        using var world = new World();
        Loop? inside = null;
        var (loop, _) = world.Runs(async () =>
        {
            await world.Hub.Sleep();
            inside = Loop.Current;
        });
        Assert.That((inside, Loop.Current), Is.EqualTo((loop, (Loop?)null)));
    }

    [Test]
    public void A_token_callback_that_throws_shows_and_the_loop_ends_all_the_same()
    {
        using var world = new World();
        var cleaned = false;
        var (loop, end) = world.Runs(async () =>
        {
            Loop.Current!.Token.Register(static () => throw new FormatException());
            try
            {
                await world.Hub.Sleep(TimeSpan.FromHours(1));
            }
            finally
            {
                cleaned = true;
            }
        });
        world.Do(loop.Dispose);
        Assert.That((cleaned, end.ToString(), world.Trouble), Is.EqualTo((true, "|", "FormatException")));
    }

    [Test]
    public void A_loop_may_be_killed_from_another_thread()
    {
        using var live = new Live();
        var loop = live.Hub.Fork(async () => await live.Hub.Sleep(TimeSpan.FromHours(1)));
        var ended = Task.Run(async () => await loop.Ended);
        loop.Dispose();
        Assert.That(() => live.Await(ended), Throws.Nothing);
    }

    private static Task Idle() => Task.CompletedTask;
}
