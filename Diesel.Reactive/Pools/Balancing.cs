namespace Diesel.Reactive;

/// <summary>Which of several endpoints gets the next call.</summary>
public enum Balancing
{
    /// <summary>Of two drawn at random the one with fewer calls: nearly as even as asking all, and no crowd runs to one that was just
    /// added. Source: Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing".</summary>
    PowerOfTwoChoices,

    /// <summary>The one with the fewest calls; of equals each in turn.</summary>
    LeastLoaded,

    /// <summary>Each in turn.</summary>
    RoundRobin,
}
