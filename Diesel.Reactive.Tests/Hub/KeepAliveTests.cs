using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

/// <summary>Loops that begin again.</summary>
public class KeepAliveTests
{
    private static readonly Backoff EachSecond = new() { First = TimeSpan.FromSeconds(1), Factor = 1, Jitter = false };
    private static readonly Backoff Doubling = new() { First = TimeSpan.FromSeconds(1), Most = TimeSpan.FromSeconds(4), ResetAfter = TimeSpan.FromSeconds(10), Jitter = false };

    [Test]
    public void Each_pause_is_longer_than_the_one_before_up_to_the_longest()
    {
        using var world = new World();
        var begun = new List<double>();
        world.Hub.Fork(() => { begun.Add(Math.Round(world.Now, 2)); }).KeepAlive(Doubling);
        world.Passes(16);
        Assert.That(begun, Is.EqualTo(new[] { 0.0, 1, 3, 7, 11, 15 }).Within(0.01));
    }

    [Test]
    public void After_a_time_of_health_the_pauses_begin_anew()
    {
        using var world = new World();
        var begun = new List<double>();
        world.Hub.Fork(async () =>
        {
            begun.Add(Math.Round(world.Now, 2));
            await world.Hub.Sleep(TimeSpan.FromSeconds(begun.Count == 3 ? 10 : 0.5));
        }).KeepAlive(Doubling);
        world.Passes(17);
        Assert.That(begun, Is.EqualTo(new[] { 0.0, 1.5, 4, 15 }).Within(0.01));
    }

    [Test]
    public void A_death_shows_in_Errors_and_those_who_joined_hear_of_the_end_alone()
    {
        using var world = new World();
        var (loop, end) = world.Joined(world.Hub.Fork(static () => throw new FormatException(), "parser").KeepAlive(EachSecond));
        world.Passes(1.5);
        Assert.That((world.Trouble, world.Errors[0].Source, end.ToString()), Is.EqualTo(("FormatException FormatException", "loop 'parser'", "")));
        world.Do(loop.Dispose);
        Assert.That((end.ToString(), loop.State, loop.Deaths), Is.EqualTo(("|", LoopState.Ended, 2)));
    }

    [Test]
    public void One_that_dies_too_often_is_given_up()
    {
        using var world = new World();
        var begun = 0;
        var (loop, end) = world.Joined(world.Hub.Fork(() =>
        {
            begun++;
            throw new FormatException("no number");
        }, "parser").KeepAlive(EachSecond, new RestartLimit(3, TimeSpan.FromSeconds(10))));
        world.Passes(60);
        Assert.That((begun, loop.State, end.ToString()), Is.EqualTo((4, LoopState.Ended, "#RestartLimitException")));
        Assert.That(end.Error, Has.Message.EqualTo(
            "loop 'parser' died again after 3 restarts within 10 s and was given up; it has died 4 times. See the inner exception for the last cause."));
        Assert.That(end.Error!.InnerException, Is.InstanceOf<FormatException>());
    }

    [Test]
    public void Deaths_that_are_far_apart_are_not_too_many()
    {
        using var world = new World();
        var loop = world.Hub.Fork(async () => await world.Hub.Sleep(TimeSpan.FromSeconds(5)))
            .KeepAlive(EachSecond, new RestartLimit(2, TimeSpan.FromSeconds(10)));
        world.Passes(100);
        Assert.That((loop.State, loop.Deaths), Is.EqualTo((LoopState.Running, 16)));
    }

    [Test]
    public void Disposed_in_its_pause_it_never_begins_again()
    {
        using var world = new World();
        var begun = 0;
        var loop = world.Hub.Fork(() => { begun++; }).KeepAlive(EachSecond);
        world.Passes(0.5).Do(loop.Dispose).Passes(10);
        Assert.That((begun, loop.State), Is.EqualTo((1, LoopState.Ended)));
    }

    [Test]
    public void An_observable_is_subscribed_anew([Values] bool fails)
    {
        using var world = new World();
        using var source = new Subject<int>();
        var subscribed = 0;
        var end = fails ? Observable.Throw<int>(new FormatException()) : Observable.Empty<int>();
        world.Hub.Fork(Observable.Defer(() =>
        {
            subscribed++;
            return source.Merge(end).TakeUntil(end.Materialize());
        })).KeepAlive(EachSecond);
        world.Passes(2.5);
        Assert.That((subscribed, source.HasObservers), Is.EqualTo((3, false)));
    }

    [Test]
    public void A_death_ends_the_children_of_that_life()
    {
        using var world = new World();
        var children = new List<Loop>();
        world.Hub.Fork(async () =>
        {
            children.Add(Loop.Current!.ForkChild(Observable.Never<int>()).KeepAlive(EachSecond));
            await world.Hub.Sleep(TimeSpan.FromSeconds(1));
        }).KeepAlive(EachSecond);
        world.Passes(2.5);
        Assert.That(children.Select(static child => child.State), Is.EqualTo(new[] { LoopState.Ended, LoopState.Running }));
    }

