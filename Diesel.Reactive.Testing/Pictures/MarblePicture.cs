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
        return Document(marble.Title, [marble], Both, ruler: true);

        IEnumerable<PictureRow> Both(PictureRows rows, MarbleFileRow row) => row.IsExpected && actual.TryGetValue(row.Name, out var came)
            ? [rows.Row(row), PictureDifference.Mark(rows.Row(row), rows.Stream(row, came, "actual"))]
            : [rows.Row(row)];
    }

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

        var (body, right) = (new SvgText(), drawings.Max(drawing => drawing.Right));
        foreach (var drawing in drawings)
        {
            drawing.Right = right;
            drawing.Draw(body);
        }

        var description = string.Join("\n\n", cases.Select(@case => @case.Text));
        return Frame(title, description, Math.Ceiling(drawings[0].Width), Math.Ceiling(top - Between + Top), body);
    }

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
