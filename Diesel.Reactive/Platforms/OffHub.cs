using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>Runs an asynchronous step of the system's (a lookup, a dial) on the pool and brings its outcome to the hub.</summary>
internal static class OffHub
{
    public static IDisposable Run<T>(IHub hub, IObserver<T> observer, Func<CancellationToken, Task<T>> step) =>
        new OffHubStep<T>(hub, observer).Start(step);
}

/// <summary>One such step. Its result goes to its observer, or is let go of: when nobody waits for it any more, or the hub has ended.</summary>
internal sealed class OffHubStep<T>(IHub hub, IObserver<T> observer) : IDisposable
{
    private readonly CancellationDisposable _givenUp = new();
    private Task<T>? _outcome;

    public OffHubStep<T> Start(Func<CancellationToken, Task<T>> step)
    {
        _ = Task.Run(() => step(_givenUp.Token), CancellationToken.None).ContinueWith(
            BringHome, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return this;
    }

    public void Dispose()
    {
        _givenUp.Dispose();
        LetGo();
    }

    // Whoever comes later, this or the disposal, sees what the other has done.
    private void BringHome(Task<T> outcome)
    {
        Interlocked.Exchange(ref _outcome, outcome);
        if (_givenUp.IsDisposed || !hub.Post(static step => ((OffHubStep<T>)step!).Deliver(), this))
        {
            LetGo();
        }
    }

    // What was made at the last moment is closed again: a connection.
    private void LetGo()
    {
        if (Interlocked.Exchange(ref _outcome, null) is { } outcome)
        {
            _ = outcome.Exception;
            if (outcome.IsCompletedSuccessfully)
            {
                Unclaimed.LetGo(outcome.Result);
            }
        }
    }

    private void Deliver()
    {
        if (Interlocked.Exchange(ref _outcome, null) is not { } outcome)
        {
            return;
        }

        if (outcome.Exception is { } error)
        {
            observer.OnError(error.InnerException!);
        }
        else if (outcome.IsCanceled)
        {
            observer.OnError(new OperationCanceledException());
        }
        else
        {
            observer.OnNext(outcome.Result);
            observer.OnCompleted();
        }
    }
}
