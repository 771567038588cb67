namespace Diesel.Reactive.Testing;

/// <summary>Makes the rows of a picture of the rows of a case.</summary>
internal sealed class PictureRows(MarbleCase @case)
{
    private const int LongestText = 28;
    private const int LongestError = 60;
    private const int LongestRemark = 120;
    private const int Deepest = 4;

    /// <summary>The case.</summary>
    public MarbleCase Case => @case;

    /// <summary>The rows from the top: sources, operators and results as the file has them, subscriptions below their source.</summary>
    public IReadOnlyList<PictureRow> Read(Func<MarbleFileRow, IEnumerable<PictureRow>> draw)
    {
        var subscriptions = @case.Rows.Where(row => row.Role == MarbleRowRole.Subs).ToLookup(row => row.Name, Span);
        var lines = @case.Rows.Where(row => row.Role != MarbleRowRole.Subs && !@case.IsInner(row))
            .Select(row => (row.Line, Rows: draw(row).SelectMany(drawn => Inner(drawn, subscriptions, 1).Prepend(drawn))
                .Concat(subscriptions[row.Name].Select(span => span with { End = Terminal(row.Diagram) }))))
            .Concat(@case.Operators.Select(o => (o.Line, Rows: Operator(o))));
        return [.. lines.OrderBy(line => line.Line).SelectMany(line => line.Rows)];
    }

    /// <summary>One row as the file has it.</summary>
    public PictureRow Row(MarbleFileRow row) => row.Role switch
    {
        MarbleRowRole.Note => new(PictureRowKind.Remark, "", Shown(row.Marbles, LongestRemark)),
        MarbleRowRole.Time => new(PictureRowKind.Remark, Shown(row.Name, LongestText), PictureMarks.Duration(End(row.Diagram))),
        MarbleRowRole.Window => Span(row) with { Label = Shown(row.Name, LongestText) },
        _ => Stream(row, row.Diagram, row.Name),
    };

    /// <summary>A row of values.</summary>
    public PictureRow Stream(MarbleFileRow row, MarbleDiagram diagram, string label) => new(PictureRowKind.Stream, Shown(label, LongestText))
    {
        Marks = [.. diagram.Events.Select((e, index) => Mark(row, e) with { Origin = (row.Line, index) })],
        Length = diagram.Length,
        IsSource = row.IsSource,
    };

    // The streams among a row's values, each from the instant at which it is told; those of those too, to a depth that no test has.
    private IEnumerable<PictureRow> Inner(PictureRow outer, ILookup<string, PictureRow> subscriptions, int depth)
    {
        var (above, seen) = (0, new HashSet<string>());
        foreach (var (told, row) in outer.Marks.Where(static mark => mark is { Kind: MarbleKind.Value, Emphasis: not PictureEmphasis.Missing })
            .Select(mark => (mark.Time, Row: @case.Inner(mark.Spelling))).Where(static at => at.Row is not null))
        {
            var drawn = Stream(row!, row!.Diagram, row.Name);
            drawn = drawn with { Begin = told, Above = ++above, IsSource = false, Marks = [.. drawn.Marks.Select(mark => mark with { Time = mark.Time + told })] };
            yield return drawn;
            var deeper = depth < Deepest ? Inner(drawn, subscriptions, depth + 1) : [];
            foreach (var below in deeper.Concat(seen.Add(row.Name) ? subscriptions[row.Name] : []))
            {
                above++;
                yield return below;
            }
        }
    }

    private static IEnumerable<PictureRow> Operator(MarbleOperator @operator) =>
        [new(PictureRowKind.Operator, "", Shown(@operator.Text, LongestRemark))];

    private static PictureRow Span(MarbleFileRow row) => new(PictureRowKind.Span, "")
    {
        Marks = [.. row.Diagram.Events.Select(e => new PictureMark(e.Time, e.Kind))],
        Length = row.Diagram.Length,
    };

    private PictureMark Mark(MarbleFileRow row, MarbleEvent told)
    {
        var written = told.Spelling?.Text ?? "";
        var meant = told.Kind == MarbleKind.Failed ? @case.Definition("#") : told.Spelling is null ? null : @case.Meaning(told.Spelling);
        var isBytes = told.Kind == MarbleKind.Value && (row.IsBytes || meant!.Kind == MarbleSpellingKind.Hex);
        var text = isBytes ? PictureText.OfBytes(meant!.Bytes.Span) : meant is { Text: "" } ? "''" : PictureText.Visible(meant?.Text ?? "");
        return new(told.Time, told.Kind, PictureText.Short(text, told.Kind == MarbleKind.Failed ? LongestError : LongestText))
        {
            Whole = text,
            Bytes = isBytes ? meant!.Bytes.Length : -1,
            Spelling = written,
            Emphasis = row.Ghosts.Contains(written) ? PictureEmphasis.Ghost : PictureEmphasis.None,
            Fill = Css(written, "fill_color", "fill") + Css(written, "stroke_color", "stroke"),
            Ink = Css(written, "text_color", "fill").TrimStart(';'),
        };
    }

    private string Css(string name, string key, string property) =>
        @case.Styles.LastOrDefault(style => style.Name == name && name.Length > 0 && style.Key == key) is { } style
            ? $";{property}:{style.Value}" : "";

    private static TimeSpan? Terminal(MarbleDiagram diagram) =>
        diagram.Events is [.., { Kind: MarbleKind.Completed or MarbleKind.Failed } end] ? end.Time : null;

    private static TimeSpan End(MarbleDiagram time) => time.Events is [.., var end] ? end.Time : TimeSpan.Zero;

    private static string Shown(string text, int letters) => PictureText.Short(PictureText.Visible(text), letters);
}
