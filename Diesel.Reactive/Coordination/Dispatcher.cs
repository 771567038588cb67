namespace Diesel.Reactive;

/// <summary>Gives each item to one of its acceptors: one that waits, or else the least loaded.</summary>
/// <typeparam name="T">The items' type.</typeparam>
/// <remarks>
/// <para>Unlike in a <see cref="AsyncQueue{T}"/>, an item is an acceptor's own from when it was dispatched, so an acceptor can
/// see its load; what an acceptor leaves behind goes to the others. Equal ones take turns (diesel chose at random).</para>
/// <para>Bounded: each acceptor's <see cref="Inbox{T}"/> by <c>capacity</c>; what finds no room, or no acceptor, waits in a
/// backlog of as many items, in order; past that the <see cref="Overflow"/> of the dispatcher applies. Choosing looks at
/// each acceptor.</para>
/// <para>Scheduler: the hub. Idea: diesel's <c>Dispatcher</c>.</para>
/// </remarks>
public sealed class Dispatcher<T>
{
    private readonly Hub _hub;
    private readonly int _capacity;
    private readonly Overflow _overflow;
    private readonly List<Inbox<T>> _acceptors = [];
    private Queue<T> _backlog = new();
    private int _turn;
    private long _dropped;
    private bool _spreading;

    /// <summary>Makes a dispatcher without acceptors.</summary>
    /// <param name="capacity">Items an acceptor's inbox holds at most, and the backlog.</param>
    /// <param name="overflow">What happens to an item when the inboxes and the backlog are full.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is not positive.</exception>
    public Dispatcher(int capacity = 1024, Overflow overflow = Overflow.Fail, Hub? hub = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        (_capacity, _overflow, _hub) = (capacity, overflow, Hub.Of(hub));
    }

    /// <summary>How many accept.</summary>
    public int AcceptorCount => _acceptors.Count;

    /// <summary>Items no acceptor has room for.</summary>
    public int BacklogCount => _backlog.Count;

    /// <summary>Items that were dropped for want of room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Gives an item to one acceptor; with none, or all full, it waits in the backlog. Any thread.</summary>
    /// <param name="item">Goes to one acceptor.</param>
    /// <exception cref="QueueFullException">There is no room, and the dispatcher was told to fail then; from another thread
    /// this shows in <see cref="Hub.Errors"/>.</exception>
    public void Dispatch(T item)
    {
        if (_hub.IsCurrent)
        {
            DispatchHere(item);
        }
        else
        {
            _hub.Post(_ => DispatchHere(item));
        }
    }

    /// <summary>Joins the acceptors. Any thread.</summary>
    /// <param name="capacity">Items its inbox holds at most; null for the dispatcher's.</param>
    /// <returns>An inbox, filled from the backlog; disposing it gives what is in it to the others.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is not positive.</exception>
    public Inbox<T> Accept(int? capacity = null)
    {
        var inbox = new Inbox<T>(capacity ?? _capacity, Overflow.Fail, _hub, Leave, Spread);
        _hub.Invoke(_ => Join(inbox), null);
        return inbox;
    }

    private void DispatchHere(T item)
    {
        if (_backlog.Count == 0 && Choose() is { } acceptor)
        {
            acceptor.Offer(item);
        }
        else if (_backlog.Count < _capacity)
        {
            _backlog.Enqueue(item);
        }
        else if (_overflow == Overflow.Fail)
        {
            throw new QueueFullException($"the backlog of a dispatcher with {AcceptorCount} acceptors", _capacity, QueueFullException.OfSubscriber);
        }
        else
        {
            _dropped++;
            if (_overflow == Overflow.DropOldest)
            {
                _backlog.Dequeue();
                _backlog.Enqueue(item);
            }
        }
    }

    private void Join(Inbox<T> inbox)
    {
        if (!inbox.IsClosed)
        {
            _acceptors.Add(inbox);
            Spread();
        }
    }

    private void Leave(Inbox<T> inbox)
    {
        if (!_acceptors.Remove(inbox))
        {
            return;
        }

        // What it leaves came before what waits: it goes to the front.
        var left = new Queue<T>();
        while (inbox.Queue.TryDrop(out var item))
        {
            left.Enqueue(item);
        }

        foreach (var item in _backlog)
        {
            left.Enqueue(item);
        }

        _backlog = left;
        Spread();
    }

    private void Spread()
    {
        if (_spreading)
        {
            return;
        }

        _spreading = true;
        while (_backlog.Count > 0 && Choose() is { } acceptor)
        {
            acceptor.Offer(_backlog.Dequeue());
        }

        _spreading = false;
    }

    private Inbox<T>? Choose()
    {
        Inbox<T>? best = null;
        var count = _acceptors.Count;
        for (var i = 0; i < count; i++)
        {
            var acceptor = _acceptors[(_turn + i) % count];
            if (acceptor.Queue.Waiters > 0 && acceptor.Count == 0)
            {
                best = acceptor;
                break;
            }

            if (acceptor.Count < acceptor.Capacity && (best is null || acceptor.Count < best.Count))
            {
                best = acceptor;
            }
        }

        _turn = count == 0 ? 0 : (_turn + 1) % count;
        return best;
    }
}
