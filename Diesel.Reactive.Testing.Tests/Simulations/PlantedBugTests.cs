using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Each of twelve planted bugs is found, with its cause on one page; without it nothing is.</summary>
public class PlantedBugTests
{
    private const int Lines = 60;
    private const int Columns = 160;

    private static readonly int Fixed = Live.IsSoak ? 10_000 : 300;

    private static IEnumerable<string> Names => PlantedBugs.All.Keys;

    [TestCaseSource(nameof(Names))]
    public void A_planted_bug_is_found_and_its_cause_is_on_one_page(string name)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Run(1000, sim => PlantedBugs.All[name](sim, true)))!;
        TestContext.Out.WriteLine(failure.Message);
        var lines = failure.Message.Split('\n');
        Assert.That((lines.Length, lines.Max(static line => line.Length)), Is.LessThanOrEqualTo((Lines, Columns)).Using<(int, int)>(
            static (one, other) => one.Item1 > other.Item1 || one.Item2 > other.Item2 ? 1 : -1), failure.Message);
    }

    [TestCaseSource(nameof(Names))]
    public void Without_it_nothing_is_found(string name) => Simulation.Run(Fixed, sim => PlantedBugs.All[name](sim, false));
}
