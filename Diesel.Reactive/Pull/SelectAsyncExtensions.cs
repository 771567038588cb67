using System.Reactive;

namespace Diesel.Reactive;

/// <summary>Handles items with asynchronous methods, a bounded number at a time.</summary>
public static class SelectAsyncExtensions
{
    /// <summary>Items that may wait when the source cannot be held and the caller does not say.</summary>
    public const int DefaultCapacity = 1024;

    private static readonly Task<Unit> Done = Task.FromResult(Unit.Default);

    /// <summary>Runs an asynchronous method for each item, at most <paramref name="max"/> at a time.</summary>
    /// <typeparam name="T">What comes in.</typeparam>
    /// <typeparam name="TResult">What goes out.</typeparam>
    /// <param name="source">Frames straight from a connection (<c>connection.UntilEol()</c>) are not read while
    /// <paramref name="max"/> methods run: the peer waits, nothing is buffered.</param>
    /// <param name="selector">Runs on the hub, in a loop of its own; its <c>await</c>s resume there.</param>
    /// <param name="max">Methods that run at a time.</param>
    /// <param name="ordered">True: results in the order of the items; a result that is ready early waits, and counts as
    /// running. False: each as soon as it is ready.</param>
    /// <param name="hold">Holds the source, until disposed, while as many run as may: <c>connection.Pause</c>, when the frames
    /// went through other operators. Null: for frames straight from a connection it is not needed.</param>
    /// <param name="capacity">Items that may wait when a source that is not held gives more; past that the result fails
    /// with <see cref="QueueFullException"/>.</param>
    /// <param name="hub">Where the methods run; null for the source's, the current, or the default one.</param>
    /// <returns>One result per item; completes when the source has and all methods have ended. Unsubscribing ends the
    /// methods that run.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="selector"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="max"/> or <paramref name="capacity"/> is not
    /// positive.</exception>
    /// <remarks>Errors: the first of the source or of a method, at once; it ends the methods that run. Scheduler: the hub. A method that is
    /// done when it returns its task costs its task and next to nothing besides.</remarks>
    public static IObservable<TResult> SelectAsync<T, TResult>(
        this IObservable<T> source,
        Func<T, Task<TResult>> selector,
        int max,
        bool ordered = true,
        Func<IDisposable>? hold = null,
        int capacity = DefaultCapacity,
        Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(selector);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        return new SelectAsyncObservable<T, TResult>(source, selector, max, ordered, hold, capacity, hub);
    }

    /// <summary>Runs an asynchronous method without a result for each item.</summary>
    /// <typeparam name="T">What comes in.</typeparam>
    /// <param name="source">As above.</param>
    /// <param name="handler">Runs on the hub, in a loop of its own; its <c>await</c>s resume there.</param>
    /// <param name="max">Methods that run at a time.</param>
    /// <param name="hold">As above.</param>
    /// <param name="capacity">As above.</param>
    /// <param name="hub">Where the methods run; null for the source's, the current, or the default one.</param>
    /// <returns>One <see cref="Unit"/> per item, when its method has ended.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="max"/> or <paramref name="capacity"/> is not
    /// positive.</exception>
    /// <remarks>Errors: as above.</remarks>
    public static IObservable<Unit> SelectAsync<T>(
        this IObservable<T> source,
        Func<T, Task> handler,
        int max,
        Func<IDisposable>? hold = null,
        int capacity = DefaultCapacity,
        Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return source.SelectAsync(
            item =>
            {
                var task = handler(item) ?? throw NothingGiven.Task(handler.Method.Name);
                return task.IsCompletedSuccessfully ? Done : End(task);
            },
            max,
            ordered: false,
            hold,
            capacity,
            hub);
    }

    private static async Task<Unit> End(Task task)
    {
        await task;
        return Unit.Default;
    }
}
