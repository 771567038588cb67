namespace Diesel.Reactive.Protocols.Http;

/// <summary>A task that is completed on a hub, for code that was written for any thread: HttpClient's. Who began to wait on the hub goes on
/// there, and who did not is never put onto it.</summary>
internal class HubCompletion<T>(Hub hub) : TaskCompletionSource<T>(hub.IsCurrent ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Sets the value.</summary>
    public void Complete(T value)
    {
        var before = Begin();
        TrySetResult(value);
        SynchronizationContext.SetSynchronizationContext(before);
    }

    /// <summary>Sets an error.</summary>
    public void Fail(Exception error)
    {
        var before = Begin();
        TrySetException(error);
        SynchronizationContext.SetSynchronizationContext(before);
    }

    /// <summary>Nobody waits any more.</summary>
    public void Cancel(CancellationToken cancellation)
    {
        var before = Begin();
        TrySetCanceled(cancellation);
        SynchronizationContext.SetSynchronizationContext(before);
    }

    // Code that has said that it may go on anywhere would be sent to the thread pool by the hub's context, and come back from there: out of
    // virtual time, and at the price of two threads. What it leads to, its caller's await, knows its context and resumes there.
    private static SynchronizationContext? Begin()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        return before;
    }
}
