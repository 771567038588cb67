using System.Collections.Immutable;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols;

/// <summary>Tells what happened to a client, for clients of protocols: their own, and those of others.</summary>
/// <param name="hub">Reports what observers throw.</param>
/// <remarks>It never ends and never fails; an observer that throws is reported in <see cref="Hub.Errors"/>, and gets no more. Observers come and go on any
/// thread, and are told on that of <see cref="Tell"/>.</remarks>
public sealed class ClientEvents(Hub hub) : IObservable<ClientEvent>
{
    private ImmutableList<IObserver<ClientEvent>> _observers = [];

    /// <summary>Whether somebody wants to know: without, an event need not be made.</summary>
    public bool AreHeard => !_observers.IsEmpty;

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<ClientEvent> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ImmutableInterlocked.Update(ref _observers, static (all, one) => all.Add(one), observer);
        return Disposable.Create((this, observer), static left => left.Item1.Leave(left.observer));
    }

    /// <summary>Tells all who want to know.</summary>
    /// <param name="what">What happened.</param>
    public void Tell(ClientEvent what)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.OnNext(what);
            }
            catch (Exception thrown)
            {
                Leave(observer);
                hub.Report(thrown, $"an observer of {what}");
            }
        }
    }

    private void Leave(IObserver<ClientEvent> observer) => ImmutableInterlocked.Update(ref _observers, static (all, one) => all.Remove(one), observer);
}
