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

    /// <summary>Runs a callback in a coming turn. Any thread; allocates nothing.</summary>
    /// <param name="callback">What it throws is reported.</param>
    /// <param name="state">Handed to the callback; names the work in errors, unless it is null.</param>
    /// <returns>False: the hub was disposed, and nothing will run.</returns>
    bool Post(Action<object?> callback, object? state = null);

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
