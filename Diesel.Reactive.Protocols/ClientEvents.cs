using System.Collections.Immutable;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols;

/// <summary>Tells what happened to a client. It never ends and never fails; an observer that throws is reported, and gets no more.</summary>
internal sealed class ClientEvents(Hub hub) : IObservable<ClientEvent>
{
    private ImmutableList<IObserver<ClientEvent>> _observers = [];

    public IDisposable Subscribe(IObserver<ClientEvent> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ImmutableInterlocked.Update(ref _observers, static (all, one) => all.Add(one), observer);
        return Disposable.Create((this, observer), static left => left.Item1.Leave(left.observer));
    }

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
