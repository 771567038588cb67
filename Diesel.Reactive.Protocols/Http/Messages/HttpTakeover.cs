using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Conversations that take a connection over.</summary>
internal static class HttpTakeover
{
    /// <summary>Runs it in a loop of its own, which ends when nobody wants it any more.</summary>
    public static Func<Connection, IObservable<ReadOnlyMemory<byte>>> Of(Func<Connection, Task> handler) => connection =>
        Observable.Create<ReadOnlyMemory<byte>>(observer =>
        {
            var loop = Hub.Current!.Fork(() => handler(connection), $"handler of {connection}");
            loop.Subscribe(static _ => { }, observer.OnError, observer.OnCompleted);
            return loop;
        });
}
