namespace Diesel.Reactive.Testing;

/// <summary>One difference, ready to be told.</summary>
/// <param name="Time">When it shows first.</param>
/// <param name="Pair">Which pair of rows it is in.</param>
/// <param name="Expected">The event in the expected row; -1: none.</param>
/// <param name="Actual">The event in the actual row; -1: none.</param>
/// <param name="Shift">By how much it is early or late, if that is all; null: otherwise.</param>
/// <param name="Words">Tells it; asked for few of many.</param>
internal sealed record DifferenceNote(TimeSpan Time, int Pair, int Expected, int Actual, string? Shift, Func<DifferenceWords> Words);

/// <summary>A difference as it is told.</summary>
/// <param name="Label">What differs, as the diagram writes it.</param>
/// <param name="Text">How, on one line.</param>
/// <param name="Details">More lines, where that needs more.</param>
internal sealed record DifferenceWords(string Label, string Text, params IReadOnlyList<string> Details);
