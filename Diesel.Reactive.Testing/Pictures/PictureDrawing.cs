using static Diesel.Reactive.Testing.PictureMarks;

namespace Diesel.Reactive.Testing;

/// <summary>Draws the rows of one case below each other.</summary>
internal sealed class PictureDrawing
{
    private const double Padding = 16;
    private const double TitleHeight = 34;
    private const double TitleLine = 20;
    private const double Half = 22;
    private const double Pitch = 36;
    private const double SizesHeight = 12;
    private const double SpanHeight = 22;
    private const double OperatorHeight = 38;
    private const double OperatorMargin = 12;
    private const double RulerHeight = 14;
    private const double Tail = 34;
    private const double NarrowestTitle = 420;

    // Its size as that of a font that is not bold: some are a fifth wider when they are.
    private const double WidestTitle = 19.5;

    private readonly SvgText _behind = new();
    private readonly SvgText _front = new();
    private readonly PictureRow[] _drawn;
    private readonly IReadOnlyList<MarbleLink> _links;
    private readonly bool _isRuled;
    private readonly bool _hasHandles;
    private readonly PictureAxis _axis;
    private readonly double _left;
    private readonly double _end;

    public PictureDrawing(MarbleCase @case, IReadOnlyList<PictureRow> rows, double frameWidth, double top, bool isRuled, bool hasHandles = false)
    {
        (_drawn, _links, _isRuled, _hasHandles) = ([.. rows], @case.Links, isRuled, hasHandles);
        var labels = rows.Max(row => row.Above > 0 ? 0 : PictureText.Width(row.Label, 14));
        _left = Padding + labels + (labels > 0 ? 16 : 0);
        _axis = new([.. rows.Where(row => row.Kind is PictureRowKind.Stream or PictureRowKind.Span)], _left + 14, frameWidth);
        var texts = rows.Max(row => row.Kind == PictureRowKind.Operator
            ? PictureText.WidthOfCode(row.Text, 14) + 48 : PictureText.Width(row.Text, 13));
        Right = Math.Max(_axis.End + Tail, _left + texts);
        string[] title = [.. PictureText.Wrapped(@case.Title, WidestTitle, Math.Max(NarrowestTitle, Right - Padding))];
        Right = Math.Max(Right, Padding + title.Max(static line => PictureText.Width(line, WidestTitle)));
        Tops = [.. Stack(top + TitleHeight + ((title.Length - 1) * TitleLine))];
        _end = Tops[^1] + Height(rows[^1]);
        Bottom = _end + (isRuled ? RulerHeight : 0);
        foreach (var (number, line) in title.Index())
        {
            _front.AddText("text", line, ("x", Padding), ("y", top + 16 + (number * TitleLine)), ("class", "title"));
        }
    }

    /// <summary>Where streams that do not end are drawn to.</summary>
    public double Right { get; }

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
        for (var row = 0; row < _drawn.Length; row++)
        {
            Draw(_drawn[row], Tops[row]);
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

    /// <summary>Milliseconds and pixels of its instants: <c>0:80 3:164</c>.</summary>
    public string Scale => string.Join(' ', _axis.Times.Select(time => Inv($"{time.TotalMilliseconds:0.####}:{_axis[time]:0.#}")));

    private IEnumerable<double> Stack(double top)
    {
        foreach (var row in _drawn)
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
            case PictureRowKind.Stream when row.Above > 0:
                DrawOrigin(row, y);
                DrawStream(row, y);
                return;
            default:
                DrawStream(row, y);
                break;
        }

        _front.AddText("text", row.Label, ("x", _left - 14), ("y", y + 5), ("class", row.Kind == PictureRowKind.Stream ? "label end" : "small end"));
    }

    private void DrawStream(PictureRow row, double y)
    {
        var first = row.Marks.Select(mark => mark.Time).Append(row.Begin).Min();
        var ended = row.Marks.FirstOrDefault(mark => mark.IsEnd && mark.Emphasis != PictureEmphasis.Missing);
        DrawAxis(_axis[first] - (row.Above > 0 ? 0 : 14), ended is null ? Right : Place(row, ended), y, ended is null);
        foreach (var mark in row.Marks.Where(mark => mark.Kind == MarbleKind.Completed || row.Shift(mark) > 0))
        {
            Draw(row, mark, Place(row, mark), y);
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

                Draw(row, mark, x, middle);
            }
        }
    }

    // With handles, whoever shows the picture can tell which sign of the file it is.
    private void Draw(PictureRow row, PictureMark mark, double x, double y)
    {
        if (!_hasHandles || row.Above > 0)
        {
            PictureMarks.Draw(_front, mark, x, y);
            return;
        }

        var drawn = new SvgText();
        PictureMarks.Draw(drawn, mark, x, y);
        _front.AddGroup(drawn, ("data-at", Inv($"{mark.Origin.Line}:{mark.Origin.Index}")), ("data-ms", Inv($"{mark.Time.TotalMilliseconds:0.####}")),
            ("data-x", x), ("tabindex", "0"), ("role", "button"), ("aria-label", Inv($"{row.Label} {mark.Text} {mark.Kind} at {mark.Time.TotalMilliseconds:0.####} ms")));
    }

    private double Place(PictureRow row, PictureMark mark) => _axis[mark.Time] + row.Shift(mark);

    // From the value down to the line on which it tells what it is; the name of that stands at its beginning.
    private void DrawOrigin(PictureRow row, double y)
    {
        var (x, at) = (_axis[row.Begin], Array.IndexOf(_drawn, row));
        _behind.Add("path", ("d", Line(x, Tops[at - row.Above] + Half, x, y)), ("class", "inner"));
        _front.AddText("text", row.Label, ("x", x - 6), ("y", y + 4), ("class", "small end"));
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
            var first = _drawn.Index().First(row => row.Item.Kind is PictureRowKind.Stream or PictureRowKind.Span);
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
        var streams = _drawn.Index().Where(row => row.Item is { Kind: PictureRowKind.Stream, Above: 0 })
            .Select(row => (row.Index, row.Item.IsSource, Times: row.Item.Marks.Select(mark => mark.Time).ToHashSet()))
            .ToList();
        foreach (var instant in _axis.Times)
        {
            var from = streams.FindLastIndex(stream => stream.IsSource && stream.Times.Contains(instant));
            var to = streams.FindLastIndex(stream => !stream.IsSource && stream.Times.Contains(instant));
            if (from >= 0 && to >= 0)
            {
                var (source, x) = (streams[from].Index, _axis[instant]);
                var below = Tops[source] + Height(_drawn[source]) - (Sizes(_drawn[source]) > 0 ? 0 : Half);
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
        _drawn.Index().Where(r => r.Item.Kind == PictureRowKind.Stream && r.Item.Label == row)
            .SelectMany(r => r.Item.Marks.Where(mark => mark.Spelling == value).Select(mark => (Place(r.Item, mark), Tops[r.Index] + Half)));

    private void DrawRuler()
    {
        var free = double.MinValue;
        foreach (var instant in _drawn.SelectMany(row => row.Marks).Select(mark => mark.Time).Append(TimeSpan.Zero).Distinct().Order())
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
