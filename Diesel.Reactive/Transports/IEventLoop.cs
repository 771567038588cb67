namespace Diesel.Reactive;

/// <summary>What a hub stands on: one thread, or a virtual clock. It waits, is woken, and knows the time; what happens in a turn is
/// the hub's. The one seam another loop plugs into.</summary>
internal interface IEventLoop : INetworkProvider, IDisposable
{
    /// <summary>Wall-clock or virtual time.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since the loop began; never goes back, never jumps with the wall clock.</summary>
    TimeSpan Elapsed { get; }

    /// <summary>Whether a thread of its own stands behind it, so that another thread may wait for it.</summary>
    bool HasThread { get; }

    /// <summary>Whether time only passes when somebody advances it.</summary>
    bool IsVirtual { get; }

    /// <summary>Whose time it is: one object, however many loops share it.</summary>
    object Clock => this;

    /// <summary>Called once, when the network was made and before anything else. The loop runs a turn after every wake.</summary>
    void Start(ITurns turns);

    /// <summary>Asks for a turn soon. Any thread; the caller asks once per turn.</summary>
    void Wake();

    /// <summary>Runs what the wait found ready. In a turn.</summary>
    void RunReady();
}

/// <summary>The turns of a hub, as its loop sees them. The loop's thread only.</summary>
internal interface ITurns
{
    /// <summary>Whether a turn was asked for and has not begun. Any thread.</summary>
    bool IsAwake { get; }

    /// <summary>How long until a timer may want a turn; null: none waits.</summary>
    TimeSpan? UntilTimer { get; }

    /// <summary>Runs one turn.</summary>
    void Run();

    /// <summary>Within a turn: tells a target what a poll found; what it throws is reported.</summary>
    void Execute(IPollTarget target, uint events);
}

/// <summary>Who is told that a descriptor is ready.</summary>
internal interface IPollTarget
{
    /// <summary>In a turn, with what the system said; 0: it gave way and goes on.</summary>
    void OnReady(uint events);
}
