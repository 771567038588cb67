namespace Diesel.Reactive.Testing;

/// <summary>Writes what was recorded as a diagram.</summary>
public static class MarblePrinter
{
    /// <summary>Writes a recording so that reading it gives the recording again.</summary>
    /// <typeparam name="T">The values. Texts, bytes, characters and digits spell themselves; all others get letters.</typeparam>
    /// <param name="recording">Any number of notifications in the order of their times, which may be negative.</param>
    /// <returns>The diagram, and what its letters and its <c>#</c> stand for.</returns>
    /// <exception cref="ArgumentNullException">Thrown by the call itself.</exception>
    /// <exception cref="ArgumentException">The times are not in order.</exception>
    /// <remarks>What happens within one millisecond is one instant, <c>[a 200us b]</c>; an empty recording is <c>-</c>.</remarks>
    public static PrintedMarbles<T> Print<T>(Recording<T> recording) => Print(recording, new MarbleValues<T>([]));

    /// <summary>Writes a recording with the names a test has for its values.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="recording">Any number of notifications in the order of their times, which may be negative.</param>
    /// <param name="values">The names to prefer; other values spell themselves between quotes, or get letters.</param>
    /// <returns>The diagram, and what its names and its <c>#</c> stand for.</returns>
    /// <exception cref="ArgumentNullException">Thrown by the call itself.</exception>
    /// <exception cref="ArgumentException">The times are not in order.</exception>
    public static PrintedMarbles<T> Print<T>(Recording<T> recording, MarbleValues<T> values)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(values);
        var told = recording.Select(told => told.Notification);
        var names = new MarbleNames<T>(told.Where(one => one.HasValue).Select(one => one.Value), values);
        var text = new MarbleLayout([Diagram(recording, names)]).Text(0).Trim();
        return new(text, names.Named, told.FirstOrDefault(one => MarbleDisposal.KindOf(one) == MarbleKind.Failed)?.Exception);
    }

    /// <summary>A recording as a diagram, in the spellings found for its values.</summary>
    internal static MarbleDiagram Diagram<T>(Recording<T> recording, MarbleNames<T> names) =>
        new([.. recording.Select(told => Event(told, names))], recording.Count == 0 ? TimeSpan.Zero : recording[^1].Time);

    private static MarbleEvent Event<T>(RecordedNotification<T> told, MarbleNames<T> names) =>
        new(told.Time, MarbleDisposal.KindOf(told.Notification), told.Notification.HasValue ? names[told.Notification.Value] : null);
}
