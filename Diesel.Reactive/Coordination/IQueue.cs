namespace Diesel.Reactive;

/// <summary>Items for competing consumers: the part of <see cref="AsyncQueue{T}"/> that can also be kept elsewhere.</summary>
/// <typeparam name="T">The items' type.</typeparam>
public interface IQueue<T>
{
    /// <summary>Puts an item at the end. Any thread; does not wait.</summary>
    /// <param name="item">Goes to one consumer.</param>
    /// <exception cref="QueueFullException">There is no room, and the queue was told to fail then.</exception>
    void Put(T item);

    /// <summary>Gets the item at the front; waits for one when there is none.</summary>
    /// <param name="waiting">False: <see cref="QueueEmptyException"/> instead of waiting.</param>
    /// <param name="timeout">Zero: now or never. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> gets one item, in the order they came. Unsubscribed before,
    /// or losing a race, it consumes nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="QueueEmptyException"/>, <see cref="QueueTimeoutException"/>.</remarks>
    Awaitable<T> Get(bool waiting = true, TimeSpan? timeout = null);
}
