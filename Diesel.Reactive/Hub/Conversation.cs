using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Makes an observable of an asynchronous method that runs on the hub, in a loop of its own.</summary>
internal static class Conversation
{
    /// <summary>Cold: one value and completion. Unsubscribing ends the loop.</summary>
    public static IObservable<T> Of<T>(Hub hub, Func<Task<T>> conversation) => Observable.Create<T>(observer =>
    {
        T result = default!;
        var body = LoopBody.Of(async () => result = await (conversation() ?? throw NothingGiven.Task(conversation.Method.Name)));

        // What it throws is the caller's.
        var loop = Loop.Begin(hub, body with { Name = conversation.Method.Name, IsJoined = true });
        var joined = loop.Subscribe(static _ => { }, observer.OnError, () =>
        {
            observer.OnNext(result);
            observer.OnCompleted();
        });
        return new CompositeDisposable(joined, loop);
    });
}
