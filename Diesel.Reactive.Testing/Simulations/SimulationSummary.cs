using System.Collections.Frozen;

namespace Diesel.Reactive.Testing;

/// <summary>What the simulations came to, none of which failed.</summary>
/// <param name="Runs">How many there were, one for each seed.</param>
/// <param name="Faults">How many faults struck in all of them; a scenario that never meets one proves little.</param>
/// <param name="VirtualTime">How long they lasted together, each in its own time.</param>
public readonly record struct SimulationSummary(int Runs, long Faults, TimeSpan VirtualTime)
{
    private static readonly FrozenDictionary<string, int> None = FrozenDictionary<string, int>.Empty;

    /// <summary>The states that <see cref="Simulation.Reached"/> was told of, and in how many runs; one that is missing here was never tested.</summary>
    public IReadOnlyDictionary<string, int> States { get => field ?? None; private init; }

    /// <summary>The ways from one such state to the next, as <c>one → other</c>, and in how many runs.</summary>
    public IReadOnlyDictionary<string, int> Edges { get => field ?? None; private init; }

    internal static SimulationSummary Of(Simulation run) => new(1, run.Faults.Count + run.Network.UnlistedFaults, run.Elapsed)
    {
        States = Once(run.Visits.States),
        Edges = Once(run.Visits.Edges),
    };

    internal SimulationSummary Plus(SimulationSummary other) => new(Runs + other.Runs, Faults + other.Faults, VirtualTime + other.VirtualTime)
    {
        States = Sum(States, other.States),
        Edges = Sum(Edges, other.Edges),
    };

    private static IReadOnlyDictionary<string, int> Once(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? None : names.ToDictionary(static name => name, static _ => 1);

    private static IReadOnlyDictionary<string, int> Sum(IReadOnlyDictionary<string, int> some, IReadOnlyDictionary<string, int> more)
    {
        if (some.Count == 0 || more.Count == 0)
        {
            return some.Count == 0 ? more : some;
        }

        var sum = new Dictionary<string, int>(some);
        foreach (var (name, count) in more)
        {
            sum[name] = sum.GetValueOrDefault(name) + count;
        }

        return sum;
    }
}
