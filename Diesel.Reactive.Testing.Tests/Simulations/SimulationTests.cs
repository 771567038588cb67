using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class SimulationTests
{
    private static readonly int Seeds = Live.IsSoak ? 200_000 : 10_000;

    [Test]
    public void A_client_that_asks_again_gets_its_answers_under_every_schedule_of_faults()
    {
        var summary = Simulation.Run(Seeds, HollaScenario.Careful);
        Assert.That((summary.Runs, summary.Faults > Seeds * 3L), Is.EqualTo((Seeds, true)));
    }

    [Test]
    public void A_client_that_forgets_the_timeout_is_caught_with_its_seed_and_the_one_fault_it_takes()
    {
        var failure = Caught(HollaScenario.Forgetful, 1000);
        Assert.That((failure.Seed, failure.Faults.Count), Is.EqualTo((LowestFailing(HollaScenario.Forgetful), 1)));
        Assert.That(failure.Message, Does.StartWith($"Seed {failure.Seed} fails").And.Contains("1 of its").And.Contains("answers").And.Contains("lost"));
    }

    [Test]
    public void The_seed_alone_fails_in_the_same_way()
    {
        var failure = Caught(HollaScenario.Forgetful, 1000);
        var again = Assert.Throws<SimulationFailedException>(() => Simulation.Run([failure.Seed], HollaScenario.Forgetful))!;
        Assert.That(Picture(again), Is.EqualTo(Picture(failure)));
    }

    [Test]
    public void Two_runs_with_one_seed_are_the_same_to_the_byte([Range(1, 20)] int seed)
    {
        var (first, second, other) = (Traced(seed), Traced(seed), Traced(seed + 100));
        Assert.That(first, Is.EqualTo(second).And.Not.EqualTo(other));
    }

    [Test]
    public void What_fails_without_any_fault_is_said_to()
    {
        var failure = Caught(sim => sim.Check(sim.Elapsed > TimeSpan.Zero, "time has passed"), 10);
        Assert.That((failure.Faults, failure.Seed), Is.EqualTo((Array.Empty<Fault>(), 0)));
        Assert.That(failure.Message, Does.Contain("SimulationException: Does not hold at 0s: time has passed").And.Contains("without any fault"));
    }

    [Test]
    public void The_first_of_the_seeds_that_fail_is_told_however_many_run_at_a_time() =>
        Assert.That(Caught(sim => sim.Check(sim.Seed < 37), 1000).Seed, Is.EqualTo(37));

    [Test]
    public void A_scenario_that_is_not_of_its_seed_alone_is_found_out()
    {
        var runs = 0;
        var failure = Caught(sim => sim.Check(Interlocked.Increment(ref runs) != 3), 5, new() { Parallel = 1 });
        Assert.That(failure.Message, Does.StartWith("Seed 2 failed once").And.Contains("no failure").And.Contains("outside the simulation"));
    }

    [Test]
    public void The_shortest_schedule_is_looked_for_with_bounded_effort() =>
        Assert.That(Caught(HollaScenario.Forgetful, 1000, new() { MaxShrinks = 0 }).Message, Does.Contain("0 runs to find that"));

    [Test]
    public void An_injected_fault_strikes_in_time_and_ends_in_time([Range(0, 30)] int seed)
    {
        var sim = Simulation.Once(seed, static sim =>
        {
            _ = (sim.HubOn("a"), sim.HubOn("b"));
            sim.Inject(FaultKind.Partition, "a", "b", within: TimeSpan.FromSeconds(4), upTo: TimeSpan.FromSeconds(2));
            sim.Pass(TimeSpan.FromSeconds(10));
        });
        var (begin, end) = (sim.Network.Faults[0], sim.Network.Faults[1]);
        Assert.That((begin.Kind, end.Kind, sim.Faults.Count, sim.Faults[0].At), Is.EqualTo((FaultKind.Partition, FaultKind.Heal, 1, begin.At)));
        Assert.That((begin.At <= TimeSpan.FromSeconds(4), end.At - begin.At <= TimeSpan.FromSeconds(2)), Is.EqualTo((true, true)));
    }

    [Test]
    public void Only_faults_that_may_strike_do()
    {
        var all = Simulation.Once(3, HollaScenario.Careful).Faults;
        var some = all.Take(2).ToArray();
        Assert.That((all.Count > 2, Simulation.Once(3, HollaScenario.Careful, some).Faults), Is.EqualTo((true, some)));
    }

    [Test]
    public void What_cannot_be_injected_is_refused() => Assert.That(
        () => Simulation.Once(0, static sim => sim.Inject(FaultKind.Loss, "a", "b", TimeSpan.Zero)),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("set the network's conditions"));

    [Test]
    public void Of_a_long_run_the_end_is_drawn()
    {
        var failure = Caught(static sim =>
        {
            sim.Record("ticks", Observable.Interval(TimeSpan.FromSeconds(1), sim.Scheduler));
            sim.Pass(TimeSpan.FromSeconds(100));
            sim.Check(false, "enough");
        }, 1);
        Assert.That(failure.Message, Does.Contain("the last 13 of 100 instants").And.Contains("'99'").And.Not.Contains("'86'").And.Contains("'87'"));
    }

    [Test]
    public void An_error_that_was_recorded_is_told_in_full() => Assert.That(
        Caught(static sim =>
        {
            sim.Record("answers", Observable.Throw<int>(new FormatException("not a number")));
            sim.Check(false, "answers");
        }, 1).Message,
        Does.Contain("answers  #").And.Contain("answers: FormatException: not a number"));

    [Test]
    public void No_seeds_are_refused() => Assert.That(() => Simulation.Run([], static _ => { }), Throws.ArgumentException);

    [Test]
    public void Until_ends_at_the_instant_something_comes_to_hold()
    {
        var sim = Simulation.Once(0, static sim =>
        {
            var ticks = sim.Record("ticks", Observable.Interval(TimeSpan.FromSeconds(1), sim.Scheduler).Take(5));
            sim.Until(() => ticks.Values.Count == 3, within: TimeSpan.FromSeconds(10));
        });
        Assert.That(sim.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public void The_end_of_the_hubs_is_no_part_of_the_run()
    {
        var inside = (0, 0);
        var sim = Simulation.Once(0, sim =>
        {
            sim.Network.Conditions = HollaScenario.Lossy;
            new TcpService(7, static c => c).Start(sim.HubOn("server"));
            sim.Record("open", Tcp.Connect("server", 7, null, sim.HubOn("client")).Select(static _ => 1));
            sim.Pass(TimeSpan.FromSeconds(1));
            inside = (sim.Faults.Count, sim.Network.Trace.Entries.Count);
        });
        Assert.That((sim.Faults.Count, sim.Network.Trace.Entries.Count), Is.EqualTo(inside));
    }

    [Test]
    public void Time_is_not_let_pass_by_what_time_brings() => Assert.That(
        () => Simulation.Once(0, static sim =>
        {
            sim.Scheduler.Schedule(() => sim.Until(() => sim.Elapsed > TimeSpan.Zero, TimeSpan.FromSeconds(1)));
            sim.Pass(TimeSpan.FromSeconds(2));
        }),
        Throws.InvalidOperationException.With.Message.StartsWith("Time passes already"));

    [Test]
    public void A_time_before_now_is_refused() => Assert.That(
        () => Simulation.Once(0, static sim => sim.Until(static () => true, TimeSpan.FromSeconds(-1))), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Until_may_wait_for_ever()
    {
        var sim = Simulation.Once(0, static sim =>
        {
            sim.Pass(TimeSpan.FromSeconds(1));
            sim.Scheduler.Schedule(TimeSpan.FromDays(1), static () => { });
            sim.Until(() => sim.Elapsed > TimeSpan.FromDays(1), TimeSpan.MaxValue);
        });
        Assert.That(sim.Elapsed, Is.EqualTo(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void An_async_scenario_is_refused() => Assert.That(
        Caught(static async sim => await Task.Delay(TimeSpan.FromSeconds(1), sim.Scheduler.TimeProvider), 1).Message, Does.Contain("The scenario is async"));

    [Test]
    public void What_is_thrown_at_the_end_does_not_hide_the_failure() => Assert.That(
        Caught(static sim =>
        {
            sim.Record("x", Observable.Create<int>(static _ => static () => throw new FormatException("late")));
            sim.Check(false, "the failure");
        }, 1).InnerException,
        Is.InstanceOf<SimulationException>());

    [Test]
    public void What_is_thrown_at_the_end_is_a_failure() => Assert.That(
        Caught(static sim => sim.Record("x", Observable.Create<int>(static _ => static () => throw new FormatException("late"))), 1).InnerException,
        Is.InstanceOf<FormatException>());

    [Test]
    public void A_scenario_that_fails_now_and_then_is_found_out()
    {
        var runs = 0;
        var failure = Caught(sim =>
        {
            _ = sim.HubOn("a");
            sim.Inject(FaultKind.Silence, "a", TimeSpan.FromSeconds(1));
            sim.Pass(TimeSpan.FromSeconds(2));
            sim.Check(Interlocked.Increment(ref runs) > 3);
        }, 1);
        Assert.That(failure.Message, Does.StartWith("Seed 0 failed once").And.Contains("no failure"));
    }

    [Test]
    public void A_shorter_schedule_that_fails_otherwise_is_said_to() => Assert.That(
        Caught(static sim =>
        {
            _ = sim.HubOn("a");
            sim.Inject(FaultKind.Silence, "a", TimeSpan.FromSeconds(1));
            sim.Pass(TimeSpan.FromSeconds(2));
            sim.Check(sim.Faults.Count == 0, "no fault");
            sim.Check(false, "another thing");
        }, 1).Message,
        Does.Contain("another thing").And.Contains("With all 1 it fails so: Does not hold at 2s: no fault"));

    [TestCase(FaultKind.Partition, "a")]
    [TestCase(FaultKind.Partition, "a→nobody")]
    [TestCase(FaultKind.Crash, "a↔b")]
    public void A_place_that_cannot_be_struck_is_refused_at_once(FaultKind kind, string place) => Assert.That(
        () => Simulation.Once(0, sim => sim.Inject(kind, place, TimeSpan.FromSeconds(1))), Throws.ArgumentException);

    [Test]
    public void The_chance_of_seeds_that_lie_in_a_row_does_not() => Assert.That(
        Enumerable.Range(0, 7).Min(static i => Simulation.Once(2 * i, static _ => { }).Random.NextDouble()), Is.LessThan(0.5));

    [Test]
    public void The_error_that_is_thrown_tells_where_the_scenario_threw() =>
        Assert.That(Assert.Throws<FormatException>(static () => Simulation.Once(0, Broken))!.StackTrace, Does.Contain(nameof(Broken)));

    [Test]
    public void A_host_that_crashed_starts_again_on_a_new_hub() => Simulation.Once(0, static sim =>
    {
        new TcpService(7, static c => c).Start(sim.HubOn("server"));
        sim.Pass(TimeSpan.FromSeconds(1));
        sim.Network.Crash("server");
        sim.HubOn("server").Dispose();
        new TcpService(7, static c => c).Start(sim.HubOn("server"));
        var answer = sim.Record("answer", Tcp.Connect("server", 7, null, sim.HubOn("client")).SelectMany(static c =>
        {
            c.OnNext("hi".ToBytes());
            return c.Select(static chunk => chunk.ToText());
        }));
        sim.Until(() => answer.Values.Contains("hi"), TimeSpan.FromSeconds(10));
    });

    private static void Broken(Simulation sim) => throw new FormatException();

    private static SimulationFailedException Caught(Action<Simulation> scenario, int seeds, SimulationOptions? options = null) =>
        Assert.Throws<SimulationFailedException>(() => Simulation.Run(seeds, scenario, options))!;

    private static int LowestFailing(Action<Simulation> scenario) =>
        Enumerable.Range(0, 1000).First(seed => SimulationAttempt.Make(seed, scenario).Error is not null);

    private static string Traced(int seed) => string.Join('\n', Simulation.Once(seed, HollaScenario.Careful).Network.Trace);

    private static string Picture(SimulationFailedException failure) => $"{string.Join('\n', failure.Faults)}\n{MarbleTable.Draw(failure.Rows)}";
}
