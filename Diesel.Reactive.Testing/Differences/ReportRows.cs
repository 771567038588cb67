namespace Diesel.Reactive.Testing;

/// <summary>All rows of a report, from the top, and which of them are pairs.</summary>
internal sealed class ReportRows
{
    private const int MostPairs = 12;
    private const int MostSources = 24;

    // A name of its own, so that the row can still be read.
    private static readonly MarbleSpelling LeftOut = MarbleSpelling.Name("…");

    private readonly IReadOnlyList<RowPair> _given;
    private readonly List<MarbleRow> _rows;
    private readonly List<(int Expected, int Actual)> _pairs = [];

    public ReportRows(IReadOnlyList<MarbleRow> context, IReadOnlyList<RowPair> pairs, IReadOnlyList<DifferenceNote> notes)
    {
        (_rows, _given) = ([.. context], pairs);
        foreach (var (expected, actual) in pairs) _pairs.Add((Add(expected), Add(actual)));
        (Notes, Context) = (notes, context.Count);
    }

    /// <summary>From the top.</summary>
    public IReadOnlyList<MarbleRow> All => _rows;

    /// <summary>How many of them, from the top, are told only to understand the others.</summary>
    public int Context { get; }

    /// <summary>The differences, the earliest first.</summary>
    public IReadOnlyList<DifferenceNote> Notes { get; }

    /// <summary>How many events the compared rows have.</summary>
    public int Events => _rows.Skip(Context).Sum(row => row.Diagram.Events.Count);

    /// <summary>Whether they are so many that they must be told from <see cref="Few"/>.</summary>
    public bool AreMany => _pairs.Count > MostPairs || Context > MostSources;

    /// <summary>A dozen pairs at most, with that of the first difference, and two dozen sources without their long values.</summary>
    public ReportRows Few()
    {
        var first = Math.Clamp(Notes[0].Pair - (MostPairs / 2), 0, Math.Max(0, _given.Count - MostPairs));
        return new([.. _rows.Take(Math.Min(Context, MostSources)).Select(Short)], [.. _given.Skip(first).Take(MostPairs)],
            [.. Notes.Where(note => note.Pair >= first && note.Pair < first + MostPairs).Select(note => note with { Pair = note.Pair - first })]);
    }

    private static MarbleRow Short(MarbleRow row) => row with
    {
        Diagram = new([.. row.Diagram.Events.Select(told => told.Spelling is { } spelling && MarbleNotation.IsLong(spelling)
            ? told with { Spelling = LeftOut } : told)], row.Diagram.Length),
    };

    /// <summary>The pair whose last row this is, so that its carets stand below; null: none's.</summary>
    public int? PairAbove(int row) => _pairs.FindIndex(pair => Math.Max(pair.Expected, pair.Actual) == row) is >= 0 and var pair ? pair : null;

    /// <summary>The events that a difference is about: what happened before what should have.</summary>
    public IEnumerable<(int Row, int Event)> Places(DifferenceNote note)
    {
        if (note.Actual >= 0) yield return (_pairs[note.Pair].Actual, note.Actual);
        if (note.Expected >= 0) yield return (_pairs[note.Pair].Expected, note.Expected);
    }

    private int Add(MarbleRow? row)
    {
        if (row is null) return -1;
        _rows.Add(row);
        return _rows.Count - 1;
    }
}
