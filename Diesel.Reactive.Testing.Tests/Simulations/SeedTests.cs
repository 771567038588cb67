using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Which seeds are run, how often, and until when.</summary>
[NonParallelizable]
public class SeedTests
{
    [TestCase(null, null, 0, 10)]
    [TestCase("", "", 0, 10)]
    [TestCase("500", null, 500, 10)]
    [TestCase(null, "25", 0, 25)]
    [TestCase("7", "x20", 7, 200)]
    [TestCase("7", "X20", 7, 200)]
    [TestCase("2147483647", null, 2147483638, 10)]
    public void The_environment_says_from_where_and_how_many(string? first, string? count, int from, int seeds) =>
        Assert.That(SeedRange.Of(10, first, count), Is.EqualTo(Enumerable.Range(from, seeds)));

    [TestCase("-1", null, "MARBLES_SEED=-1")]
    [TestCase("one", null, "MARBLES_SEED=one")]
    [TestCase(null, "0", "MARBLES_SEEDS=0")]
    [TestCase(null, "x", "MARBLES_SEEDS=x")]
    [TestCase(null, "x0", "MARBLES_SEEDS=x0")]
    public void What_is_no_number_is_said_to_be_none(string? first, string? count, string told) =>
        Assert.That(() => SeedRange.Of(10, first, count), Throws.InvalidOperationException.With.Message.Contains(told));

    [Test]
    public void Random_seeds_do_not_repeat_themselves() =>
        Assert.That(Enumerable.Range(0, 5).Select(static _ => SeedRange.Of(1, "Random", null)[0]).Distinct().Count(), Is.GreaterThan(1));

    [Test]
    public void A_run_asks_the_environment()
    {
        Environment.SetEnvironmentVariable("MARBLES_SEED", "40");
        Environment.SetEnvironmentVariable("MARBLES_SEEDS", "x3");
        try
        {
            var seeds = new List<int>();
            Simulation.Run(2, sim => seeds.Add(sim.Seed), new() { Parallel = 1 });
            Assert.That(seeds, Is.EqualTo(Enumerable.Range(40, 6)));
        }
        finally
        {
            Environment.SetEnvironmentVariable("MARBLES_SEED", null);
            Environment.SetEnvironmentVariable("MARBLES_SEEDS", null);
        }
    }

    [Test]
    public void A_scenario_that_goes_two_ways_is_found_out_though_none_fails()
    {
        var shared = 0;
        void Scenario(Simulation sim)
        {
            sim.Record("count", Observable.Return(Interlocked.Increment(ref shared)));
            sim.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.That(() => Simulation.Run(5, Scenario, new() { Parallel = 1 }), Throws.Nothing);
        Assert.That(Assert.Throws<SimulationFailedException>(() => Simulation.Run(5, Scenario, new() { Parallel = 1, Twice = true }))!.Message,
            Does.StartWith("Seed 0 went otherwise when it was run again, first in line 1 of what it told and sent").And.Contain("first: count  [6|]").And.Contain("then:  count  [7|]")
                .And.Contain("Random.Shared"));
    }

    [Test]
    public void One_that_goes_one_way_is_not() => Assert.That(() => Simulation.Run(100, HollaScenario.Careful, new() { Twice = true }), Throws.Nothing);

    [Test]
    public void One_that_fails_the_second_time_only_is_found_out()
    {
        var runs = 0;
        Assert.That(
            () => Simulation.Run(1, sim => sim.Check(Interlocked.Increment(ref runs) != 2, "not twice"), new() { Twice = true }),
            Throws.TypeOf<SimulationFailedException>().With.Message.StartsWith("Seed 0 went otherwise when it was run again: SimulationException: Does not hold at 0s: not twice"));
    }

    [Test]
    public void States_and_the_ways_between_them_are_counted()
    {
        var summary = Simulation.Run(10, static sim =>
        {
            sim.Reached("begun");
            sim.Reached(sim.Seed % 2 == 0 ? "even" : "odd");
            sim.Reached("begun");
        });
        Assert.That(summary.States, Is.EquivalentTo(new Dictionary<string, int> { ["begun"] = 10, ["even"] = 5, ["odd"] = 5 }));
        Assert.That(summary.Edges, Is.EquivalentTo(new Dictionary<string, int>
        {
            ["begun → even"] = 5, ["even → begun"] = 5, ["begun → odd"] = 5, ["odd → begun"] = 5,
        }).And.Count.EqualTo(4));
    }

    [Test]
    public void The_search_ends_when_nothing_new_comes()
    {
        var summary = Simulation.Run(10_000, static sim => sim.Reached($"{Math.Min(sim.Seed, 130) / 10}"), new() { StopAfter = 50 });
        Assert.That((summary.Runs, summary.States.Count), Is.EqualTo((200, 14)));
    }

    [Test]
    public void Without_states_all_seeds_are_run() =>
        Assert.That((Simulation.Run(200, static _ => { }).Runs, Simulation.Run(200, static _ => { }).States.Count), Is.EqualTo((200, 0)));

    [Test]
    public void A_node_is_started_again_at_an_instant_of_the_seeds()
    {
        var summary = Simulation.Run(200, static sim =>
        {
            var node = sim.Node("server", static node => node.Write("starts", node.Read("starts", 0) + 1));
            sim.Inject(FaultKind.Restart, "server", within: TimeSpan.FromSeconds(5), upTo: TimeSpan.FromSeconds(5));
            var down = false;
            while (sim.Elapsed < TimeSpan.FromSeconds(11))
            {
                sim.Pass(TimeSpan.FromMilliseconds(100));
                down |= !node.IsUp;
            }

            sim.Check(node.IsUp && node.Starts == 2 && node.Read("starts", 0) == 2, "it is up again, and has its disk");
            sim.Reached(down ? "down for a while" : "up at once");
        });
        Assert.That((summary.Faults, summary.States.ContainsKey("down for a while")), Is.EqualTo((200, true)));
    }

    [Test]
    public void What_is_no_node_cannot_start_again() => Assert.That(
        () => Simulation.Once(0, static sim => sim.Inject(FaultKind.Restart, "server", TimeSpan.Zero)),
        Throws.ArgumentException.With.Message.Contains("There is no node 'server'"));
}
