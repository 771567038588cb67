namespace Diesel.Reactive.Testing;

/// <summary>What a simulation's scenario relies on does not hold.</summary>
public sealed class SimulationException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What, and when.</param>
    public SimulationException(string message)
        : base(message)
    {
    }

    internal SimulationException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
