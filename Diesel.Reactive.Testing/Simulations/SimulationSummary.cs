namespace Diesel.Reactive.Testing;

/// <summary>What the simulations came to, none of which failed.</summary>
/// <param name="Runs">How many there were, one for each seed.</param>
/// <param name="Faults">How many faults struck in all of them; a scenario that never meets one proves little.</param>
/// <param name="VirtualTime">How long they lasted together, each in its own time.</param>
public readonly record struct SimulationSummary(int Runs, long Faults, TimeSpan VirtualTime)
{
    internal static SimulationSummary Of(Simulation run) => new(1, run.Faults.Count + run.Network.UnlistedFaults, run.Elapsed);

    internal SimulationSummary Plus(SimulationSummary other) =>
        new(Runs + other.Runs, Faults + other.Faults, VirtualTime + other.VirtualTime);
}
