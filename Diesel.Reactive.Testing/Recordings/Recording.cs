using System.Collections;

namespace Diesel.Reactive.Testing;

/// <summary>All an observer was told, in order.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="notifications">In the order they came.</param>
/// <remarks>Two recordings are equal when the same was told at the same instants: bytes are compared by content, errors by
/// type and message, inner recordings in depth, all else as the values' own equality has it. A stream that was told as a value
/// is there as an <see cref="InnerRecording{T}"/>.</remarks>
public sealed class Recording<T>(IReadOnlyList<RecordedNotification<T>> notifications)
    : IReadOnlyList<RecordedNotification<T>>, IEquatable<Recording<T>>
{
    private const int MostPrinted = 100;

    /// <inheritdoc/>
    public int Count => notifications.Count;

    /// <inheritdoc/>
    public RecordedNotification<T> this[int index] => notifications[index];

    /// <inheritdoc/>
    public IEnumerator<RecordedNotification<T>> GetEnumerator() => notifications.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Recording<T>? other) => other is not null && Count == other.Count
        && this.Zip(other).All(pair => pair.First.Time == pair.Second.Time
            && MarbleEquality.Same(pair.First.Notification, pair.Second.Notification));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Recording<T>);

    /// <summary>As a diagram, of the beginning if there is much of it, and what its names stand for: <c>--a| (a=10)</c>.</summary>
    public override string ToString()
    {
        var printed = MarblePrinter.Print(Count <= MostPrinted ? this : new Recording<T>([.. this.Take(MostPrinted)]));
        var more = Count <= MostPrinted ? "" : " …";
        return printed.Values.Count == 0 ? printed.Marbles + more
            : $"{printed.Marbles}{more} ({string.Join(", ", printed.Values.Select(named => FormattableString.Invariant($"{named.Name}={named.Value}")))})";
    }

    /// <inheritdoc/>
    public override int GetHashCode() => this.Aggregate(Count, (hash, n) => HashCode.Combine(hash, n.Time, n.Notification.Kind));
}
