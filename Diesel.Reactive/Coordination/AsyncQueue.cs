using System.Reactive;

namespace Diesel.Reactive;

/// <summary>A first-in, first-out queue for competing consumers: each item goes to one of them.</summary>
/// <typeparam name="T">The items' type.</typeparam>
/// <remarks>
/// <para>Consumers are served in the order they came. <b>Losing never consumes</b>: a <c>Get</c> that loses a race, times
/// out or is unsubscribed leaves its item, and leaves the line in O(1). Loops that find the queue full take turns, so n
/// items over w equal workers are n/w each; the only consumer of a queue need not give way.</para>
/// <para>Bounded: by <c>capacity</c>, with the <see cref="Overflow"/> it was made with; there is one entry per waiting
/// consumer, and one per producer in <see cref="PutWhenRoom"/>, and nothing else that grows.</para>
/// <para>Scheduler: the hub. Observers get an item from within <c>Put</c>; a loop that awaits runs on after the caller of
/// <c>Put</c> has given way. Idea: diesel's <c>Queue</c>; there a timeout of zero meant for ever, here it means now or
/// never.</para>
/// </remarks>
public sealed class AsyncQueue<T> : IQueue<T>
{
    internal const int DefaultCapacity = 1_000_000;

    private readonly Hub _hub;
    private readonly Overflow _overflow;
    private readonly Queue<T> _items = new();
    private readonly WaitLine<T> _consumers = new();
    private readonly WaitLine<Unit> _producers = new();
    private readonly Getting _forEver;
    private SynchronizationContext? _lastConsumer;
    private Exception? _error;
    private bool _completed;
    private long _dropped;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="capacity">Items it holds at most; a million by default.</param>
    /// <param name="overflow">What <see cref="Put"/> does past that.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is not positive, or
    /// <paramref name="overflow"/> is not defined.</exception>
    public AsyncQueue(int capacity = DefaultCapacity, Overflow overflow = Overflow.Fail, Hub? hub = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        if (!Enum.IsDefined(overflow))
        {
            throw new ArgumentOutOfRangeException(nameof(overflow), overflow, "No such overflow policy.");
        }

        (Capacity, _overflow, _hub) = (capacity, overflow, Hub.Of(hub));
        _forEver = new Getting(this, Timeout.InfiniteTimeSpan, waiting: true);
    }

    /// <summary>Items it holds at most.</summary>
    public int Capacity { get; }

    /// <summary>Items it holds now.</summary>
    public int Count => _items.Count;

    /// <summary>Whether it holds none.</summary>
    public bool IsEmpty => _items.Count == 0;

    /// <summary>How many wait for an item.</summary>
    public int Waiters => _consumers.Count;

    /// <summary>Items that were dropped for want of room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    internal Hub Hub => _hub;

    /// <summary>Called when an item was taken.</summary>
    internal Action? Taken { get; init; }

    private bool HasRoom => _items.Count < Capacity;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It was completed.</exception>
    /// <remarks>From another thread, what would be thrown shows in <see cref="Hub.Errors"/>.</remarks>
    public void Put(T item)
    {
        if (_hub.IsCurrent)
        {
            PutHere(item);
        }
        else
        {
            _hub.Post(_ => PutHere(item));
        }
    }

    /// <summary>Puts an item at the end if there is room. The hub's thread only.</summary>
    /// <param name="item">Goes to one consumer.</param>
    /// <returns>Whether there was room; false too when it was completed.</returns>
    /// <exception cref="InvalidOperationException">This is another thread.</exception>
    public bool TryPut(T item)
    {
        ThrowIfElsewhere();
        if (_completed || !HasRoom)
        {
            return false;
        }

        Add(item);
        return true;
    }

    /// <summary>Waits until there is room, then puts an item at the end: how a producer keeps to its consumers' pace.</summary>
    /// <param name="item">Goes to one consumer.</param>
    /// <param name="timeout">Zero: now or never. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> puts the item once, in the order they came, and gives one
    /// <see cref="Unit"/> when it is in. Unsubscribed before, it puts nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="QueueFullException"/> when there is no room in time,
    /// <see cref="InvalidOperationException"/> when the queue was completed.</remarks>
    public Awaitable<Unit> PutWhenRoom(T item, TimeSpan? timeout = null) => new Putting(this, item, Waits.For(timeout));

    /// <inheritdoc/>
    /// <remarks>Completes without an item (awaited: <see cref="EndOfStreamException"/>) when the queue was completed and is
    /// empty.</remarks>
    public Awaitable<T> Get(bool waiting = true, TimeSpan? timeout = null) =>
        waiting && timeout is null ? _forEver : new Getting(this, waiting ? Waits.For(timeout) : TimeSpan.Zero, waiting);

