using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>An await of what is there lets others go first, where a scenario asks for it.</summary>
public class YieldTests
{
    [Test]
    public void Two_loops_that_await_what_is_there_take_no_turns_by_themselves() => Assert.That(Orders(0), Is.EqualTo(new[] { "aaabbb" }));

    [Test]
    public void They_do_where_awaits_give_way() => Assert.That(Orders(0.5), Has.Length.GreaterThan(5).And.Contains("ababab"));

    // Two loops add to what they read before an await that never waits: nobody sees that by running it.
    [Test]
    public void A_lost_update_between_two_awaits_is_found_and_its_cause_told()
    {
        Simulation.Run(500, static sim => Adds(sim, yields: 0));
        var failure = Assert.Throws<SimulationFailedException>(static () => Simulation.Run(500, static sim => Adds(sim, yields: 0.2)))!;
        Assert.That(failure.Message, Does.Contain("1 of its").And.Contain("Postponement  awaits"));
        Assert.That(() => Simulation.Once(failure.Seed, static sim => Adds(sim, 0.2), only: failure.Faults), Throws.TypeOf<SimulationException>());
        Assert.That(() => Simulation.Once(failure.Seed, static sim => Adds(sim, 0.2), only: []), Throws.Nothing);
    }

    [TestCase(-0.1)]
    [TestCase(1)]
    public void It_is_a_probability_less_than_one(double yields) =>
        Assert.That(() => Simulation.Once(0, sim => sim.Yields = yields), Throws.TypeOf<ArgumentOutOfRangeException>());

    private static string[] Orders(double yields) => [.. Enumerable.Range(0, 200).Select(seed =>
    {
        var told = "";
        Simulation.Once(seed, sim =>
        {
            (sim.Interleaving, sim.Yields) = (0, yields);
            var hub = sim.HubOn("one");
            foreach (var name in new[] { "a", "b" })
            {
                var queue = new AsyncQueue<int>(hub: hub);
                Enumerable.Range(0, 3).ToList().ForEach(number => queue.Put(number));
                hub.Fork(async () =>
                {
                    for (var i = 0; i < 3; i++)
                    {
                        await queue.Get();
                        told += name;
                    }
                });
            }

            sim.Pass(TimeSpan.FromSeconds(1));
        });
        return told;
    }).Distinct().Order(StringComparer.Ordinal)];

    private static void Adds(Simulation sim, double yields)
    {
        (sim.Interleaving, sim.Yields) = (0, yields);
        var (hub, value) = (sim.HubOn("one"), 0);
        for (var i = 0; i < 2; i++)
        {
            hub.Fork(async () =>
            {
                var read = value;
                await Ready();
                value = read + 1;
            });
        }

        sim.Pass(TimeSpan.FromSeconds(1));
        sim.Check(value == 2, $"both additions count: it is {value}");

        static Awaitable<int> Ready()
        {
            var ready = new AwaitableSource<int>();
            ready.TrySetResult(0);
            return ready;
        }
    }
}