    [Test]
    public void A_loop_in_its_pause_begins_no_children()
    {
        using var world = new World();
        var ran = false;
        var parent = world.Hub.Fork(static () => { }).KeepAlive(EachSecond);
        world.Passes(0.5).Do(() => { parent.ForkChild(() => { ran = true; }); }).Passes(5);
        Assert.That(ran, Is.False);
    }

    [Test]
    public void Each_life_has_a_token_of_its_own()
    {
        using var world = new World();
        var tokens = new List<CancellationToken>();
        world.Hub.Fork(token =>
        {
            tokens.Add(token);
            return tokens.Count == 1 ? throw new FormatException() : new TaskCompletionSource().Task.WaitAsync(token);
        }).KeepAlive(EachSecond);
        world.Passes(1.5);
        Assert.That(tokens.Select(static token => token.IsCancellationRequested), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void What_one_life_left_behind_waits_in_vain_in_the_next()
    {
        using var world = new World();
        var (gate, outcome, lives) = (new TaskCompletionSource(), "", 0);
        async Task Straggle()
        {
            await gate.Task;
            try
            {
                await world.Hub.Sleep(TimeSpan.FromSeconds(1));
                outcome = "slept";
            }
            catch (OperationCanceledException)
            {
                outcome = "cancelled";
            }
        }

        world.Hub.Fork(async () =>
        {
            _ = lives++ == 0 ? Straggle() : null;
            await world.Hub.Sleep(lives == 1 ? TimeSpan.Zero : TimeSpan.FromHours(1));
        }).KeepAlive(EachSecond);
        world.Passes(1.5);
        Assert.That(lives, Is.EqualTo(2));
        world.Do(gate.SetResult).Passes(5);
        Assert.That(outcome, Is.EqualTo("cancelled"));
    }

    [Test]
    public void One_that_had_come_to_its_end_begins_again_when_it_is_kept_alive()
    {
        using var world = new World();
        var begun = 0;
        var (loop, end) = world.Joined(world.Hub.Fork(() => { begun++; }));
        Assert.That((end.ToString(), begun), Is.EqualTo(("|", 1)));
        loop.KeepAlive(EachSecond);
        world.Passes(2.5);
        Assert.That((begun, loop.Deaths), Is.EqualTo((3, 3)));
    }

    [Test]
    public void One_that_was_disposed_stays_so_when_it_is_kept_alive([Values] bool ranBefore)
    {
        using var world = new World();
        var begun = 0;
        var loop = world.Do(() =>
        {
            var loop = world.Hub.Fork(() => { begun++; });
            if (!ranBefore)
            {
                loop.Dispose();
            }

            return loop;
        });
        world.Do(loop.Dispose).Do(() => { loop.KeepAlive(EachSecond); }).Passes(5);
        Assert.That((begun, loop.State), Is.EqualTo((ranBefore ? 1 : 0, LoopState.Ended)));
    }

    [Test]
    public void One_that_disposes_itself_has_ended()
    {
        using var world = new World();
        var begun = 0;
        var loop = world.Hub.Fork(() =>
        {
            begun++;
            Loop.Current!.Dispose();
        }).KeepAlive(EachSecond);
        world.Passes(5);
        Assert.That((begun, loop.State), Is.EqualTo((1, LoopState.Ended)));
    }

    [Test]
    public void A_handlers_loop_cannot_be_kept_alive()
    {
        var wire = new Wire();
        var refused = default(Exception);
        var service = wire.World.Starts(new TcpService(9, _ =>
        {
            refused = Assert.Throws<InvalidOperationException>(() => Loop.Current!.KeepAlive());
            return Task.CompletedTask;
        }, hub: wire.World.Hub));
        wire.World.Dials(service);
        Assert.That(refused!.Message, Does.EndWith("was not forked: it ends with its handler or its call. Fork one that is kept alive."));
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_hub_that_ends_ends_it_in_its_pause(HubKind kind)
    {
        using var hub = new EndingHub(kind);
        var died = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var events = hub.Hub.LoopEvents().Subscribe(each => _ = each.State == LoopState.Restarting && died.TrySetResult());
        var loop = hub.Hub.Fork(static () => { }).KeepAlive(new Backoff { First = TimeSpan.FromHours(1), Most = TimeSpan.FromHours(1), Jitter = false });
        hub.Settle();
        died.Task.WaitAsync(Live.Patience).GetAwaiter().GetResult();
        var ended = loop.Ended.AsTask();
        hub.Hub.Dispose();
        hub.Settle();
        Assert.That(EndingHub.End(ended), Is.EqualTo("#ObjectDisposedException"));
        Assert.That(hub.Errors, Is.Empty);
    }

    [Test]
    public void A_restart_limit_has_sensible_numbers()
    {
        Assert.That(() => new RestartLimit(0, TimeSpan.FromSeconds(1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new RestartLimit(1, TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static HubKind[] Kinds => Enum.GetValues<HubKind>();
}
