using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary><see cref="Hub.Run{T}(Func{T})"/>.</summary>
internal sealed class BlockingWork<T>(Hub hub, Func<T> blocking) : Awaitable<T>
{
    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new BooleanDisposable();
        if (hub.IsVirtual)
        {
            // No thread may run beside a virtual clock: there the work takes a turn and no time.
            hub.Post(_ => Deliver(observer, subscription, TryAsOnThePool(blocking)));
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => Deliver(observer, subscription, Try(blocking)), null);
        }

        return subscription;
    }

    public override string ToString() => WorkItem.Describe(blocking);

    // Without the hub's context, which would object to a wait; the next item of the turn brings its own.
    private static (T Value, Exception? Error) TryAsOnThePool(Func<T> blocking)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        return Try(blocking);
    }

    private static (T Value, Exception? Error) Try(Func<T> blocking)
    {
        try
        {
            return (blocking(), null);
        }
        catch (Exception error)
        {
            return (default!, error);
        }
    }

    private void Deliver(IObserver<T> observer, BooleanDisposable subscription, (T Value, Exception? Error) outcome) =>
        hub.Post(_ =>
        {
            if (subscription.IsDisposed)
            {
                return;
            }

            if (outcome.Error is { } error)
            {
                observer.OnError(error);
                return;
            }

            observer.OnNext(outcome.Value);
            observer.OnCompleted();
        });
}
