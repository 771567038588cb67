using System.Reactive.Concurrency;

namespace Diesel.Reactive;

/// <summary>Moves a stream to another thread without losing the back pressure on the way.</summary>
public static class ObserveOnBoundedExtensions
{
    /// <summary>Delivers on a scheduler, as Rx's <c>ObserveOn</c> does, with a bound on what waits for it.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="source">A connection, or frames straight from one (<c>connection.UntilEol()</c>), is held: not read while
    /// <paramref name="capacity"/> items wait, and read on when half of them are taken. So a slow observer slows the peer.</param>
    /// <param name="scheduler">Where the observer is called, one item after the other.</param>
    /// <param name="capacity">Items that may wait. Of a connection's chunks each may be 64 KiB.</param>
    /// <param name="hold">Holds the source until disposed: <c>connection.Pause</c>, when the frames went through other operators
    /// (<c>Select</c>). Null: for what comes straight from a connection it is not needed.</param>
    /// <param name="overflow">What happens when a source that is not held gives one more than may wait.</param>
    /// <returns>The same items in the same order, then the source's end or error, behind them. Unsubscribed, on any thread, it gives
    /// nothing more and lets go of its hold.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="scheduler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is not positive, or <paramref name="overflow"/> is
    /// not defined.</exception>
    /// <remarks>Errors: those of the source, and <see cref="QueueFullException"/>, behind the items that waited. Scheduler: the one
    /// given. Idea: Rx's <c>ObserveOn</c>, whose queue has no bound.</remarks>
    public static IObservable<T> ObserveOnBounded<T>(
        this IObservable<T> source, IScheduler scheduler, int capacity, Func<IDisposable>? hold = null, Overflow overflow = Overflow.Fail)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        if (!Enum.IsDefined(overflow))
        {
            throw new ArgumentOutOfRangeException(nameof(overflow), overflow, $"There is no {nameof(Overflow)} {overflow}.");
        }

        return new ObserveOnBoundedObservable<T>(source, scheduler, capacity, hold ?? (source is IPausable pausable ? pausable.Pause : null), overflow);
    }
}