    /// <summary>Takes the item at the front if there is one and nobody is in line for it. The hub's thread only.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="InvalidOperationException">This is another thread.</exception>
    public bool TryGet(out T item)
    {
        ThrowIfElsewhere();
        if (_items.Count == 0 || !_consumers.IsEmpty)
        {
            item = default!;
            return false;
        }

        item = Take();
        return true;
    }

    /// <summary>No item will follow: consumers get what is there, then their streams end. Any thread.</summary>
    public void Complete() => _hub.Invoke(static q => ((AsyncQueue<T>)q!).End(null), this);

    /// <summary>How many items it holds, as errors show it.</summary>
    public override string ToString() => $"a queue of {typeof(T).Name} with {Count} of {Capacity} items";

    /// <summary>Consumers get what is there, then the error, or the end.</summary>
    internal void End(Exception? error)
    {
        if (!_completed)
        {
            (_completed, _error) = (true, error);
            _producers.EndAll(Completed());
            _consumers.EndAll(error);
        }
    }

    /// <summary>Takes an item away without serving who waits for room.</summary>
    internal bool TryDrop(out T item) => _items.TryDequeue(out item!);

    internal void Drop() => _items.Clear();

    private void PutHere(T item)
    {
        if (_completed)
        {
            throw Completed();
        }

        if (HasRoom)
        {
            Add(item);
        }
        else if (_overflow == Overflow.Fail)
        {
            throw new QueueFullException(ToString(), Capacity, QueueFullException.OfQueue);
        }
        else
        {
            _dropped++;
            if (_overflow == Overflow.DropOldest)
            {
                _items.Dequeue();
                _items.Enqueue(item);
            }
        }
    }

    // Whoever waits gets the front; that is this item, since nobody waits while there is another.
    private void Add(T item)
    {
        if (_consumers.ClaimFirst() is { } consumer)
        {
            _lastConsumer = null;
            consumer.Deliver(item);
        }
        else
        {
            _items.Enqueue(item);
        }
    }

    private T Take()
    {
        var item = _items.Dequeue();
        if (_producers.ClaimFirst() is { } producer)
        {
            _items.Enqueue(((Putting)producer.Wait!).Item);
            producer.Deliver(Unit.Default);
        }

        Taken?.Invoke();
        return item;
    }

    private InvalidOperationException Completed() => new($"Cannot put into {this}: it was completed.");

    private void ThrowIfElsewhere()
    {
        if (!_hub.IsCurrent)
        {
            throw new InvalidOperationException("A queue's TryGet and TryPut belong to its hub's thread; use Get and Put on another one.");
        }
    }

    private sealed class Getting(AsyncQueue<T> queue, TimeSpan timeout, bool waiting) : Wait<T>(queue._hub, timeout)
    {
        protected override bool IsReady => queue._items.Count > 0 && queue._consumers.IsEmpty;

        // Whoever took the last item may take the next at once: nobody else came for it.
        protected override bool MayGoOn =>
            queue._lastConsumer == SynchronizationContext.Current && queue._lastConsumer is HubContext { IsOfLoop: true };

        protected override WaitLine<T> Line => queue._consumers;

        protected override T Take()
        {
            queue._lastConsumer = SynchronizationContext.Current;
            return queue.Take();
        }

        protected override bool IsEnded(out Exception? error)
        {
            error = queue._error;
            return queue._completed && queue._items.Count == 0;
        }

        protected internal override Exception OnTimeout() => waiting
            ? new QueueTimeoutException(queue.ToString(), Limit, queue.Waiters)
            : new QueueEmptyException(queue.ToString());

        public override string ToString() => $"waiting for an item of {queue}";
    }

    private sealed class Putting(AsyncQueue<T> queue, T item, TimeSpan timeout) : Wait<Unit>(queue._hub, timeout)
    {
        public T Item => item;

        protected override bool IsReady => !queue._completed && queue.HasRoom && queue._producers.IsEmpty;

        protected override WaitLine<Unit> Line => queue._producers;

        protected override Unit Take()
        {
            queue.Add(item);
            return Unit.Default;
        }

        protected override bool IsEnded(out Exception? error)
        {
            error = queue._completed ? queue.Completed() : null;
            return queue._completed;
        }

        protected internal override Exception OnTimeout() => new QueueFullException(queue.ToString(), queue.Capacity, QueueFullException.OfQueue);

        public override string ToString() => $"waiting for room in {queue}";
    }
}
