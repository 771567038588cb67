using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Makes an observable of an asynchronous method that runs on the hub, in a loop of its own: one that is done at once never has
/// it made, unless it asks.</summary>
internal static class Conversation
{
    /// <summary>Cold: one value and completion. Unsubscribing ends the loop.</summary>
    public static IObservable<T> Of<T>(Hub hub, Func<Task<T>> conversation) => Observable.Create<T>(observer =>
    {
        var context = new HubContext(hub, new UnmadeLoop(conversation));
        var task = Call(context, static method => method(), conversation, conversation);
        if (!TryEnd(context, task))
        {
            return Join(context, task, observer);
        }

        observer.OnNext(task.Result);
        observer.OnCompleted();
        return Disposable.Empty;
    });

    /// <summary>Calls the method on the hub's thread. What it throws is the task's; what it sets (an <see cref="AsyncLocal{T}"/>) is gone
    /// afterwards.</summary>
    /// <param name="context">The method's own.</param>
    /// <param name="method">Gives a task.</param>
    /// <param name="argument">The method's.</param>
    /// <param name="named">What errors name.</param>
    public static Task<T> Call<TArgument, T>(HubContext context, Func<TArgument, Task<T>> method, TArgument argument, Delegate named)
    {
        var flow = ExecutionContext.Capture();
        using var entered = context.Enter();
        try
        {
            return method(argument) ?? throw NothingGiven.Task(LoopBody.NameOf(named));
        }
        catch (Exception error)
        {
            return Task.FromException<T>(error);
        }
        finally
        {
            if (flow is not null && ExecutionContext.Capture() != flow)
            {
                ExecutionContext.Restore(flow);
            }
        }
    }

    /// <summary>Ends the loop of a method that is done, and has not failed.</summary>
    public static bool TryEnd<T>(HubContext context, Task<T> task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            return false;
        }

        context.EndLoop();
        return true;
    }

    /// <summary>Observes the rest of a method; disposed, its loop ends.</summary>
    public static IDisposable Join<T>(HubContext context, Task<T> task, IObserver<T> observer)
    {
        var (loop, result) = (context.Loop!, default(T)!);
        using (context.Enter())
        {
            LoopBody.Watch(loop, Keep());
        }

        var joined = loop.Subscribe(static _ => { }, observer.OnError, () =>
        {
            observer.OnNext(result);
            observer.OnCompleted();
        });
        return new CompositeDisposable(joined, loop);

        async Task Keep() => result = await task;
    }
}
