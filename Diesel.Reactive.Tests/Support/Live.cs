namespace Diesel.Reactive.Tests;

/// <summary>A hub with a thread of its own, seen from the test's thread: each verb waits, not for ever, for what it
/// asked for.</summary>
internal sealed class Live(Hub hub) : IDisposable
{
    public Live(HubOptions? options = null)
        : this(new Hub(options ?? new()))
    {
    }

    /// <summary>How long anything may take before the test gives up on it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    public Hub Hub => hub;

    /// <summary>Runs in a turn, and throws what it threw.</summary>
    public void Do(Action action) => Await(Observable.Start(action, hub));

    public T Do<T>(Func<T> function) => Await(Observable.Start(function, hub));

    /// <summary>Runs a loop, and throws what it threw.</summary>
    public T Run<T>(Func<Task<T>> loop)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Fork(async () =>
        {
            try
            {
                done.SetResult(await loop());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return Await(done.Task);
    }

    public void Run(Func<Task> loop) => Run(async () =>
    {
        await loop();
        return 0;
    });

    /// <summary>The last value of what is subscribed in a turn.</summary>
    public T Await<T>(IObservable<T> source) => Await(Task.Run(async () => await source.SubscribeOn(hub)));

    public T Await<T>(Task<T> task) => task.WaitAsync(Patience).GetAwaiter().GetResult();

    public void Await(Task task) => task.WaitAsync(Patience).GetAwaiter().GetResult();

    public void Dispose() => hub.Dispose();
}
