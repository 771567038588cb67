namespace Diesel.Reactive.Testing;

/// <summary>Where the instants of a picture stand: a frame has one width; long gaps are cut out, wide labels get their room.</summary>
internal sealed class PictureAxis
{
    /// <summary>A longer time in which no row has anything is cut out, as it is in text.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(12);

    private const double CutWidth = 88;
    private const double Between = 8;

    private readonly SortedDictionary<TimeSpan, double> _places = [];

    /// <summary>Lays out the instants of all rows.</summary>
    /// <param name="rows">All that have marks.</param>
    /// <param name="start">Where the first instant is at least.</param>
    /// <param name="frameWidth">Pixels per millisecond.</param>
    public PictureAxis(IReadOnlyList<PictureRow> rows, double start, double frameWidth)
    {
        var last = new double[rows.Count];
        Array.Fill(last, start);
        var (previous, place) = ((TimeSpan?)null, start);
        foreach (var instant in Instants(rows))
        {
            place += previous is { } before ? Distance(before, instant.Key, place, frameWidth) : 0;
            place = instant.Select(at => last[at.Row] + at.Left).Append(place).Max();
            foreach (var at in instant.Where(at => at.Right > 0))
            {
                last[at.Row] = Math.Max(last[at.Row], place + at.Right + Between);
            }

            _places[instant.Key] = place;
            (previous, End) = (instant.Key, Math.Max(End, instant.Max(at => place + at.Right)));
        }
    }

    /// <summary>Where the rightmost mark ends.</summary>
    public double End { get; }

    /// <summary>The instants, in order.</summary>
    public IEnumerable<TimeSpan> Times => _places.Keys;

    /// <summary>The middles of what is cut out, and how long that is.</summary>
    public List<(double Place, TimeSpan Length)> Cuts { get; } = [];

    /// <summary>Where one of the instants of the rows stands.</summary>
    public double this[TimeSpan instant] => _places[instant];

    private double Distance(TimeSpan from, TimeSpan to, double place, double frameWidth)
    {
        var gap = to - from;
        if (gap <= LongestGap)
        {
            return gap.TotalMilliseconds * frameWidth;
        }

        Cuts.Add((place + (CutWidth / 2) + 8, gap));
        return CutWidth + 16;
    }

    private static IEnumerable<IGrouping<TimeSpan, (TimeSpan Time, int Row, double Left, double Right)>> Instants(IReadOnlyList<PictureRow> rows) =>
        rows.SelectMany((row, index) => row.Marks.Select(mark => (Mark: mark, Shift: row.Shift(mark)))
                .Select(at => (at.Mark.Time, Row: index, Left: at.Mark.Left - at.Shift, Right: at.Mark.Right + at.Shift))
                .Concat(EndsOf(row).Select(end => (Time: end, Row: index, Left: 0.0, Right: 0.0))))
            .GroupBy(at => at.Time).OrderBy(instant => instant.Key);

    // Behind a failure nothing comes but its text, which must not move the other rows.
    private static IEnumerable<TimeSpan> EndsOf(PictureRow row) =>
        row.Marks is [.., { Kind: MarbleKind.Failed }] ? [row.Begin] : [row.Begin, row.Begin + row.Length];
}
