using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What goes wrong in a simulation where nobody looks fails it, and says so.</summary>
public class UnseenInSimulationTests
{
    [Test]
    public void An_exception_in_a_forked_loop([Values] bool isAlone) => Fails(isAlone, static sim =>
    {
        sim.HubOn("a").Fork(async () =>
        {
            await sim.HubOn("a").Sleep(TimeSpan.FromSeconds(1));
            throw new FormatException("lost");
        });
        sim.Pass(TimeSpan.FromSeconds(2));
    }, "Code on a hub failed", "FormatException: lost", "IgnoreHubErrors");

    [Test]
    public void One_that_is_meant_does_not() => Simulation.Run(10, static sim =>
    {
        sim.IgnoreHubErrors = true;
        sim.HubOn("a").Fork(static () => throw new FormatException("meant"));
        sim.Pass(TimeSpan.FromSeconds(2));
        sim.Check(sim.Errors.Count == 1);
    });

    [Test]
    public void What_the_network_does_is_no_failure() => Simulation.Run(10, static sim =>
    {
        sim.HubOn("a").Fork(async () => await Tcp.Connect("b", 7, null, sim.HubOn("a")));
        _ = sim.HubOn("b");
        sim.Pass(TimeSpan.FromSeconds(2));
        sim.Check(sim.Errors.Count == 1 && sim.Errors[0].Kind != HubErrorKind.Code);
    });

    [Test]
    public void A_forgotten_task_that_throws([Values] bool isAlone) => Fails(isAlone, static sim =>
    {
        async Task Throws()
        {
            await Task.Delay(TimeSpan.FromSeconds(1), sim.Scheduler.TimeProvider);
            throw new FormatException("lost");
        }

        _ = Throws();
        sim.Pass(TimeSpan.FromSeconds(2));
    }, "A task that nobody awaits failed: FormatException: lost");

    [Test]
    public void A_Task_Run([Values] bool isAlone) => Fails(isAlone, static sim =>
    {
        Forget(static () => { });
        sim.Pass(TimeSpan.FromSeconds(2));
    }, "A real scheduler leaked into virtual time: work ran on another thread, by Task.Run");

    [Test]
    public void A_real_delay_in_a_loop([Values] bool isAlone, [Values] bool hasContext) => Fails(isAlone, sim =>
    {
        sim.HubOn("a").Fork(async () => await Task.Delay(60_000).ConfigureAwait(hasContext));
        sim.Pass(TimeSpan.FromSeconds(2));
    }, "A real timer leaked into virtual time: Task.Delay is still to come when the run is over", "t.TimeProvider");

    [Test]
    public void A_real_delay_that_several_wait_for_or_that_is_one_of_several([Values] bool isOneOfSeveral) => Fails(isAlone: true, sim =>
    {
        var delay = Task.Delay(60_000);
        sim.HubOn("a").Fork(async () => await (isOneOfSeveral ? Task.WhenAny(delay, new TaskCompletionSource().Task) : delay).ConfigureAwait(false));
        sim.HubOn("b").Fork(async () => await (isOneOfSeveral ? Task.CompletedTask : delay).ConfigureAwait(false));
        sim.Pass(TimeSpan.FromSeconds(2));
    }, "A real timer leaked into virtual time: Task.Delay is still to come when the run is over");

    [Test]
    public void A_timer_of_the_system_that_has_fired_and_touched_nothing_is_no_harm() => Simulation.Run(5, static sim =>
    {
        using var fired = new ManualResetEventSlim();
        using var timer = new Timer(_ => fired.Set(), null, 0, Timeout.Infinite);
        fired.Wait();
        sim.Pass(TimeSpan.FromSeconds(2));
    });

    [Test]
    public void What_throws_when_it_is_left_at_the_end() => Fails(isAlone: true, static sim =>
    {
        sim.Record("told", Observable.Create<int>(static _ => static () => throw new FormatException("left")));
        sim.Pass(TimeSpan.FromSeconds(2));
    }, "left");

    [Test]
    public void A_timer_of_the_system([Values] bool isAlone)
    {
        var timers = new List<Timer>();
        Fails(isAlone, sim =>
        {
            lock (timers)
            {
                timers.Add(new Timer(static _ => { }, null, 60_000, Timeout.Infinite));
            }
        }, "A real timer leaked into virtual time: a System.Threading.Timer is still to come");
        timers.ForEach(static timer => timer.Dispose());
    }

    [Test]
    public void The_seed_is_told_whose_failure_nobody_saw() => Assert.That(
        Assert.Throws<SimulationFailedException>(static () => Simulation.Run(200, static sim =>
        {
            if (sim.Seed is 37 or 61)
            {
                _ = Task.FromException(Thrown(sim.Seed));
            }
        }))!.Message,
        Does.StartWith("Seed 37 fails").And.Contain("A task that nobody awaits failed: FormatException: 37"));

    [Test]
    public void Trouble_for_a_host_without_a_hub([Values] bool isLink) => Fails(isAlone: true, sim =>
    {
        _ = sim.HubOn("a");
        if (isLink)
        {
            sim.Inject(FaultKind.Partition, "a", "servr", TimeSpan.FromSeconds(1));
        }
        else
        {
            sim.Inject(FaultKind.Silence, "servr", TimeSpan.FromSeconds(1));
        }

        sim.Pass(TimeSpan.FromSeconds(2));
    }, "Trouble was injected for the host 'servr', and no hub ever ran there");

    [Test]
    public void A_hub_that_comes_later_is_in_time() => Simulation.Run(10, static sim =>
    {
        sim.Inject(FaultKind.Silence, "a", TimeSpan.FromSeconds(1));
        _ = sim.HubOn("a");
        sim.Pass(TimeSpan.FromSeconds(2));
    });

    [Test]
    public void What_a_scenario_tells_after_its_end_is_a_failure() => Fails(isAlone: true, static sim =>
    {
        var subject = new Subject<int>();
        sim.Record("told", subject);
        Forget(() => subject.OnNext(1));
    }, "by Task.Run");

    // It has begun, so that no pool that is busy with other tests makes a difference.
    private static void Forget(Action act)
    {
        using var begun = new ManualResetEventSlim();
        _ = Task.Run(() =>
        {
            begun.Set();
            act();
        });
        begun.Wait();
    }

    private static FormatException Thrown(int seed)
    {
        try
        {
            throw new FormatException($"{seed}");
        }
        catch (FormatException error)
        {
            return error;
        }
    }

    private static void Fails(bool isAlone, Action<Simulation> scenario, params string[] because)
    {
        var message = Assert.Catch(() => _ = isAlone ? Simulation.Once(0, scenario) : (object)Simulation.Run(20, scenario))!.Message
            .ReplaceLineEndings(" ").Replace("   ", " ", StringComparison.Ordinal);
        Assert.That(because.Where(part => !message.Contains(part, StringComparison.Ordinal)), Is.Empty, message);
    }
}
