using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Draws single marks: marbles, boxes of bytes, ends and errors.</summary>
internal static class PictureMarks
{
    private const double Radius = 15;
    private const double HalfBox = 13;

    /// <summary>Draws one at its place.</summary>
    /// <param name="svg">Where to.</param>
    /// <param name="mark">What.</param>
    /// <param name="x">Its middle.</param>
    /// <param name="y">Its middle.</param>
    public static void Draw(SvgText svg, PictureMark mark, double x, double y)
    {
        if (mark.Emphasis == PictureEmphasis.Unexpected)
        {
            var (space, half) = (mark.Kind == MarbleKind.Completed ? 7 : 4, mark.IsBytes ? HalfBox + 3 : Radius + 4);
            svg.Add("rect", ("x", x - mark.Left - space), ("y", y - half), ("width", mark.Left + mark.Right + (2 * space)), ("height", 2 * half),
                ("rx", mark.IsBytes ? 7 : Radius + 4), ("class", "ring"));
        }

        switch (mark.Kind)
        {
            case MarbleKind.Value:
                DrawValue(svg, mark, x, y);
                break;
            case MarbleKind.Completed:
                svg.Add("path", ("d", Line(x, y - Radius - 5, x, y + Radius + 5)), ("class", Class("done", mark)));
                break;
            case MarbleKind.Failed:
                svg.Add("path", ("d", Line(x - 8, y - 8, x + 8, y + 8) + Line(x + 8, y - 8, x - 8, y + 8)), ("class", Class("fail", mark)));
                svg.AddText("text", mark.Text, ("x", x + 15), ("y", y + 4), ("class", "failed"));
                break;
            case MarbleKind.Unsubscribed:
                svg.Add("path", ("d", Line(x - 5, y - 5, x + 5, y + 5) + Line(x + 5, y - 5, x - 5, y + 5)), ("class", Class("leave", mark)));
                break;
            default:
                svg.Add("path", ("d", Inv($"M{x:0.#} {y - 6:0.#}L{x + 6:0.#} {y + 5:0.#}H{x - 6:0.#}Z")), ("class", Class("enter", mark)));
                break;
        }
    }

    /// <summary>A path's part from one place to another.</summary>
    public static string Line(double x1, double y1, double x2, double y2) => Inv($"M{x1:0.#} {y1:0.#}L{x2:0.#} {y2:0.#}");

    /// <summary>A length of time in milliseconds, seconds, minutes or hours: the largest that keeps it whole.</summary>
    public static string Duration(TimeSpan length) => length switch
    {
        { TotalHours: >= 1 } when length.Ticks % TimeSpan.TicksPerHour == 0 => Inv($"{length.TotalHours} h"),
        { TotalMinutes: >= 1 } when length.Ticks % TimeSpan.TicksPerMinute == 0 => Inv($"{length.TotalMinutes} min"),
        { TotalSeconds: >= 1 } when length.Ticks % TimeSpan.TicksPerSecond == 0 => Inv($"{length.TotalSeconds} s"),
        _ => Inv($"{length.TotalMilliseconds:0.####} ms"),
    };

    public static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void DrawValue(SvgText svg, PictureMark mark, double x, double y)
    {
        var half = mark.IsBytes ? HalfBox : Radius;
        svg.Add("rect", ("x", x - mark.Left), ("y", y - half), ("width", mark.Left * 2), ("height", half * 2), ("rx", mark.IsBytes ? 4 : half),
            ("class", Class("marble", mark)), ("style", PictureStyle.Hue(mark.Text) + mark.Fill));
        var text = mark.Emphasis == PictureEmphasis.Missing ? " was" : mark.Emphasis == PictureEmphasis.Ghost ? " ghost" : "";
        svg.AddText("text", mark.Text, ("x", x), ("y", y + (mark.IsLetter ? 5.2 : 4.5)),
            ("class", (mark.IsLetter ? "mid" : "code mid") + text), ("style", mark.Ink));
        if (mark.TellsSize)
        {
            svg.AddText("text", mark.Bytes.ToString(CultureInfo.InvariantCulture) + " B", ("x", x), ("y", y + half + 11.5), ("class", "small mid"));
        }
    }

    private static string Class(string name, PictureMark mark) => mark.Emphasis switch
    {
        PictureEmphasis.Ghost => name + " ghost",
        PictureEmphasis.Missing => name + " missing",
        _ => name,
    };
}
