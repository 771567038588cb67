using System.Reactive.Concurrency;

namespace Diesel.Reactive;

/// <summary>What a network and its transports need of the hub they belong to: its one thread.</summary>
/// <remarks>Implemented by <see cref="Hub"/> alone. As a scheduler it takes work from any thread and runs it in turns of its
/// own, one at a time.</remarks>
public interface IHub : IScheduler
{
    /// <summary>Whether the caller is in one of the hub's turns.</summary>
    bool IsCurrent { get; }

    /// <summary>Whether the hub was disposed: nothing runs on it any more.</summary>
    bool IsDisposed { get; }

    /// <summary>The hub's clock for code that takes a <see cref="System.TimeProvider"/>, virtual where the hub's is.</summary>
    /// <remarks>Any thread. Its timers call back in turns of the hub, never early, and stop when the hub ends; so <c>Task.Delay</c>,
    /// <c>PeriodicTimer</c> and time-limited tokens can be tested in virtual time. The local time zone is UTC where time is virtual.</remarks>
    TimeProvider TimeProvider { get; }

    /// <summary>The time of day as the present turn sees it: read once a turn, when it is first asked for.</summary>
    /// <remarks>For what need not be more exact than a turn is long, such as the second of a <c>Date</c> header. Any thread; outside of
    /// a turn it is <see cref="IScheduler.Now"/>.</remarks>
    DateTimeOffset TurnTime { get; }

    /// <summary>Runs a callback in a coming turn. Any thread; allocates nothing.</summary>
    /// <param name="callback">What it throws is reported.</param>
    /// <param name="state">Handed to the callback; names the work in errors, unless it is null.</param>
    /// <returns>False: the hub was disposed, and nothing will run.</returns>
    bool Post(Action<object?> callback, object? state = null);

    /// <summary>Runs a callback once, at the end of this turn, before the connections' output is handed over: what it sends leaves
    /// with the turn. In a turn only; allocates nothing.</summary>
    /// <param name="callback">What it throws is reported. What it asks for itself comes at the end of the next turn, which follows.</param>
    /// <param name="state">Handed to the callback; names the work in errors, unless it is null.</param>
    /// <exception cref="InvalidOperationException">This is no turn of the hub.</exception>
    /// <remarks>In the order of the calls. A turn in which the hub ends has an end, too.</remarks>
    void AtTurnEnd(Action<object?> callback, object? state = null);

    /// <summary>Ends a resource with the hub: it is disposed in the hub's last turn. Any thread.</summary>
    /// <param name="resource">What holds something that must not outlive the hub; what its disposal throws is reported. On a hub that has
    /// ended it is disposed at once, within this call.</param>
    /// <returns>Lets go of the resource without disposing it: for one that has ended by itself. Any thread, any number of times.</returns>
    IDisposable Own(IDisposable resource);

    /// <summary>Reports an error that no caller is there to receive, through the hub's errors. Any thread.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="source">Where: what failed, as a reader of the error knows it.</param>
    /// <param name="kind">Whose doing it is; null: what the exception says.</param>
    void Report(Exception error, string source, HubErrorKind? kind = null);
}

/// <summary>The one hop to a hub's thread.</summary>
internal static class HubHop
{
    /// <summary>Now when this is the hub's thread, else in a coming turn.</summary>
    /// <returns>False: the hub was disposed, and nothing will run.</returns>
    public static bool Invoke(this IHub hub, Action<object?> callback, object? state)
    {
        if (!hub.IsCurrent)
        {
            return hub.Post(callback, state);
        }

        callback(state);
        return true;
    }

    /// <inheritdoc cref="Invoke(IHub, Action{object?}, object?)"/>
    public static bool Invoke(this IHub hub, Action action) => hub.Invoke(static a => ((Action)a!)(), action);
}
