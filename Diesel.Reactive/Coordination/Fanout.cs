namespace Diesel.Reactive;

/// <summary>Gives every item to everyone who is subscribed when it is published.</summary>
/// <typeparam name="T">The items' type.</typeparam>
/// <remarks>
/// <para>Observed, it is a hot subject: nothing is kept. A loop that takes its time opens an <see cref="Inbox{T}"/>, with a
/// bound and a policy past it: with <see cref="Overflow.Fail"/>, the default, a subscriber that is too slow is cut off and
/// learns it behind the items it has; the publisher and the others never do. (In diesel a slow subscriber's queue grew
/// without end.) There is one entry per subscriber and nothing else that grows.</para>
/// <para>Scheduler: the hub. Idea: diesel's <c>Fanout</c>, <c>pub</c> and <c>sub</c>.</para>
/// </remarks>
public sealed class Fanout<T> : IObservable<T>
{
    private readonly Hub _hub;
    private readonly int _capacity;
    private readonly Overflow _overflow;
    private readonly WaitLine<T> _listeners = new();
    private readonly HashSet<Inbox<T>> _inboxes = [];
    private Inbox<T>[]? _snapshot;

    /// <summary>Makes a fan-out without subscribers.</summary>
    /// <param name="capacity">Items an inbox holds at most.</param>
    /// <param name="overflow">What becomes of an inbox, or its items, past that.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is not positive.</exception>
    public Fanout(int capacity = 1024, Overflow overflow = Overflow.Fail, Hub? hub = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        (_capacity, _overflow, _hub) = (capacity, overflow, Hub.Of(hub));
    }

    /// <summary>How many are subscribed, observers and inboxes.</summary>
    public int SubscriberCount => _inboxes.Count + _listeners.Count;

    /// <summary>Gives an item to all who are subscribed; nobody subscribed, it is lost. Any thread.</summary>
    /// <param name="item">The same for all.</param>
    public void Publish(T item)
    {
        if (_hub.IsCurrent)
        {
            PublishHere(item);
        }
        else
        {
            _hub.Post(_ => PublishHere(item));
        }
    }

    /// <summary>Subscribes with an inbox, to take the items at one's own pace. Any thread.</summary>
    /// <param name="capacity">Items it holds at most; null for the fan-out's.</param>
    /// <param name="overflow">The policy past that; null for the fan-out's.</param>
    /// <returns>An empty inbox; dispose it to leave.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is not positive.</exception>
    public Inbox<T> Open(int? capacity = null, Overflow? overflow = null)
    {
        var inbox = new Inbox<T>(capacity ?? _capacity, overflow ?? _overflow, _hub, Remove);
        _hub.Invoke(_ => Add(inbox), null);
        return inbox;
    }

    /// <summary>Subscribes without an inbox: items are observed as they are published.</summary>
    /// <param name="observer">Gets each item from within <see cref="Publish"/>; never completed, never failed. One that
    /// throws is dropped, and shows in <see cref="Hub.Errors"/>.</param>
    /// <returns>Leaves.</returns>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var listener = new Waiter<T>(_hub, observer);
        _hub.Enter(listener, _ =>
        {
            if (!listener.IsOver)
            {
                _listeners.Add(listener);
            }
        });
        return listener;
    }

    private void PublishHere(T item)
    {
        _snapshot ??= [.. _inboxes];
        foreach (var inbox in _snapshot)
        {
            if (!inbox.IsClosed)
            {
                inbox.Offer(item);
            }
        }

        _listeners.PassAll(item);
    }

    private void Add(Inbox<T> inbox)
    {
        if (!inbox.IsClosed && _inboxes.Add(inbox))
        {
            _snapshot = null;
        }
    }

    private void Remove(Inbox<T> inbox)
    {
        if (_inboxes.Remove(inbox))
        {
            _snapshot = null;
        }
    }
}
