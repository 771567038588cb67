namespace Diesel.Reactive;

/// <summary>What a hub stands on: one thread, or a virtual clock, that takes turns. The one seam another loop plugs into.</summary>
internal interface IEventLoop : IDisposable
{
    /// <summary>Wall-clock or virtual time.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since the loop began; never goes back, never jumps with the wall clock.</summary>
    TimeSpan Elapsed { get; }

    /// <summary>The network whose callbacks this loop runs.</summary>
    INetwork Network { get; }

    /// <summary>Whether a thread of its own stands behind it, so that another thread may wait for it.</summary>
    bool HasThread { get; }

    /// <summary>Whether time only passes when somebody advances it.</summary>
    bool IsVirtual { get; }

    /// <summary>Called once, before anything else. The loop calls <c>Turns.Run</c> after every wake.</summary>
    void Start(Turns turns);

    /// <summary>Asks for a turn soon. Any thread; the caller asks once per turn.</summary>
    void Wake();

    /// <summary>Runs the callback in a turn of its own, never before <paramref name="dueTime"/> has passed.</summary>
    IDisposable StartTimer(TimeSpan dueTime, Action<object?> callback, object? state);
}
