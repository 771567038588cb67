namespace Diesel.Reactive.Testing;

/// <summary>What a simulation's scenario relies on does not hold.</summary>
/// <param name="message">What, and when.</param>
public sealed class SimulationException(string message) : Exception(message);
