namespace Diesel.Reactive.Testing;

/// <summary>The part of a row that is shown.</summary>
/// <param name="Row">The whole row.</param>
/// <param name="First">The index of the first event shown.</param>
/// <param name="Count">How many are shown.</param>
/// <param name="End">No sign is drawn from this frame on.</param>
internal readonly record struct RowWindow(MarbleRow Row, int First, int Count, long End)
{
    private const int MostEvents = 25;
    private const int EventsBefore = 8;

    public static RowWindow Whole(MarbleRow row) => new(row, 0, row.Diagram.Events.Count, long.MaxValue);

    /// <summary>The events of some frames; where they are very many, those around one.</summary>
    public static RowWindow Of(MarbleRow row, long from, long to, int focus)
    {
        var events = row.Diagram.Events;
        var (first, end) = (FirstNotBefore(events, from), FirstNotBefore(events, to));
        if (end - first > MostEvents)
        {
            first = Math.Clamp(focus - EventsBefore, first, end - MostEvents);
            end = first + MostEvents;
            to = MarbleLine.FrameOf(events[end - 1]) + 1;
        }

        return new(row, first, end - first, to);
    }

    /// <summary>The frames in which something happens around one, and perhaps some more.</summary>
    public static IEnumerable<long> FramesAround(MarbleRow row, long frame, int count)
    {
        var events = row.Diagram.Events;
        var before = FirstNotBefore(events, frame);
        var behind = FirstNotBefore(events, frame + 1);
        var near = Enumerable.Range(Math.Max(0, before - count), before - Math.Max(0, before - count))
            .Concat(Enumerable.Range(behind, Math.Min(count, events.Count - behind)));
        return near.Select(index => MarbleLine.FrameOf(events[index])).Append(frame);
    }

    /// <summary>What is drawn.</summary>
    public MarbleDiagram Diagram => End == long.MaxValue ? Row.Diagram
        : new([.. Row.Diagram.Events.Skip(First).Take(Count)], new(Math.Min(EndOfRow, End * TimeSpan.TicksPerMillisecond)));

    public bool Shows(int index) => index >= First && index - First < Count;

    private long EndOfRow => Row.Diagram.Events.Count == 0 ? Row.Diagram.Length.Ticks
        : Math.Max(Row.Diagram.Length.Ticks, Row.Diagram.Events[^1].Time.Ticks);

    private static int FirstNotBefore(IReadOnlyList<MarbleEvent> events, long frame)
    {
        var (low, high) = (0, events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (MarbleLine.FrameOf(events[middle]) < frame) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
