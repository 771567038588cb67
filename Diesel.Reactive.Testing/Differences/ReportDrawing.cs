using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>The rows of a report, with a ruler above and carets below; all of it, or what is around the first difference.</summary>
internal sealed class ReportDrawing
{
    private const int WidestRow = 100;
    private const int MostEvents = 1000;
    private const int FewestAround = 3;
    private const int MostAround = 12;

    private readonly ReportRows _rows;
    private readonly IReadOnlyList<RowWindow> _windows;
    private readonly MarbleLayout _layout;

    private ReportDrawing(ReportRows rows, IReadOnlyList<RowWindow> windows)
    {
        (_rows, _windows) = (rows, windows);
        _layout = new([.. windows.Select(window => window.Diagram)]);
    }

    public static ReportDrawing Whole(ReportRows rows) => new(rows, [.. rows.All.Select(RowWindow.Whole)]);

    /// <summary>All of it if that is readable, otherwise what is around the first difference, as much as is readable.</summary>
    public static ReportDrawing Readable(ReportRows rows)
    {
        if (!rows.AreMany && WholeIfReadable(rows) is { } whole) return whole;
        var few = rows.Few();
        if (WholeIfReadable(few) is { } all) return all;
        var drawing = Around(few, FewestAround);
        for (var around = 2 * FewestAround; around <= MostAround && Around(few, around) is { _layout.Width: <= WidestRow } wider; around *= 2)
            drawing = wider;
        return drawing;
    }

    private static ReportDrawing? WholeIfReadable(ReportRows rows) =>
        rows.All.Sum(row => row.Diagram.Events.Count) <= MostEvents && Whole(rows) is { _layout.Width: <= WidestRow } whole ? whole : null;

    /// <summary>The names and texts of the values in the rows that are compared.</summary>
    public IEnumerable<MarbleSpelling> Spellings =>
        _windows.Skip(_rows.Context).SelectMany(window => window.Diagram.Events).Select(happening => happening.Spelling).OfType<MarbleSpelling>();

    /// <summary>How many events of the compared rows are drawn.</summary>
    public int Events => _windows.Skip(_rows.Context).Sum(window => window.Count);

    /// <summary>How many sources are drawn.</summary>
    public int Sources => _rows.Context;

    /// <summary>Each line with its label.</summary>
    public IEnumerable<(string Label, string Text)> Lines()
    {
        yield return ("ms", Ruler());
        for (var row = 0; row < _windows.Count; row++)
        {
            yield return (_windows[row].Row.Label, _layout.Text(row));
            if (_rows.PairAbove(row) is { } pair && Carets(pair) is { Length: > 0 } carets) yield return ("", carets);
        }
    }

    private static ReportDrawing Around(ReportRows rows, int around)
    {
        var places = rows.Places(rows.Notes[0]).ToDictionary(place => place.Row, place => place.Event);
        var focus = places.Min(place => MarbleLine.FrameOf(rows.All[place.Key].Diagram.Events[place.Value]));
        long[] frames = [.. rows.All.SelectMany(row => RowWindow.FramesAround(row, focus, around)).Distinct().Order()];
        var at = Array.BinarySearch(frames, focus);
        var (from, to) = (frames[Math.Max(0, at - around)], frames[Math.Min(frames.Length - 1, at + around)] + 1);
        return new(rows, [.. rows.All.Select((row, i) => RowWindow.Of(row, from, to, places.GetValueOrDefault(i)))]);
    }

    private string Carets(int pair)
    {
        var columns = _rows.Notes.Where(note => note.Pair == pair).Select(Column).Where(column => column >= 0).ToHashSet();
        return columns.Count == 0 ? "" : string.Concat(Enumerable.Range(0, columns.Max() + 1).Select(column => columns.Contains(column) ? '^' : ' '));
    }

    // Below what happened; if that is not drawn, below what should have.
    private int Column(DifferenceNote note)
    {
        foreach (var (row, index) in _rows.Places(note))
        {
            if (_windows[row].Shows(index)) return _layout.ColumnOf(row, index - _windows[row].First);
        }

        return -1;
    }

    // Labels need a blank between them; that of the first difference is there in any case.
    private string Ruler()
    {
        var first = _rows.Notes.Select(Column).FirstOrDefault(column => column >= 0);
        var marks = _layout.Marks.Select(mark => (mark.Column, Label: mark.Frame.ToString(CultureInfo.InvariantCulture))).ToList();
        var ruler = new char[marks.Count == 0 ? 0 : marks.Max(mark => mark.Column + mark.Label.Length + 1)];
        ruler.AsSpan().Fill(' ');
        foreach (var (column, label) in marks.OrderByDescending(mark => mark.Column == marks.LastOrDefault(mark => mark.Column <= first).Column))
        {
            var space = ruler.AsSpan(Math.Max(0, column - 1)..(column + label.Length + 1));
            if (!space.ContainsAnyExcept(' ')) label.CopyTo(ruler.AsSpan(column));
        }

        return new string(ruler).TrimEnd();
    }
}
