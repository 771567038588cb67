using System.Collections;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Testing;

/// <summary>All an observer was told, in order.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="notifications">In the order they came.</param>
/// <remarks>Two recordings are equal when the same was told at the same instants: bytes are compared by content, errors by
/// type and message, inner recordings in depth, all else as the values' own equality has it. A stream that was told as a value
/// is there as its own recording; who subscribes to a recording is told all of it at once.</remarks>
public sealed class Recording<T>(IReadOnlyList<RecordedNotification<T>> notifications)
    : IReadOnlyList<RecordedNotification<T>>, IObservable<T>, IEquatable<Recording<T>>
{
    /// <inheritdoc/>
    public int Count => notifications.Count;

    /// <inheritdoc/>
    public RecordedNotification<T> this[int index] => notifications[index];

    /// <inheritdoc/>
    public IEnumerator<RecordedNotification<T>> GetEnumerator() => notifications.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        foreach (var told in this)
        {
            told.Notification.Accept(observer);
        }

        return Disposable.Empty;
    }

    /// <summary>The diagram of it, and what its names stand for: <c>--a| (a=10)</c>.</summary>
    public override string ToString()
    {
        var printed = MarblePrinter.Print(this);
        return printed.Values.Count == 0 ? printed.Marbles
            : $"{printed.Marbles} ({string.Join(", ", printed.Values.Select(named => $"{named.Name}={named.Value}"))})";
    }

    /// <inheritdoc/>
    public bool Equals(Recording<T>? other) => other is not null && Count == other.Count
        && this.Zip(other).All(pair => pair.First.Time == pair.Second.Time
            && MarbleEquality.Same(pair.First.Notification, pair.Second.Notification));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Recording<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => this.Aggregate(Count, (hash, n) => HashCode.Combine(hash, n.Time, n.Notification.Kind));
}
