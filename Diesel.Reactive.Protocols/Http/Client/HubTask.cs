namespace Diesel.Reactive.Protocols.Http;

/// <summary>Completes tasks on a hub, for code that was written for any thread: HttpClient's.</summary>
internal static class HubTask
{
    /// <summary>Completes one.</summary>
    /// <remarks>Code that has said that it may go on anywhere would be sent to the thread pool by the hub's context, and come back from there: out of
    /// virtual time, and at the price of two threads. What it leads to, its caller's await, knows its context and resumes there.</remarks>
    public static void GoOn<TTask, TOutcome>(Action<TTask, TOutcome> set, TTask task, TOutcome outcome)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        if (TaskScheduler.Current == TaskScheduler.Default)
        {
            set(task, outcome);
        }
        else
        {
            RunSynchronously(set, task, outcome);
        }

        SynchronizationContext.SetSynchronizationContext(before);
    }

    // The same would be done by a scheduler of tasks around the hub's: a simulation's. In a method of its own, as its closure is made where it begins.
    private static void RunSynchronously<TTask, TOutcome>(Action<TTask, TOutcome> set, TTask task, TOutcome outcome) =>
        new Task(() => set(task, outcome)).RunSynchronously(TaskScheduler.Default);
}
