namespace Diesel.Reactive.Testing;

/// <summary>A recording as a diagram that can be pasted into a test.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="Marbles">The diagram.</param>
/// <param name="Values">What its names stand for; empty when every value spells itself.</param>
/// <param name="Error">What its <c>#</c> stands for; null when it has none.</param>
public sealed record PrintedMarbles<T>(string Marbles, IReadOnlyList<(string Name, T Value)> Values, Exception? Error);
