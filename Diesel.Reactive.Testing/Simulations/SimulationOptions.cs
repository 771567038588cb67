namespace Diesel.Reactive.Testing;

/// <summary>How <see cref="Simulation.Run(int, Action{Simulation}, SimulationOptions?)"/> goes about it.</summary>
public sealed record SimulationOptions
{
    private readonly int _parallel = Environment.ProcessorCount;
    private readonly int _maxShrinks = 500;

    /// <summary>How many simulations run at a time, each on one thread; default: as many as there are processors. The scenario
    /// must not share what changes between its runs, unless this is 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int Parallel
    {
        get => _parallel;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _parallel = value;
        }
    }

    /// <summary>How many more runs of a failing seed may be spent on finding a shorter schedule of faults; default 500, 0 for
    /// none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxShrinks
    {
        get => _maxShrinks;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _maxShrinks = value;
        }
    }
}
