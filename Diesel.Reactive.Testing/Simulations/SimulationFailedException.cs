namespace Diesel.Reactive.Testing;

/// <summary>A scenario fails under some schedule of faults.</summary>
/// <remarks>The message has the seed, the shortest schedule that was found, and what happened under it, as marbles; the
/// inner exception is what the scenario threw.</remarks>
public sealed class SimulationFailedException : Exception
{
    internal SimulationFailedException(string message, Simulation run, Exception error)
        : base(message, error) => (Seed, Faults, Rows) = (run.Seed, run.Faults, run.Rows.All);

    /// <summary>The lowest seed that fails. <see cref="Simulation.Run(IEnumerable{int}, Action{Simulation}, SimulationOptions?, string)"/> with
    /// it alone gives the same failure.</summary>
    public int Seed { get; }

    /// <summary>The shortest schedule of faults that was found to make it fail, in order of time.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>What happened under it: the scenario's recordings, and what crossed the network.</summary>
    public IReadOnlyList<MarbleRow> Rows { get; }
}
