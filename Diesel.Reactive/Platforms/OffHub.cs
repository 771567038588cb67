using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>Runs an asynchronous step of the system's (a lookup, a dial) on the pool and brings its outcome to the hub.</summary>
internal static class OffHub
{
    public static IDisposable Run<T>(IHub hub, IObserver<T> observer, Func<CancellationToken, Task<T>> step)
    {
        var cancellation = new CancellationDisposable();
        _ = Task.Run(() => step(cancellation.Token), CancellationToken.None).ContinueWith(
            task => hub.Post(_ => Deliver(task, observer, cancellation)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return cancellation;
    }

    private static void Deliver<T>(Task<T> task, IObserver<T> observer, CancellationDisposable cancellation)
    {
        if (cancellation.IsDisposed)
        {
            // A result nobody waits for any more: a connection made at the last moment is closed again.
            if (task.IsCompletedSuccessfully && task.Result is ITransport late)
            {
                late.Abort();
            }

            _ = task.Exception;
        }
        else if (task.Exception is { } error)
        {
            observer.OnError(error.InnerException!);
        }
        else if (task.IsCanceled)
        {
            observer.OnError(new OperationCanceledException());
        }
        else
        {
            observer.OnNext(task.Result);
            observer.OnCompleted();
        }
    }
}
