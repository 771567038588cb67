using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>A report as a person reads it.</summary>
/// <param name="heading">Which sort of report it is.</param>
/// <param name="place">What was observed, and where in the test.</param>
/// <param name="rows">The rows and their differences, at least one.</param>
/// <param name="total">How many comparisons were made.</param>
/// <param name="legend">What the names among some spellings stand for.</param>
/// <param name="hint">What may be the reason; null: the differences say all.</param>
internal sealed class ReportText(
    string heading, ReportPlace place, ReportRows rows, int total, Func<IEnumerable<MarbleSpelling>, IEnumerable<string>> legend, string? hint = null)
{
    private const int MostNotes = 12;
    private const int MostNames = 16;
    private const int WidestLegend = 100;
    private const int NarrowestLabel = 4;
    private const string Margin = "  ";

    private readonly StringBuilder _text = new();

    /// <summary>The text with nothing left out, or what is bearable to read.</summary>
    public string Write(bool isWhole)
    {
        _text.Clear();
        var drawing = isWhole ? ReportDrawing.Whole(rows) : ReportDrawing.Readable(rows);
        var names = legend(drawing.Spellings).ToList();
        var lines = drawing.Lines().ToList();
        var labels = lines.Append(("values", "")).Max(line => DisplayWidth.Of(line.Item1));
        Line($"{heading}: {place}");
        Line("");
        foreach (var (label, text) in lines) Labelled(label, text, labels);
        if (rows.Events > drawing.Events)
            Line(string.Create(CultureInfo.InvariantCulture, $"{Margin}… {rows.Events - drawing.Events} of the {rows.Events} events are not shown; the exception's FullText has them."));
        if (rows.Context > drawing.Sources)
            Line(string.Create(CultureInfo.InvariantCulture, $"{Margin}… {rows.Context - drawing.Sources} of the {rows.Context} sources are not shown; the exception's FullText has them."));
        Line(Summary());
        var shown = rows.Notes.Take(isWhole ? int.MaxValue : MostNotes).Select(note => note.Words()).ToList();
        var widest = Math.Max(NarrowestLabel, shown.Max(note => DisplayWidth.Of(note.Label)));
        foreach (var (label, text, details) in shown)
        {
            Line($"{Margin}{Margin}{Padded(label, widest)}{Margin}{text}");
            foreach (var detail in details) Line($"{Margin}{Margin}{Padded("", widest)}{Margin}{Margin}{detail}");
        }

        if (rows.Notes.Count > shown.Count)
            Line(string.Create(CultureInfo.InvariantCulture, $"{Margin}{Margin}… and {rows.Notes.Count - shown.Count} more"));
        Legend(names, labels, isWhole ? int.MaxValue : MostNames);
        if (hint is not null) Line($"{Margin}{hint}");
        return _text.ToString().TrimEnd();
    }

    private string Summary()
    {
        var differ = rows.Notes.Count == 1 ? "differs" : "differ";
        var common = rows.Notes.Count > 1 && rows.Notes.All(note => note.Shift is not null && note.Shift == rows.Notes[0].Shift)
            ? $", all {rows.Notes[0].Shift}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Margin}{rows.Notes.Count} of {total} {differ}, first at {TimeText.Of(rows.Notes[0].Time)}{common}:");
    }

    private void Legend(List<string> names, int labels, int most)
    {
        if (names.Count == 0) return;
        if (names.Count > most) names = [.. names.Take(most), string.Create(CultureInfo.InvariantCulture, $"… and {names.Count - most} more")];
        var oneLine = string.Join(Margin, names);
        if (oneLine.Length <= WidestLegend) Labelled("values", oneLine, labels);
        else for (var i = 0; i < names.Count; i++) Labelled(i == 0 ? "values" : "", names[i], labels);
    }

    private void Labelled(string label, string text, int labels) => Line($"{Margin}{Padded(label, labels)}{Margin}{text}");

    private void Line(string text) => _text.AppendLine(text.TrimEnd());

    private static string Padded(string text, int width) => text + new string(' ', width - DisplayWidth.Of(text));
}
