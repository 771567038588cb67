namespace Diesel.Reactive.Testing;

/// <summary>Diagrams below each other.</summary>
public static class MarbleTable
{
    private const string Space = "  ";

    /// <summary>Draws rows so that what happens at one time stands in one column.</summary>
    /// <param name="rows">From the top; may be empty. Their times may lie anywhere.</param>
    /// <returns>A line for each row: its label, and its diagram, which can be pasted into a test as it stands. Times in which
    /// nothing happens in any row for more than 12 ms are shortened in all of them.</returns>
    /// <exception cref="ArgumentNullException">Thrown by the call itself.</exception>
    /// <remarks>Columns are a terminal's: a wide character takes two.</remarks>
    public static string Draw(params IReadOnlyList<MarbleRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0) return "";
        var layout = new MarbleLayout([.. rows.Select(row => row.Diagram)]);
        var labels = rows.Max(row => DisplayWidth.Of(row.Label));
        return string.Join(Environment.NewLine, rows.Select((row, i) =>
            (row.Label + new string(' ', labels - DisplayWidth.Of(row.Label)) + (labels == 0 ? "" : Space) + layout.Text(i)).TrimEnd()));
    }
}
