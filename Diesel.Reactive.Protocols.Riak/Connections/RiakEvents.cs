using System.Collections.Immutable;
using System.Net;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>An attempt of a call has failed, and its node is asked less for a while.</summary>
/// <param name="Server">Which node.</param>
/// <param name="Call">What was asked.</param>
/// <param name="Reason">What became of it.</param>
public sealed record RiakAttemptFailed(EndPoint Server, string Call, Exception Reason) : ClientEvent(Server)
{
    /// <summary>The event as a line.</summary>
    public override string ToString() => $"{nameof(RiakAttemptFailed)}: {Server.Shown()}: {Call}: {Reason.Message}";
}

/// <summary>Tells them. It never ends and never fails; an observer that throws is reported, and gets no more.</summary>
internal sealed class RiakEvents(Hub hub) : IObservable<ClientEvent>
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
