namespace Diesel.Reactive.Testing;

/// <summary>Who goes first among those due at one instant; within a lane, who was scheduled first.</summary>
internal enum MarbleLane
{
    /// <summary>An expectation's <c>!</c>: it excludes what is told at its instant.</summary>
    Unsubscribe,

    /// <summary>An expectation's <c>^</c>: it includes what a hot stream tells at its instant.</summary>
    Subscribe,

    /// <summary>What a hot stream tells.</summary>
    Hot,

    /// <summary>All else.</summary>
    Work,

    /// <summary>The end of a run that ends at this instant.</summary>
    End,
}
