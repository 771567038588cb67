namespace Diesel.Reactive.Testing;

/// <summary>The type of <see cref="Marble.Any"/>.</summary>
public readonly record struct AnyMarble;
