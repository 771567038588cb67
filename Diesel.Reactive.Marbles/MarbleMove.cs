using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Marbles;

/// <summary>Moves one sign of a row to another instant.</summary>
internal static class MarbleMove
{
    /// <summary>Writes the file anew.</summary>
    /// <param name="text">Of the file, in order.</param>
    /// <param name="path">As messages show it.</param>
    /// <param name="line">The row's, from 1.</param>
    /// <param name="index">Which of its events.</param>
    /// <param name="ms">Where to, in milliseconds: as far as the row's end allows, or that end's values do.</param>
    /// <returns>The file in its format, and which event of the row it is now.</returns>
    /// <exception cref="ArgumentException">There is no such sign.</exception>
    /// <exception cref="MarbleFileException">The text is wrong.</exception>
    public static (string Text, int Index) Move(string text, string path, int line, int index, double ms)
    {
        var row = MarbleFile.Parse(text, path).Cases.SelectMany(static marble => marble.Rows).FirstOrDefault(row => row.Line == line);
        if (row is null || index < 0 || index >= row.Diagram.Events.Count)
        {
            throw new ArgumentException($"{path} has no such sign any more.", nameof(line));
        }

        var (moved, others) = (row.Diagram.Events[index], row.Diagram.Events.Where((_, at) => at != index).ToArray());
        var time = TimeSpan.FromMilliseconds(Math.Round(ms));
        var end = Array.Find(others, static other => IsEnd(other))?.Time ?? TimeSpan.MaxValue;
        var last = IsEnd(moved) ? others.Select(static other => other.Time).DefaultIfEmpty(TimeSpan.Zero).Max() : TimeSpan.Zero;
        moved = moved with { Time = time > end ? end : time < last ? last : time, AnyOrder = 0 };

        // What is moved onto others comes after them, but before an end.
        MarbleEvent[] events = [.. others.Append(moved).OrderBy(static told => told.Time).ThenBy(static told => IsEnd(told))];
        var marbles = MarbleTable.Draw(new MarbleRow("", new(events, TimeSpan.Zero)));
        var spare = row.Diagram.Length - events[^1].Time - TimeSpan.FromMilliseconds(1);
        var rest = events.Any(static told => IsEnd(told)) ? "" : new string('-', (int)Math.Clamp(spare.TotalMilliseconds, 0, 60));
        string[] lines = text.Split('\n');
        lines[line - 1] = $"{lines[line - 1][..(lines[line - 1].IndexOf(':', StringComparison.Ordinal) + 1)]} {marbles}{rest}";
        return (MarbleFile.Parse(string.Join('\n', lines), path).Format(), Array.IndexOf(events, moved));
    }

    private static bool IsEnd(MarbleEvent told) => told.Kind is MarbleKind.Completed or MarbleKind.Failed or MarbleKind.Unsubscribed;
}
