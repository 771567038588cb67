using System.Net;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What a scenario says of when faults may strike.</summary>
public class LimitTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Partitions_come_together_unless_they_may_not()
    {
        var together = Enumerable.Range(0, 100).Max(seed => MostAtOnce(Parted(seed, static _ => { }).Faults));
        var limited = Enumerable.Range(0, 100).Max(seed => MostAtOnce(Parted(seed, static sim => sim.Limit(FaultKind.Partition, atOnce: 1)).Faults));
        Assert.That((together, limited), Is.EqualTo((3, 1)));
    }

    [Test]
    public void A_partition_heals_within_a_time()
    {
        var faults = Enumerable.Range(0, 100).SelectMany(seed => Parted(seed, static sim => sim.Limit(FaultKind.Partition, upTo: 5 * Second)).Faults).ToList();
        Assert.That((faults.Count, faults.Max(static fault => fault.Lasts)), Is.EqualTo((300, 5 * Second)));
    }

    [Test]
    public void Nothing_strikes_before_the_handshake()
    {
        var all = Enumerable.Range(0, 50).Select(seed => Simulation.Once(seed, static sim => Talks(sim, isLimited: false))).SelectMany(static run => run.Faults).Count(static fault => fault.At < Second);
        var late = Enumerable.Range(0, 50).Select(seed => Simulation.Once(seed, static sim => Talks(sim, isLimited: true))).SelectMany(static run => run.Faults).ToList();
        Assert.That((all > 0, late.Min(static fault => fault.At) >= Second), Is.EqualTo((true, true)));
        Assert.That(late.Select(static fault => fault.Kind).Distinct(), Is.EquivalentTo(new[] { FaultKind.Loss, FaultKind.Partition }));
    }

    [Test]
    public void What_did_not_strike_is_not_told_and_not_needed()
    {
        var failure = Assert.Throws<SimulationFailedException>(static () => Simulation.Run(200, static sim =>
        {
            sim.Limit(FaultKind.Partition, atOnce: 1);
            Part(sim);
            sim.Pass(60 * Second);
            sim.Check(sim.Faults.All(static fault => fault.Lasts < 19 * Second), "none lasts so long");
        }))!;
        Assert.That(failure.Faults, Has.Count.EqualTo(1));
    }

    [TestCase(FaultKind.Reset)]
    [TestCase(FaultKind.Loss)]
    [TestCase(FaultKind.Crash)]
    public void What_is_over_at_once_is_never_twice_at_a_time(FaultKind kind) => Assert.That(
        () => Simulation.Once(0, sim => sim.Limit(kind, atOnce: 1)), Throws.ArgumentException.With.Message.Contains("over at once"));

    private static Simulation Parted(int seed, Action<Simulation> limit) => Simulation.Once(seed, sim =>
    {
        limit(sim);
        Part(sim);
        sim.Pass(60 * Second);
    });

    private static void Part(Simulation sim)
    {
        _ = (sim.HubOn("a"), sim.HubOn("b"), sim.HubOn("c"));
        sim.Inject(FaultKind.Partition, "a", "b", within: 20 * Second, upTo: 20 * Second);
        sim.Inject(FaultKind.Partition, "b", "c", within: 20 * Second, upTo: 20 * Second);
        sim.Inject(FaultKind.Partition, "a", "c", within: 20 * Second, upTo: 20 * Second);
    }

    private static void Talks(Simulation sim, bool isLimited)
    {
        var hasShaken = false;
        if (isLimited)
        {
            sim.Limit(FaultKind.Loss, when: () => hasShaken);
            sim.Limit(FaultKind.Partition, when: () => hasShaken);
        }

        sim.Interleaving = 0;
        sim.Network.Conditions = new() { Loss = 0.2 };
        _ = sim.HubOn("b");
        sim.Inject(FaultKind.Partition, "a", "b", within: 3 * Second, upTo: Second);
        var socket = sim.HubOn("a").Network.Bind(IPEndPoint.Parse("0.0.0.0:0"), null, new());
        socket.Start(static _ => { }, static _ => { });
        for (var i = 0; i < 40; i++)
        {
            sim.Pass(0.1 * Second);
            hasShaken |= sim.Elapsed >= Second;
            socket.Send(new Datagram(new byte[] { 1 }, new IPEndPoint(sim.Network.Host("b").Addresses[0], 7)));
        }
    }

    private static int MostAtOnce(IReadOnlyList<Fault> faults) =>
        faults.Max(fault => faults.Count(other => other.At <= fault.At && other.At + other.Lasts > fault.At));
}
