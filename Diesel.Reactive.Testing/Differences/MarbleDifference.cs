namespace Diesel.Reactive.Testing;

/// <summary>One difference between what was expected and what was told.</summary>
/// <param name="Kind">Which sort.</param>
/// <param name="Expected">The index of what was expected; -1: nothing was.</param>
/// <param name="Actual">The index of what was told; -1: nothing was.</param>
internal readonly record struct MarbleDifference(MarbleDifferenceKind Kind, int Expected, int Actual);

internal enum MarbleDifferenceKind
{
    /// <summary>The same, at another time.</summary>
    Moved,

    /// <summary>The same, at its time, but not in its place among others of that time.</summary>
    OutOfOrder,

    /// <summary>Something else at its time.</summary>
    Changed,

    /// <summary>It was not told.</summary>
    Missing,

    /// <summary>It was not expected.</summary>
    Unexpected,
}
