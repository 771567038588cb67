namespace Diesel.Reactive;

/// <summary>How a hub with its own thread runs.</summary>
public sealed record HubOptions
{
    /// <summary>The thread's name, as debuggers show it.</summary>
    public string Name { get; init; } = "Diesel.Reactive hub";

    /// <summary>A turn that runs longer than this is reported once through <see cref="Hub.Errors"/>; default 2 s,
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never.</summary>
    public TimeSpan SlowTurn { get; init; } = TimeSpan.FromSeconds(2);
}
