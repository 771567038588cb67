namespace Diesel.Reactive;

/// <summary>Of-the-moment events by name: only those who wait when a signal is fired get it.</summary>
/// <remarks>
/// <para>A hot subject per topic, made when the first one waits and freed when the last one has gone; firing a topic
/// nobody waits for keeps nothing (diesel leaked an entry). There is one entry per waiter and nothing else that grows. It
/// is no Rx <c>Subject</c> inside since that copies all its observers for each that comes or goes; here that is O(1), and
/// an observer that throws is dropped and reported without harm to the others.</para>
/// <para>Scheduler: the hub. Observers are told from within <c>Fire</c>, in the order they came (diesel's order was
/// arbitrary), those who wait for one value before those who listen to all; a loop that awaits runs on after the caller of
/// <c>Fire</c> has given way, and misses what is fired until it waits again. A fired exception is a value (diesel sometimes
/// raised it and sometimes returned it). Idea: diesel's <c>fire</c> and <c>wait</c>.</para>
/// </remarks>
public sealed class Signals : ISignals
{
    private readonly Hub _hub;
    private readonly Dictionary<(string Name, Type Type), object> _topics = [];

    /// <summary>Makes a set of topics of its own.</summary>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    public Signals(Hub? hub = null) => _hub = Hub.Of(hub);

    /// <summary>Topics somebody waits for.</summary>
    public int TopicCount => _topics.Count;

    /// <summary>Gives a value to everyone who waits for a name; nobody waiting, it is lost. Any thread.</summary>
    /// <param name="name">The untyped topic of this name.</param>
    /// <param name="value">The same for all.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public void Fire(string name, object? value = null) => Fire<object?>(name, value);

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="topic"/> is null.</exception>
    public void Fire<T>(Topic<T> topic, T value)
    {
        ArgumentNullException.ThrowIfNull(topic);
        Fire(topic.Name, value);
    }

    /// <summary>Waits for the next value that is fired under a name.</summary>
    /// <param name="name">The untyped topic of this name.</param>
    /// <param name="timeout">Null: for ever. Zero: never, since only what is fired later counts.</param>
    /// <returns>Cold: each subscription and each <c>await</c> waits anew and gets one value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="TimeoutException"/>.</remarks>
    public Awaitable<object?> Wait(string name, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new Waiting<object?>(this, name, Waits.For(timeout));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="topic"/> is null.</exception>
    public Awaitable<T> Wait<T>(Topic<T> topic, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return new Waiting<T>(this, topic.Name, Waits.For(timeout));
    }

    /// <summary>All values that are fired under a name while it is subscribed.</summary>
    /// <param name="name">The untyped topic of this name.</param>
    /// <returns>Hot; never completes, never fails.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public IObservable<object?> On(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new Listening<object?>(this, name);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="topic"/> is null.</exception>
    public IObservable<T> On<T>(Topic<T> topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return new Listening<T>(this, topic.Name);
    }

    private void Fire<T>(string name, T value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_hub.IsCurrent)
        {
            FireHere(name, value);
        }
        else
        {
            _hub.Post(_ => FireHere(name, value));
        }
    }

    private void FireHere<T>(string name, T value)
    {
        if (_topics.TryGetValue((name, typeof(T)), out var found))
        {
            var present = (Present<T>)found;
            present.Waiters.DeliverAll(value);
            present.Listeners.PassAll(value);
        }
    }

    private Present<T> Of<T>(string name)
    {
        if (_topics.TryGetValue((name, typeof(T)), out var found))
        {
            return (Present<T>)found;
        }

        var present = new Present<T>(this, name);
        _topics.Add((name, typeof(T)), present);
        return present;
    }

    /// <summary>Those who are there for a topic.</summary>
    private sealed class Present<T>
    {
        private readonly Signals _signals;
        private readonly string _name;

        public Present(Signals signals, string name)
        {
            (_signals, _name) = (signals, name);
            Waiters = new WaitLine<T>(Emptied);
            Listeners = new WaitLine<T>(Emptied);
        }

        public WaitLine<T> Waiters { get; }

        public WaitLine<T> Listeners { get; }

        private void Emptied(WaitLine<T> line)
        {
            if (Waiters.IsEmpty && Listeners.IsEmpty)
            {
                _signals._topics.Remove((_name, typeof(T)));
            }
        }
    }

    private sealed class Waiting<T>(Signals signals, string name, TimeSpan timeout) : Wait<T>(signals._hub, timeout)
    {
        protected override bool IsReady => false;

        protected override WaitLine<T> Line => signals.Of<T>(name).Waiters;

        protected override T Take() => throw new InvalidOperationException("A signal is never ready; this is a defect of Diesel.Reactive.");

        protected internal override Exception OnTimeout() => new TimeoutException(
            $"Signal '{name}' was not fired {Waits.Text(Limit)}. Only what is fired while one waits counts; an Event or a Queue remembers.");

        public override string ToString() => $"waiting for signal '{name}'";
    }

    private sealed class Listening<T>(Signals signals, string name) : IObservable<T>
    {
        public IDisposable Subscribe(IObserver<T> observer)
        {
            ArgumentNullException.ThrowIfNull(observer);
            var listener = new Waiter<T>(signals._hub, observer);
            signals._hub.Enter(listener, _ =>
            {
                if (!listener.IsOver)
                {
                    signals.Of<T>(name).Listeners.Add(listener);
                }
            });
            return listener;
        }
    }
}
