namespace Diesel.Reactive.Testing;

/// <summary>The rows of a report for a person: below a ruler, and with long times as one says them.</summary>
internal static class SimulationTable
{
    private const string Ruler = "at";

    /// <summary>A line for each row, and the ruler above.</summary>
    public static IEnumerable<string> Draw(IReadOnlyList<MarbleRow> rows)
    {
        if (rows.Count == 0)
        {
            return ["(nothing)"];
        }

        var layout = new MarbleLayout([.. rows.Select(static row => row.Diagram)], isRounded: true);
        var width = Math.Max(Ruler.Length, rows.Max(static row => DisplayWidth.Of(row.Label)));
        return rows.Select((row, i) => Line(row.Label, layout.Text(i))).Prepend(Line(Ruler, Marks(layout)));

        string Line(string label, string text) => $"{label}{new string(' ', width - DisplayWidth.Of(label))}  {text}".TrimEnd();
    }

    // As many as there is room for.
    private static string Marks(MarbleLayout layout)
    {
        var text = "";
        foreach (var (column, frame) in layout.Marks.Where(mark => mark.Column == 0 || mark.Column > text.Length))
        {
            text = text.PadRight(column) + HumanTime.Of(TimeSpan.FromMilliseconds(frame));
        }

        return text;
    }
}
