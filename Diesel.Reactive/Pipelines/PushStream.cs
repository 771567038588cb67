using System.Collections.Immutable;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>Tells many of what nobody asked for. An observer that throws is reported, and is told no more; the others are.</summary>
internal sealed class PushStream<T>(Hub hub) : IObservable<T>
{
    // Default: it has ended.
    private ImmutableArray<Listener> _listeners = [];

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var listener = new Listener(this, observer);
        if (ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.IsDefault ? all : all.Add(one), listener))
        {
            return listener;
        }

        observer.OnCompleted();
        return Disposable.Empty;
    }

    public void Tell(T value)
    {
        foreach (var listener in _listeners)
        {
            if (!listener.HasLeft && !hub.Pace.TryDeliver(listener.Observer, value))
            {
                listener.Dispose();
            }
        }
    }

    /// <summary>It has ended; once more, nothing happens.</summary>
    public void Complete()
    {
        foreach (var listener in ImmutableInterlocked.InterlockedExchange(ref _listeners, default) is { IsDefault: false } all ? all : [])
        {
            if (!listener.HasLeft)
            {
                listener.HasLeft = true;
                hub.Pace.End(listener.Observer, null);
            }
        }
    }

    private sealed class Listener(PushStream<T> stream, IObserver<T> observer) : IDisposable
    {
        public IObserver<T> Observer => observer;

        public bool HasLeft { get; set; }

        public void Dispose()
        {
            HasLeft = true;
            ImmutableInterlocked.Update(ref stream._listeners, static (all, one) => all.IsDefault ? all : all.Remove(one), this);
        }
    }
}
