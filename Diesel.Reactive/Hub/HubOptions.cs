namespace Diesel.Reactive;

/// <summary>How a hub with its own thread runs.</summary>
public sealed record HubOptions
{
    /// <summary>The thread's name, as debuggers show it.</summary>
    public string Name { get; init; } = "Diesel.Reactive hub";

    /// <summary>Uses Rx's <c>EventLoopScheduler</c> and .NET's portable sockets also where a faster loop exists (Linux,
    /// whose loop waits in epoll); default false.</summary>
    public bool Portable { get; init; }

    /// <summary>For how long at most the hub's thread goes on looking for something to do before it sleeps; default 100 µs, zero for
    /// not at all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    /// <remarks>To wake a thread that sleeps takes longer than most replies. So the thread looks on, as long as it has lately found
    /// something that way, and gives the core to others every few looks; when it finds nothing it sleeps at once, until what it
    /// waits for comes fast again. A hub with nothing to do uses no CPU. Never where the process has one core. The
    /// loop of Linux does it; of a <see cref="Portable"/> one it is the scheduler's business.</remarks>
    public TimeSpan Spin
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(Spin));
            field = value;
        }
    } = TimeSpan.FromMicroseconds(100);

    /// <summary>Each turn that runs longer than this is reported once through <see cref="Hub.Errors"/>; default 2 s,
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never.</summary>
    public TimeSpan SlowTurn { get; init; } = TimeSpan.FromSeconds(2);
}
