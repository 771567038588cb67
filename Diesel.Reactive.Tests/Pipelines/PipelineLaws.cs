using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>The twelve laws at once, under whatever a network, a server and its callers may do: cuts, stalls, resets, partitions, lost replies,
/// pushes, rubbish; callers that leave, throw, ask on, and do harm to each other.</summary>
[Parallelizable(ParallelScope.All)]
public class PipelineLaws
{
    // For each of the nine.
    private static int Seeds => Live.IsSoak ? 5000 : 40;

    [TestCaseSource(typeof(Tongue), nameof(Tongue.WithReal))]
    public void Hold_for_every_seed(object tongue, Abandoned policy) =>
        Simulation.Run(Seeds, sim => new LawRun(sim, (Tongue)tongue, policy).Play(), new() { Parallel = 1, MaxShrinks = 10 });

    [Test]
    public void Are_tried_at_all()
    {
        var runs = Enumerable.Range(0, 4).SelectMany(seed => Tongue.WithReal.Select(kind =>
        {
            LawRun run = null!;
            Simulation.Once(seed, sim => (run = new LawRun(sim, (Tongue)kind[0], (Abandoned)kind[1])).Play());
            return run;
        })).ToArray();
        var ends = runs.SelectMany(run => run.Callers).GroupBy(caller => caller.Outcome).ToDictionary(group => group.Key, group => group.Count());
        TestContext.Out.WriteLine(string.Join(", ", ends));
        Assert.That(ends.Keys, Is.SupersetOf(new[] { "answered", "left", nameof(ReplyLostException), nameof(FormatException) }));
        Assert.That(ends["answered"], Is.GreaterThan(200));
        Assert.That(runs.Sum(run => run.Connections), Is.GreaterThan(2 * runs.Length));
    }
}
