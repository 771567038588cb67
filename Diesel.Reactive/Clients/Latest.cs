using System.Collections.Immutable;

namespace Diesel.Reactive;

/// <summary>What holds at present, and each change of it: who comes is told the present at once. An observer that throws is reported, and
/// gets no more.</summary>
/// <remarks>Told on the hub. A change that an observer causes is told when all have heard of the one before.</remarks>
internal sealed class Latest<T>(Hub hub, T first, object owner) : IObservable<T>
{
    private readonly Queue<T> _changes = [];
    private ImmutableArray<Listener> _listeners = [];
    private bool _isTelling;
    private bool _isOver;

    /// <summary>What holds. Any thread.</summary>
    public T Value { get; private set; } = first;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var listener = new Listener(this, observer);
        if (!hub.Invoke(static l => ((Listener)l!).Enter(), listener))
        {
            observer.OnCompleted();
        }

        return listener;
    }

    public void Tell(T value)
    {
        if (_isOver)
        {
            return;
        }

        _changes.Enqueue(value);
        if (_isTelling)
        {
            return;
        }

        _isTelling = true;
        while (_changes.TryDequeue(out var change))
        {
            Value = change;
            foreach (var listener in _listeners)
            {
                listener.Tell(change);
            }
        }

        _isTelling = false;
    }

    /// <summary>Nothing changes any more.</summary>
    public void Complete()
    {
        if (!_isOver)
        {
            _isOver = true;
            var listeners = _listeners;
            _listeners = [];
            foreach (var listener in listeners)
            {
                listener.End();
            }
        }
    }

    private sealed class Listener(Latest<T> latest, IObserver<T> observer) : IDisposable
    {
        private volatile bool _hasLeft;

        public void Enter()
        {
            latest._listeners = latest._listeners.Add(this);
            Tell(latest.Value);
            if (latest._isOver)
            {
                End();
            }
        }

        public void Tell(T value)
        {
            if (!_hasLeft && !latest.Hub.Pace.TryDeliver(observer, value))
            {
                Dispose();
            }
        }

        public void End()
        {
            if (!_hasLeft)
            {
                _hasLeft = true;
                latest.Hub.Pace.End(observer, null);
            }
        }

        public void Dispose()
        {
            _hasLeft = true;
            latest.Hub.Invoke(static l => ((Listener)l!).Leave(), this);
        }

        private void Leave() => latest._listeners = latest._listeners.Remove(this);
    }

    private Hub Hub => hub;

    public override string ToString() => $"the state of {owner}";
}
