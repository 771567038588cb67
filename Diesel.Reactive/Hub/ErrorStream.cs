using System.Collections.Immutable;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>A subject that cannot be harmed: an observer that throws is dropped, and nothing ends it.</summary>
internal sealed class ErrorStream : IObservable<HubError>
{
    [ThreadStatic]
    private static bool _reporting;

    private ImmutableList<IObserver<HubError>> _observers = [];
    private bool _said;

    public IDisposable Subscribe(IObserver<HubError> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ImmutableInterlocked.Update(ref _observers, static (list, o) => list.Add(o), observer);
        return Disposable.Create((this, observer), static s => s.Item1.Remove(s.observer));
    }

    public void Report(HubError error)
    {
        // What an observer of errors causes itself (sending them down a connection that fails) would be told to it again.
        if (_reporting)
        {
            return;
        }

        _reporting = true;
        try
        {
            SayIfUnobserved(error);
            Tell(error);
        }
        finally
        {
            _reporting = false;
        }
    }

    // A program whose connections all wait would show nothing at all. Once is enough to know where to look.
    private void SayIfUnobserved(HubError error)
    {
        if (error.Kind == HubErrorKind.SlowTurn && _observers.IsEmpty && !Interlocked.Exchange(ref _said, true))
        {
            StandardStreams.Say($"{error} (This is said once; observe {nameof(Hub)}.{nameof(Hub.Errors)} for all.)");
        }
    }

    private void Tell(HubError error)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.OnNext(error);
            }
            catch (Exception)
            {
                // The last place errors can go threw itself; telling it again would throw again.
                Remove(observer);
            }
        }
    }

    private void Remove(IObserver<HubError> observer) =>
        ImmutableInterlocked.Update(ref _observers, static (list, o) => list.Remove(o), observer);
}
