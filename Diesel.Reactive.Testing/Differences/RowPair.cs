namespace Diesel.Reactive.Testing;

/// <summary>What should have happened above what happened.</summary>
/// <param name="Expected">Null: nothing at all, not even a row.</param>
/// <param name="Actual">Null: nothing at all, not even a row.</param>
internal sealed record RowPair(MarbleRow? Expected, MarbleRow? Actual);
