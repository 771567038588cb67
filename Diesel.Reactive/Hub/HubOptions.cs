namespace Diesel.Reactive;

/// <summary>How a hub with its own thread runs.</summary>
public sealed record HubOptions
{
    /// <summary>The thread's name, as debuggers show it.</summary>
    public string Name { get; init; } = "Diesel.Reactive hub";

    /// <summary>Uses Rx's <c>EventLoopScheduler</c> and .NET's portable sockets also where a faster loop exists (Linux,
    /// whose loop waits in epoll); default false.</summary>
    public bool Portable { get; init; }

    /// <summary>Each turn that runs longer than this is reported once through <see cref="Hub.Errors"/>; default 2 s,
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never.</summary>
    public TimeSpan SlowTurn { get; init; } = TimeSpan.FromSeconds(2);
}
