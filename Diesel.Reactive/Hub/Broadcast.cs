using System.Collections.Immutable;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>A subject that cannot be harmed: an observer that throws is dropped, and nothing ends it.</summary>
internal class Broadcast<T> : IObservable<T>
{
    private ImmutableList<IObserver<T>> _observers = [];

    public bool IsObserved => !_observers.IsEmpty;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ImmutableInterlocked.Update(ref _observers, static (list, o) => list.Add(o), observer);
        return Disposable.Create((this, observer), static s => s.Item1.Remove(s.observer));
    }

    /// <summary>Tells everybody who observes now.</summary>
    /// <param name="value">What.</param>
    /// <param name="thrown">Told what an observer threw, which gets nothing more.</param>
    public void Tell(T value, Action<Exception>? thrown = null)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.OnNext(value);
            }
            catch (Exception error)
            {
                Remove(observer);
                thrown?.Invoke(error);
            }
        }
    }

    private void Remove(IObserver<T> observer) =>
        ImmutableInterlocked.Update(ref _observers, static (list, o) => list.Remove(o), observer);
}
