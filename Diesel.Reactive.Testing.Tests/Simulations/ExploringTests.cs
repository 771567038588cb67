using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What a seed decides beside the faults of the network: the order of one instant, faults of a scenario's own, the lives of nodes.</summary>
public class ExploringTests
{
    [Test]
    public void What_is_due_at_one_instant_comes_in_every_order()
    {
        var orders = Enumerable.Range(0, 500).Select(static seed => ThreeLoops(seed)).GroupBy(static order => order).ToDictionary(static same => same.Key, static same => same.Count());
        Assert.That((orders.Count, orders.Values.Min() > 10), Is.EqualTo((6, true)), string.Join(' ', orders));
    }

    [Test]
    public void Or_in_the_order_it_was_scheduled() =>
        Assert.That(Enumerable.Range(0, 50).Select(static seed => ThreeLoops(seed, 0)).Distinct(), Is.EqualTo(new[] { "abc" }));

    [Test]
    public void A_seed_has_one_order() => Assert.That(Enumerable.Range(0, 20).Select(static _ => ThreeLoops(7)).Distinct().Count(), Is.EqualTo(1));

    [Test]
    public void An_order_is_a_fault_that_is_shortened()
    {
        var failure = Assert.Throws<SimulationFailedException>(static () => Simulation.Run(200, static sim =>
        {
            var order = Loops(sim, 8);
            sim.Check(order().IndexOf('a', StringComparison.Ordinal) < order().IndexOf('b', StringComparison.Ordinal), "a before b");
        }))!;
        Assert.That((failure.Faults.Count, failure.Faults[0].Kind, failure.Message.Contains("turns")), Is.EqualTo((1, FaultKind.Postponement, true)));
    }

    [Test]
    public void A_connection_is_accepted_before_and_after_its_dialler_hears_of_it()
    {
        var orders = Enumerable.Range(0, 100).Select(static seed =>
        {
            var told = "";
            Simulation.Once(seed, sim =>
            {
                new TcpService(7, connection =>
                {
                    told += "a";
                    return connection;
                }).Start(sim.HubOn("server"));
                Tcp.Connect("server", 7, hub: sim.HubOn("client")).Subscribe(_ => told += "c");
                sim.Pass(TimeSpan.FromSeconds(1));
            });
            return told;
        }).Distinct().Order();
        Assert.That(orders, Is.EqualTo(new[] { "ac", "ca" }));
    }

    [Test]
    public void A_fault_of_ones_own_is_counted_and_shortened()
    {
        var failure = Assert.Throws<SimulationFailedException>(static () => Simulation.Run(1000, static sim =>
        {
            var declined = Enumerable.Range(0, 20).Count(_ => sim.Fault("payment declined", 0.3));
            sim.Check(declined < 2, "at most one is declined");
        }))!;
        Assert.That((failure.Faults.Count, failure.Faults.All(static fault => fault.Kind == FaultKind.Own)), Is.EqualTo((2, true)));
        Assert.That(failure.Message, Does.Contain("payment declined").And.Contain("only: [new(FaultKind.Own, \"payment declined\", "));
    }

    [Test]
    public void A_node_is_killed_and_starts_again_with_what_is_on_its_disk() => Simulation.Once(0, static sim =>
    {
        var node = sim.Node("server", static node =>
        {
            node.Write("starts", node.Read("starts", 0) + 1);
            new TcpService(7, connection => connection.UntilEol().Select(_ => $"{node.Read("starts", 0)}\r\n".ToBytes())).Start(node.Hub);
        });
        sim.Check(Ask(sim) == "1\r\n", "it answers");
        node.Kill();
        sim.Check(!node.IsUp && node.Hub.IsDisposed && Ask(sim) == "#", "it is down");
        node.Restart();
        sim.Check(Ask(sim) == "2\r\n" && node.Starts == 2, "it is up again, and knows");
        node.Wipe();
        node.Restart();
        sim.Check(Ask(sim) == "1\r\n", "it has forgotten");
    });

    [Test]
    public void A_node_that_is_held_up_answers_late() => Simulation.Once(0, static sim =>
    {
        var node = sim.Node("server", static node => new TcpService(7, static connection => connection.UntilEol()).Start(node.Hub));
        node.Pause();
        var answer = sim.Record("answer", Answers(sim));
        sim.Pass(TimeSpan.FromSeconds(10));
        sim.Check(answer.Values.Count == 0, "it is silent");
        node.Continue();
        sim.Until(() => answer.Values.Count == 1, TimeSpan.FromSeconds(1));
    });

    [Test]
    public void A_clock_that_is_wrong_makes_waits_longer_or_shorter_and_shows_another_time() => Simulation.Once(0, static sim =>
    {
        var fired = TimeSpan.Zero;
        var node = sim.Node("server", static _ => { });
        node.SetClock(TimeSpan.FromHours(1), rate: 2);
        node.Hub.Fork(async () =>
        {
            await node.Hub.Sleep(TimeSpan.FromSeconds(10));
            fired = sim.Elapsed;
        });
        sim.Pass(TimeSpan.FromSeconds(20));
        sim.Check((fired, node.Clock) == (TimeSpan.FromSeconds(5), TimeSpan.FromHours(1) + TimeSpan.FromSeconds(40)), $"{fired} {node.Clock}");
        sim.Check(node.Hub.Now == MarbleScheduler.Epoch + node.Clock, "its hub has the same time");
    });

    private static string Ask(Simulation sim)
    {
        var answer = sim.Record("answer", Answers(sim));
        sim.Until(() => answer.Values.Count == 1 || answer.Error is not null, TimeSpan.FromSeconds(10));
        return answer.Error is null ? answer.Values[0] : "#";
    }

    private static IObservable<string> Answers(Simulation sim) => Tcp.Connect("server", 7, hub: sim.HubOn("client")).SelectMany(static connection =>
    {
        connection.OnNext("?\r\n".ToBytes());
        return connection.UntilEol().Select(static line => line.ToText()).Take(1);
    });

    private static string ThreeLoops(int seed, double interleaving = 0.5)
    {
        var order = "";
        Simulation.Once(seed, sim =>
        {
            sim.Interleaving = interleaving;
            order = Loops(sim, 3)();
        });
        return order;
    }

    private static Func<string> Loops(Simulation sim, int count)
    {
        var (order, hub) = ("", sim.HubOn("a"));
        for (var i = 0; i < count; i++)
        {
            var name = (char)('a' + i);
            hub.Fork(async () =>
            {
                await hub.Sleep(TimeSpan.FromMilliseconds(10));
                order += name;
            });
        }

        sim.Pass(TimeSpan.FromSeconds(1));
        return () => order;
    }
}
