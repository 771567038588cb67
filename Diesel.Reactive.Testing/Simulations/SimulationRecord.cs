using System.Reactive;

namespace Diesel.Reactive.Testing;

/// <summary>What an observable has told so far in a <see cref="Simulation"/>.</summary>
/// <typeparam name="T">The values.</typeparam>
public sealed class SimulationRecord<T> : IObserver<T>, ISimulationRow
{
    private readonly string _label;
    private readonly MarbleScheduler _scheduler;
    private readonly List<RecordedNotification<T>> _told = [];

    internal SimulationRecord(string label, MarbleScheduler scheduler) => (_label, _scheduler) = (label, scheduler);

    /// <summary>All of it, with its instants.</summary>
    public Recording<T> Recording => new([.. _told]);

    /// <summary>The values.</summary>
    public IReadOnlyList<T> Values => [.. _told.Where(static told => told.Notification.HasValue).Select(static told => told.Notification.Value)];

    /// <summary>Whether it has completed.</summary>
    public bool IsCompleted => Ended(NotificationKind.OnCompleted);

    /// <summary>Its error; null while it has none.</summary>
    public Exception? Error => Ended(NotificationKind.OnError) ? _told[^1].Notification.Exception : null;

    internal IDisposable? Subscription { get; set; }

    MarbleRow ISimulationRow.Row => new(_label, new MarbleDiagram([.. _told.Select(Event)], _told.Count == 0 ? TimeSpan.Zero : _told[^1].Time));

    void ISimulationRow.Leave() => Subscription?.Dispose();

    void IObserver<T>.OnNext(T value) => Add(Notification.CreateOnNext(value));

    void IObserver<T>.OnError(Exception error) => Add(Notification.CreateOnError<T>(error));

    void IObserver<T>.OnCompleted() => Add(Notification.CreateOnCompleted<T>());

    private void Add(Notification<T> notification) => _told.Add(new(_scheduler.Elapsed, notification));

    private bool Ended(NotificationKind how) => _told.Count > 0 && _told[^1].Notification.Kind == how;

    private static MarbleEvent Event(RecordedNotification<T> told) => told.Notification.Kind switch
    {
        NotificationKind.OnNext => new(told.Time, MarbleKind.Value, Spelling(told.Notification.Value)),
        NotificationKind.OnCompleted => new(told.Time, MarbleKind.Completed),
        _ => new(told.Time, MarbleKind.Failed),
    };

    private static MarbleSpelling Spelling(T value) => value is Datagram datagram ? BytesText.Spell(datagram.Payload)
        : NaturalSpelling.Of(value) ?? MarbleSpelling.Quoted(value?.ToString() ?? "null");
}
