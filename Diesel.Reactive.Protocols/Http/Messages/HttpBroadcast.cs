using System.Collections.Immutable;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>What happens somewhere, for whoever watches: one that throws shows, is told nothing more, and harms nobody else.</summary>
internal sealed class HttpBroadcast<T> : IObservable<T>
{
    private ImmutableList<IObserver<T>> _observers = [];
    private volatile bool _isOver;

    /// <summary>Somebody watches.</summary>
    public bool IsObserved => !_observers.IsEmpty;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (_isOver)
        {
            observer.OnCompleted();
            return Disposable.Empty;
        }

        ImmutableInterlocked.Update(ref _observers, static (all, one) => all.Add(one), observer);
        return Disposable.Create((this, observer), static s => s.Item1.Remove(s.observer));
    }

    /// <summary>Tells all who watch now.</summary>
    public void Tell(Hub hub, T what)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.OnNext(what);
            }
            catch (Exception error)
            {
                Remove(observer);
                hub.Report(error, "an observer of HTTP");
            }
        }
    }

    /// <summary>There will be no more; null: the hub never was.</summary>
    public void End(Hub? hub)
    {
        _isOver = true;
        foreach (var observer in Interlocked.Exchange(ref _observers, []))
        {
            try
            {
                observer.OnCompleted();
            }
            catch (Exception error)
            {
                hub?.Report(error, "an observer of HTTP");
            }
        }
    }

    private void Remove(IObserver<T> observer) => ImmutableInterlocked.Update(ref _observers, static (all, one) => all.Remove(one), observer);
}
