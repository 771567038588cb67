using System.Reactive.Disposables;
using System.Reactive.Linq;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Inspector;

/// <summary>A stream that has a row for each of its subscriptions.</summary>
internal sealed class ShownStream<T>(IObservable<T> source, HubInspector inspector, string name) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        var row = inspector.Open(name, isConnection: false, inspector.Hub);
        var subscription = source.Do(
            value => row.Tell(MarbleKind.Value, row.IsShown ? value?.ToString() ?? "null" : null),
            error => row.Tell(MarbleKind.Failed, error.Message),
            () => row.Tell(MarbleKind.Completed, null)).Subscribe(observer);
        return StableCompositeDisposable.Create(subscription, Disposable.Create((inspector, row), static both => both.inspector.Close(both.row)));
    }
}
