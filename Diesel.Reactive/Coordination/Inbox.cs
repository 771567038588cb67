namespace Diesel.Reactive;

/// <summary>The items one subscriber of a <see cref="Fanout{T}"/>, or one acceptor of a <see cref="Dispatcher{T}"/>, is
/// given. Dispose it to be given no more.</summary>
/// <typeparam name="T">The items' type.</typeparam>
/// <remarks>A bounded <see cref="AsyncQueue{T}"/> that others fill; what is said there about getting holds here.</remarks>
public sealed class Inbox<T> : IDisposable
{
    private readonly Overflow _overflow;
    private readonly Action<Inbox<T>> _closed;
    private bool _isClosed;

    internal Inbox(int capacity, Overflow overflow, Hub hub, Action<Inbox<T>> closed, Action? taken = null)
    {
        (_overflow, _closed) = (overflow, closed);
        Queue = new AsyncQueue<T>(capacity, overflow, hub) { Taken = taken };
    }

    /// <summary>Items it holds now.</summary>
    public int Count => Queue.Count;

    /// <summary>Items it holds at most.</summary>
    public int Capacity => Queue.Capacity;

    /// <summary>Items that were dropped for want of room.</summary>
    public long Dropped => Queue.Dropped;

    internal AsyncQueue<T> Queue { get; }

    internal bool IsClosed => _isClosed;

    /// <summary>Gets the item at the front; waits for one when there is none.</summary>
    /// <param name="waiting">False: <see cref="QueueEmptyException"/> instead of waiting.</param>
    /// <param name="timeout">Zero: now or never. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> gets one item. Unsubscribed before, or losing a race, it
    /// consumes nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="QueueEmptyException"/>, <see cref="QueueTimeoutException"/>;
    /// <see cref="QueueFullException"/>, behind the items that are there, when it was cut off for being too slow;
    /// <see cref="ObjectDisposedException"/>.</remarks>
    public Awaitable<T> Get(bool waiting = true, TimeSpan? timeout = null) => Queue.Get(waiting, timeout);

    /// <summary>Takes the item at the front if there is one. The hub's thread only.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="InvalidOperationException">This is another thread.</exception>
    public bool TryGet(out T item) => Queue.TryGet(out item);

    /// <summary>Leaves: no more items come, and what is here goes to the other acceptors of a dispatcher, or is dropped.
    /// Any thread.</summary>
    public void Dispose() => Queue.Hub.Invoke(static i => ((Inbox<T>)i!).Close(
        new ObjectDisposedException(nameof(Inbox<T>), "This inbox was disposed: it is given no more items.")), this);

    /// <summary>Gives it an item; false when it was full and, told to fail then, is cut off.</summary>
    internal bool Offer(T item)
    {
        if (Queue.TryPut(item))
        {
            return true;
        }

        if (_overflow == Overflow.Fail)
        {
            Cut(new QueueFullException($"the inbox of a subscriber ({typeof(T).Name})", Capacity, QueueFullException.OfSubscriber));
            return false;
        }

        Queue.Put(item);
        return true;
    }

    private void Cut(Exception error)
    {
        _isClosed = true;
        Queue.End(error);
        _closed(this);
    }

    private void Close(Exception error)
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _closed(this);
        }

        Queue.Drop();
        Queue.End(error);
    }
}
