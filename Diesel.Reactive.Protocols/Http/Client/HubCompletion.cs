namespace Diesel.Reactive.Protocols.Http;

/// <summary>A task that is completed on a hub. Who began to wait on the hub goes on there, and who did not is never put onto it.</summary>
internal sealed class HubCompletion<T>(Hub hub) : TaskCompletionSource<T>(hub.IsCurrent ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Sets the value.</summary>
    public void Complete(T value) => HubTask.GoOn(static (self, value) => self.TrySetResult(value), this, value);

    /// <summary>Sets an error.</summary>
    public void Fail(Exception error) => HubTask.GoOn(static (self, error) => self.TrySetException(error), this, error);

    /// <summary>Nobody waits any more.</summary>
    public void Cancel(CancellationToken cancellation) => HubTask.GoOn(static (self, cancellation) => self.TrySetCanceled(cancellation), this, cancellation);
}
