using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Marbles as pictures: SVG that looks right on light and dark pages, and is the same on every machine.</summary>
/// <remarks>Nothing in it runs or is fetched, so it may stand in an <c>img</c>; its text is that of the file.</remarks>
public static class MarblePicture
{
    private const double Top = 16;
    private const double Between = 30;

    /// <summary>Draws one case.</summary>
    /// <param name="marble">The case.</param>
    /// <returns>An SVG document; one pixel is one unit.</returns>
    public static string Draw(MarbleCase marble)
    {
        ArgumentNullException.ThrowIfNull(marble);
        return Document(marble.Title, [marble], (rows, row) => [rows.Row(row)], ruler: false);
    }

    /// <summary>Draws all cases of a file below each other.</summary>
    /// <param name="file">The file.</param>
    /// <returns>An SVG document; one pixel is one unit.</returns>
    public static string Draw(MarbleFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Document(Path.GetFileNameWithoutExtension(file.Path), file.Cases, (rows, row) => [rows.Row(row)], ruler: false);
    }

    /// <summary>Draws a case and below what it expected what came: what is missing as an outline, what was not expected in a ring.</summary>
    /// <param name="marble">The case.</param>
    /// <param name="actual">What came, by the name of the row it was compared with; rows that are not named were fulfilled.</param>
    /// <returns>An SVG document; one pixel is one unit.</returns>
    public static string DrawDifference(MarbleCase marble, IReadOnlyDictionary<string, MarbleDiagram> actual)
    {
        ArgumentNullException.ThrowIfNull(marble);
        ArgumentNullException.ThrowIfNull(actual);
        return Document(marble.Title, [marble], (rows, row) => Compared(rows, row, actual), ruler: true);
    }

    /// <summary>Draws reports below each other, each as <see cref="DrawDifference"/> draws a case.</summary>
    /// <param name="reports">At least one, each with rows.</param>
    internal static string DrawDifferences(IReadOnlyList<MarbleReport> reports)
    {
        var cases = reports.Select(ReportCase.Of).ToDictionary(static made => made.Case, static made => made.Actual);
        var titles = string.Join(", ", cases.Keys.Select(static @case => @case.Title));
        return Document(titles, [.. cases.Keys], (rows, row) => Compared(rows, row, cases[rows.Case]), ruler: true);
    }

    /// <summary>Draws a case for a page on which its signs can be moved: each says where it stands in the file, and the picture how wide time is.</summary>
    /// <param name="marble">The case.</param>
    internal static string DrawEditable(MarbleCase marble)
    {
        var (rows, body) = (new PictureRows(marble), new SvgText());
        var drawing = new PictureDrawing(marble, rows.Read(row => [rows.Row(row)]), FrameWidth(marble), Top, isRuled: true, hasHandles: true);
        drawing.Draw(body);
        var whole = new SvgText();
        whole.AddGroup(body, ("data-scale", drawing.Scale));
        return Frame(marble.Title, marble.Text, Math.Ceiling(drawing.Width), Math.Ceiling(drawing.Bottom + Top), whole);
    }

    /// <summary>Draws rows below each other.</summary>
    /// <param name="title">What they are.</param>
    /// <param name="rows">At least one.</param>
    internal static string Draw(string title, IReadOnlyList<MarbleRow> rows) => Document(title, [ReportCase.Of(title, rows)], static (rows, row) => [rows.Row(row)], ruler: true);

    private static string Document(
        string title, IReadOnlyList<MarbleCase> cases, Func<PictureRows, MarbleFileRow, IEnumerable<PictureRow>> draw, bool ruler)
    {
        var (drawings, top) = (new List<PictureDrawing>(), Top);
        foreach (var @case in cases)
        {
            var rows = new PictureRows(@case);
            var isRuled = ruler || Setting(@case, "ruler") == "true";
            drawings.Add(new(@case, rows.Read(row => draw(rows, row)), FrameWidth(@case), top, isRuled));
            top = drawings[^1].Bottom + Between;
        }

        var body = new SvgText();
        foreach (var drawing in drawings)
        {
            drawing.Draw(body);
        }

        var description = string.Join("\n\n", cases.Select(@case => @case.Text));
        return Frame(title, description, Math.Ceiling(drawings.Max(static drawing => drawing.Width)), Math.Ceiling(top - Between + Top), body);
    }

    private static IEnumerable<PictureRow> Compared(PictureRows rows, MarbleFileRow row, IReadOnlyDictionary<string, MarbleDiagram> actual) =>
        row.IsExpected && actual.TryGetValue(row.Name, out var came)
            ? [rows.Row(row), PictureDifference.Mark(rows.Row(row), rows.Stream(row, came, "actual"))]
            : [rows.Row(row)];

    private static string Frame(string title, string description, double width, double height, SvgText body)
    {
        var svg = new SvgText();
        svg.AddText("title", title);
        svg.AddText("desc", description);
        svg.AddText("style", PictureStyle.Css);
        svg.Add(body);
        return string.Create(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" " +
            $"viewBox=\"0 0 {width} {height}\" role=\"img\">\n{svg}</svg>\n");
    }

    private static double FrameWidth(MarbleCase @case) =>
        Setting(@case, "frame_width") is { } width ? double.Parse(width, CultureInfo.InvariantCulture) : 28;

    private static string? Setting(MarbleCase @case, string key) =>
        @case.Styles.LastOrDefault(style => style.Name.Length == 0 && style.Key == key)?.Value;
}
