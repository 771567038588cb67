using static Diesel.Reactive.Testing.PictureMarks;

namespace Diesel.Reactive.Testing;

/// <summary>Draws the rows of one case below each other.</summary>
internal sealed class PictureDrawing
{
    private const double Padding = 16;
    private const double TitleHeight = 34;
    private const double Half = 22;
    private const double Pitch = 36;
    private const double SizesHeight = 12;
    private const double SpanHeight = 22;
    private const double OperatorHeight = 38;
    private const double OperatorMargin = 12;
    private const double RulerHeight = 14;
    private const double Tail = 34;
    private const int LongestTitle = 100;

    // Its size as that of a font that is not bold: some are a fifth wider when they are.
    private const double WidestTitle = 19.5;

    private readonly SvgText _behind = new();
    private readonly SvgText _front = new();
    private readonly IReadOnlyList<PictureRow> _rows;
    private readonly IReadOnlyList<MarbleLink> _links;
    private readonly bool _isRuled;
    private readonly PictureAxis _axis;
    private readonly double _left;
    private readonly double _end;

    public PictureDrawing(MarbleCase @case, IReadOnlyList<PictureRow> rows, double frameWidth, double top, bool isRuled)
    {
        (_rows, _links, _isRuled) = (rows, @case.Links, isRuled);
        var title = PictureText.Short(@case.Title, LongestTitle);
        var labels = rows.Max(row => PictureText.Width(row.Label, 14));
        _left = Padding + labels + (labels > 0 ? 16 : 0);
        _axis = new([.. rows.Where(row => row.Kind is PictureRowKind.Stream or PictureRowKind.Span)], _left + 14, frameWidth);
        var texts = rows.Max(row => row.Kind == PictureRowKind.Operator
            ? PictureText.WidthOfCode(row.Text, 14) + 48 : PictureText.Width(row.Text, 13));
        Right = Math.Max(Math.Max(_axis.End + Tail, _left + texts), Padding + PictureText.Width(title, WidestTitle));
        Tops = [.. Stack(top + TitleHeight)];
        _end = Tops[^1] + Height(rows[^1]);
        Bottom = _end + (isRuled ? RulerHeight : 0);
        _front.AddText("text", title, ("x", Padding), ("y", top + 16), ("class", "title"));
    }

    /// <summary>Where streams that do not end are drawn to: the furthest of all cases of a picture looks best.</summary>
    public double Right { get; set; }

    /// <summary>From the left edge of the picture to its right one.</summary>
    public double Width => Right + Padding;

    /// <summary>Where the last row ends.</summary>
    public double Bottom { get; }

    private IReadOnlyList<double> Tops { get; }

    /// <summary>Draws it.</summary>
    public void Draw(SvgText svg)
    {
        DrawGuides();
        DrawCuts();
        for (var row = 0; row < _rows.Count; row++)
        {
            Draw(_rows[row], Tops[row]);
        }

        foreach (var link in _links)
        {
            Draw(link);
        }

        if (_isRuled && _axis.Times.Any())
        {
            DrawRuler();
        }

        svg.Add(_behind);
        svg.Add(_front);
    }

    private IEnumerable<double> Stack(double top)
    {
        foreach (var row in _rows)
        {
            yield return top;
            top += Height(row);
        }
    }

    private static double Height(PictureRow row) => row.Kind switch
    {
        PictureRowKind.Stream => (2 * Half) + ((row.Places - 1) * (Pitch + Sizes(row))) + Sizes(row),
        PictureRowKind.Operator => OperatorHeight + (2 * OperatorMargin),
        _ => SpanHeight,
    };

    private static double Sizes(PictureRow row) => row.Marks.Any(mark => mark.TellsSize) ? SizesHeight : 0;

    private static double Middle(PictureRow row, double top) => top + (row.Kind == PictureRowKind.Stream ? Half : SpanHeight / 2);

    private void Draw(PictureRow row, double top)
    {
        var y = Middle(row, top);
        switch (row.Kind)
        {
            case PictureRowKind.Operator:
                top += OperatorMargin;
                _front.Add("rect", ("x", Padding), ("y", top), ("width", Right - Padding), ("height", OperatorHeight), ("rx", 8.0), ("class", "operator"));
                _front.AddText("text", row.Text, ("x", (Padding + Right) / 2), ("y", top + (OperatorHeight / 2) + 5), ("class", "operation mid"));
                return;
            case PictureRowKind.Remark:
                _front.AddText("text", row.Text, ("x", _left), ("y", y + 4), ("class", "remark"));
                break;
            case PictureRowKind.Span:
                DrawSpan(row, y);
                break;
            default:
                DrawStream(row, y);
                break;
        }

        _front.AddText("text", row.Label, ("x", _left - 14), ("y", y + 5), ("class", row.Kind == PictureRowKind.Stream ? "label end" : "small end"));
    }

    private void DrawStream(PictureRow row, double y)
    {
        var first = row.Marks.Select(mark => mark.Time).Append(TimeSpan.Zero).Min();
        var ended = row.Marks.FirstOrDefault(mark => mark.IsEnd && mark.Emphasis != PictureEmphasis.Missing);
        DrawAxis(_axis[first] - 14, ended is null ? Right : _axis[ended.Time], y, ended is null);
        foreach (var mark in row.Marks.Where(mark => mark.Kind == MarbleKind.Completed))
        {
            var standsAboveSize = row.Marks.Any(at => at.Time == mark.Time && at.TellsSize);
            PictureMarks.Draw(_front, mark, _axis[mark.Time], y, standsAboveSize ? 15 : 20);
        }

        var pitch = Pitch + Sizes(row);
        foreach (var stack in row.Stacks)
        {
            foreach (var (place, mark) in stack.Index())
            {
                var (x, middle) = (_axis[mark.Time], y + (place * pitch));
                if (place > 0)
                {
                    _behind.Add("path", ("d", Line(x, Sizes(row) > 0 ? middle - 20 : middle - pitch, x, middle)), ("class", "axis"));
                }

                PictureMarks.Draw(_front, mark, x, middle);
            }
        }
    }

