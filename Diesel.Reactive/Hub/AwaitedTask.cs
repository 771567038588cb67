using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary><see cref="Awaitable{T}.AsTask"/>.</summary>
/// <remarks>Whoever sets the outcome, the hub most of all, never runs the code that awaits the task.</remarks>
internal sealed class AwaitedTask<T>(Awaitable<T> source) : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IObserver<T>, IToldWhy
{
    public Task<T> Begin()
    {
        source.Subscribe(this);
        return Task;
    }

    public void OnNext(T value) => TrySetResult(value);

    public void OnError(Exception error)
    {
        if (error is OperationCanceledException)
        {
            TrySetFromTask(Cancelled(error));
        }
        else
        {
            TrySetException(error);
        }
    }

    public void OnCompleted() => OnEnded($"{source} ended without a value.");

    public void OnEnded(string why) => TrySetException(new EndOfStreamException(why));

    // As an async method that throws it: cancelled, with the token, and awaited it throws the very exception, which says of what.
    private static Task<T> Cancelled(Exception error)
    {
        var builder = AsyncTaskMethodBuilder<T>.Create();
        var task = builder.Task;
        builder.SetException(error);
        return task;
    }
}
