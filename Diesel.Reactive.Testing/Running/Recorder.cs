using System.Reactive;

namespace Diesel.Reactive.Testing;

/// <summary>Writes down what it is told, with the time since an instant. Streams among the values are listened to at once and
/// become recordings themselves.</summary>
internal sealed class Recorder<T>(MarbleRun run, string what, TimeSpan origin) : IObserver<T>
{
    private readonly List<RecordedNotification<T>> _told = [];
    private Recording<T>? _recording;

    /// <summary>Grows while time passes.</summary>
    public Recording<T> Recording => _recording ??= new(_told);

    // Another thread is a leak also when the run is over: it would have told something.
    public void OnNext(T value)
    {
        if (!run.Scheduler.IsLeak($"{what} told a value") && !run.HasLeft)
        {
            Add(Notification.CreateOnNext(InnerStream<T>.Record(run, value, what)));
        }
    }

    public void OnError(Exception error)
    {
        if (!run.Scheduler.IsLeak($"{what} failed") && !run.HasLeft)
        {
            Add(Notification.CreateOnError<T>(error));
        }
    }

    public void OnCompleted()
    {
        if (!run.Scheduler.IsLeak($"{what} completed") && !run.HasLeft)
        {
            Add(Notification.CreateOnCompleted<T>());
        }
    }

    private void Add(Notification<T> told) => _told.Add(new(run.Scheduler.Elapsed - origin, told));
}
