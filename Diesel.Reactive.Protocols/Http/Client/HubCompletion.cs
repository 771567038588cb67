namespace Diesel.Reactive.Protocols.Http;

/// <summary>A task that is completed on a hub, for code that was written for any thread: HttpClient's. Who began to wait on the hub goes on
/// there, and who did not is never put onto it.</summary>
internal class HubCompletion<T>(Hub hub) : TaskCompletionSource<T>(hub.IsCurrent ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Sets the value.</summary>
    public void Complete(T value) => GoOn(static (self, value) => self.TrySetResult(value), value);

    /// <summary>Sets an error.</summary>
    public void Fail(Exception error) => GoOn(static (self, error) => self.TrySetException(error), error);

    /// <summary>Nobody waits any more.</summary>
    public void Cancel(CancellationToken cancellation) => GoOn(static (self, cancellation) => self.TrySetCanceled(cancellation), cancellation);

    // Code that has said that it may go on anywhere would be sent to the thread pool by the hub's context, and come back from there: out of
    // virtual time, and at the price of two threads. What it leads to, its caller's await, knows its context and resumes there.
    private void GoOn<TOutcome>(Action<HubCompletion<T>, TOutcome> set, TOutcome outcome)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        if (TaskScheduler.Current == TaskScheduler.Default)
        {
            set(this, outcome);
        }
        else
        {
            // The same would be done by a scheduler of tasks around the hub's: a simulation's.
            new Task(() => set(this, outcome)).RunSynchronously(TaskScheduler.Default);
        }

        SynchronizationContext.SetSynchronizationContext(before);
    }
}
