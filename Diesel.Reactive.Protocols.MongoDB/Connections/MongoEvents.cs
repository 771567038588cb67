using System.Collections.Immutable;
using System.Net;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What happened to the connections to a server; the words are those of the driver specifications (CMAP).</summary>
/// <param name="Server">Which.</param>
public abstract record MongoPoolEvent(EndPoint Server) : ClientEvent(Server);

/// <summary>From now on connections are opened.</summary>
/// <param name="Server">To which server.</param>
public sealed record MongoPoolReady(EndPoint Server) : MongoPoolEvent(Server);

/// <summary>All connections there are will be closed: those that are used when they come back.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Reason">Why.</param>
public sealed record MongoPoolCleared(EndPoint Server, Exception Reason) : MongoPoolEvent(Server);

/// <summary>No connection is opened any more.</summary>
/// <param name="Server">To which server.</param>
public sealed record MongoPoolClosed(EndPoint Server) : MongoPoolEvent(Server);

/// <summary>A connection is being opened.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Id">Its number, from 1.</param>
public sealed record MongoConnectionCreated(EndPoint Server, int Id) : MongoPoolEvent(Server);

/// <summary>A connection is ready for calls.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Id">Its number.</param>
/// <param name="Took">How long that took.</param>
public sealed record MongoConnectionReady(EndPoint Server, int Id, TimeSpan Took) : MongoPoolEvent(Server);

/// <summary>A connection was closed.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Id">Its number.</param>
/// <param name="Reason"><c>stale</c> (of before the pool was cleared), <c>idle</c>, <c>error</c> or <c>poolClosed</c>.</param>
public sealed record MongoConnectionClosed(EndPoint Server, int Id, string Reason) : MongoPoolEvent(Server);

/// <summary>A call wants a connection.</summary>
/// <param name="Server">To which server.</param>
public sealed record MongoCheckOutStarted(EndPoint Server) : MongoPoolEvent(Server);

/// <summary>A call has a connection.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Id">Its number.</param>
/// <param name="Took">How long the call waited.</param>
public sealed record MongoCheckedOut(EndPoint Server, int Id, TimeSpan Took) : MongoPoolEvent(Server);

/// <summary>A call gets no connection.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Reason">Why.</param>
public sealed record MongoCheckOutFailed(EndPoint Server, Exception Reason) : MongoPoolEvent(Server);

/// <summary>A connection came back.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Id">Its number.</param>
public sealed record MongoCheckedIn(EndPoint Server, int Id) : MongoPoolEvent(Server);

/// <summary>Tells them. It never ends and never fails; an observer that throws is reported, and gets no more.</summary>
internal sealed class MongoEvents(Hub hub) : IObservable<ClientEvent>
{
    private ImmutableList<IObserver<ClientEvent>> _observers = [];

    /// <summary>Whether somebody wants to know.</summary>
    public bool AreHeard => !_observers.IsEmpty;

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
