using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Conversations that take a connection over.</summary>
internal static class HttpTakeover
{
    /// <summary>Lets one begin; what it throws is told like what it ends with.</summary>
    public static IDisposable Begin(
        Func<Connection, IObservable<ReadOnlyMemory<byte>>> takeover, Connection connection, IObserver<ReadOnlyMemory<byte>> observer)
    {
        try
        {
            return takeover(connection).Subscribe(observer);
        }
        catch (Exception error)
        {
            // The handler is the user's.
            observer.OnError(error);
            return Disposable.Empty;
        }
    }

    /// <summary>Runs it in a loop of its own, which ends when nobody wants it any more.</summary>
    public static Func<Connection, IObservable<ReadOnlyMemory<byte>>> Of(Func<Connection, Task> handler) => connection =>
        Observable.Create<ReadOnlyMemory<byte>>(observer =>
        {
            var loop = Hub.Current!.Fork(() => handler(connection), $"handler of {connection}");
            loop.Subscribe(static _ => { }, observer.OnError, observer.OnCompleted);
            return loop;
        });
}
