namespace Diesel.Reactive.Testing;

/// <summary>How <see cref="Simulation.Run(int, Action{Simulation}, SimulationOptions?, string)"/> goes about it.</summary>
public sealed record SimulationOptions
{
    private readonly int _parallel = Environment.ProcessorCount;
    private readonly int _maxShrinks = 500;
    private readonly int? _stopAfter;

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

    /// <summary>Whether each seed is run twice, and all it told and sent compared, so that a scenario which uses something outside its simulation is found
    /// out before it fails; default: no, unless the environment says <c>MARBLES_TWICE=1</c>.</summary>
    public bool Twice { get; init; } = Environment.GetEnvironmentVariable("MARBLES_TWICE") == "1";

    /// <summary>Looks after every so many seeds whether these have reached a state or gone a way that was new (<see cref="Simulation.Reached"/>), and ends
    /// the search when they have not; null (default): all seeds are run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int? StopAfter
    {
        get => _stopAfter;
        init
        {
            if (value is { } seeds)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
            }

            _stopAfter = value;
        }
    }
}