    private void DrawAxis(double from, double to, double y, bool goesOn)
    {
        foreach (var (cut, _) in _axis.Cuts.Where(cut => cut.Place > from && cut.Place < to))
        {
            _front.Add("path", ("d", Line(from, y, cut - 9, y) + Inv($"l3 -6l6 12l6 -12l3 6")), ("class", "axis"));
            from = cut + 9;
        }

        _front.Add("path", ("d", Line(from, y, to, y)), ("class", "axis"));
        if (goesOn)
        {
            _front.Add("path", ("d", Inv($"M{to - 7:0.#} {y - 5:0.#}L{to:0.#} {y:0.#}L{to - 7:0.#} {y + 5:0.#}")), ("class", "head"));
        }
    }

    /// <summary>How long what is cut out lasts, above the first stream.</summary>
    private void DrawCuts()
    {
        foreach (var (place, length) in _axis.Cuts)
        {
            var first = _rows.Index().First(row => row.Item.Kind is PictureRowKind.Stream or PictureRowKind.Span);
            _front.AddText("text", Duration(length), ("x", place), ("y", Middle(first.Item, Tops[first.Index]) - 11), ("class", "small mid"));
        }
    }

    private void DrawSpan(PictureRow row, double y)
    {
        var from = row.Marks is [{ Kind: MarbleKind.Unsubscribed }, ..] ? _axis[TimeSpan.Zero] : (double?)null;
        foreach (var mark in row.Marks)
        {
            if (mark.Kind == MarbleKind.Unsubscribed && from is { } begin)
            {
                _front.Add("path", ("d", Line(begin, y, _axis[mark.Time], y)), ("class", "span"));
            }

            from = mark.Kind == MarbleKind.Subscribed ? _axis[mark.Time] : null;
        }

        if (from is { } open)
        {
            _front.Add("path", ("d", Line(open, y, row.End is { } end ? _axis[end] : Right, y)), ("class", "span"));
        }

        foreach (var mark in row.Marks)
        {
            PictureMarks.Draw(_front, mark, _axis[mark.Time], y);
        }
    }

    /// <summary>Lines from what came in to what came out at the same instant.</summary>
    private void DrawGuides()
    {
        var streams = _rows.Index().Where(row => row.Item.Kind == PictureRowKind.Stream)
            .Select(row => (row.Index, row.Item.IsSource, Times: row.Item.Marks.Select(mark => mark.Time).ToHashSet()))
            .ToList();
        foreach (var instant in _axis.Times)
        {
            var from = streams.FindLastIndex(stream => stream.IsSource && stream.Times.Contains(instant));
            var to = streams.FindLastIndex(stream => !stream.IsSource && stream.Times.Contains(instant));
            if (from >= 0 && to >= 0)
            {
                var (source, x) = (streams[from].Index, _axis[instant]);
                var below = Tops[source] + Height(_rows[source]) - (Sizes(_rows[source]) > 0 ? 0 : Half);
                _behind.Add("path", ("d", Line(x, below, x, Tops[streams[to].Index] + Half)), ("class", "guide"));
            }
        }
    }

    private void Draw(MarbleLink link)
    {
        foreach (var (from, to) in Ends(link.FromRow, link.FromValue).Zip(Ends(link.ToRow, link.ToValue)))
        {
            var down = from.Y < to.Y ? 1 : -1;
            var (y1, y2) = (from.Y + (down * 17), to.Y - (down * 20));
            var half = (y1 + y2) / 2;
            _behind.Add("path", ("d", Inv($"M{from.X:0.#} {y1:0.#}C{from.X:0.#} {half:0.#} {to.X:0.#} {half:0.#} {to.X:0.#} {y2:0.#}")
                + Inv($"m-4 {-5 * down}l4 {5 * down}l4 {-5 * down}")), ("class", link.Dashed ? "link dashed" : "link"));
        }
    }

    private IEnumerable<(double X, double Y)> Ends(string row, string value) =>
        _rows.Index().Where(r => r.Item.Kind == PictureRowKind.Stream && r.Item.Label == row)
            .SelectMany(r => r.Item.Marks.Where(mark => mark.Spelling == value).Select(mark => (_axis[mark.Time], Tops[r.Index] + Half)));

    private void DrawRuler()
    {
        var free = double.MinValue;
        foreach (var instant in _rows.SelectMany(row => row.Marks).Select(mark => mark.Time).Append(TimeSpan.Zero).Distinct().Order())
        {
            var (x, text) = (_axis[instant], Inv($"{instant.TotalMilliseconds:0.####}"));
            var half = PictureText.Width(text, 11) / 2;
            if (x - half > free)
            {
                _front.AddText("text", text, ("x", x), ("y", _end + 12), ("class", "small mid"));
                free = x + half + 6;
            }
        }

        _front.AddText("text", "ms", ("x", _left - 14), ("y", _end + 12), ("class", "small end"));
    }
}
