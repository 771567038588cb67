namespace Diesel.Reactive.Testing;

/// <summary>The subscriptions that a source should have had beside those it had.</summary>
/// <param name="Title">The source, as the test writes it.</param>
/// <param name="File">The test's file; empty: it is not known.</param>
/// <param name="Line">The line in it, from 1.</param>
/// <param name="Expected">One diagram for each, of <c>^</c> and, if it ends, <c>!</c>.</param>
/// <param name="Actual">The same, in the order in which they began.</param>
/// <param name="Context">The source's own row.</param>
internal sealed record SubscriptionComparison(
    string Title, string File, int Line, IReadOnlyList<MarbleDiagram> Expected, IReadOnlyList<MarbleDiagram> Actual, IReadOnlyList<MarbleRow> Context)
{
    /// <summary>What differs, told to a person; null: nothing.</summary>
    public string? Report() => Compare()?.Text;

    /// <summary>What differs; null: nothing.</summary>
    public MarbleReport? Compare()
    {
        var count = Math.Max(Expected.Count, Actual.Count);
        var notes = Enumerable.Range(0, count).SelectMany(Notes).OrderBy(note => note.Time).ToList();
        if (notes.Count == 0) return null;
        var pairs = Enumerable.Range(0, count).Select(i => new RowPair(Row("expected", Expected, i), Row("actual", Actual, i))).ToList();
        return new(new ReportText("Subscriptions differ", new(Title, File, Line), new(Context, pairs, notes), Total(count), _ => []), Context, pairs);
    }

    private int Total(int count) => Enumerable.Range(0, count).Sum(i => Math.Max(Events(Expected, i).Count, Events(Actual, i).Count));

    private IEnumerable<DifferenceNote> Notes(int pair)
    {
        var (expected, actual) = (Events(Expected, pair), Events(Actual, pair));
        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            var (wanted, told) = (i < expected.Count ? expected[i] : null, i < actual.Count ? actual[i] : null);
            if (wanted?.Time == told?.Time && wanted?.Kind == told?.Kind) continue;
            yield return Note(pair, i, wanted, told);
        }
    }

    private DifferenceNote Note(int pair, int index, MarbleEvent? wanted, MarbleEvent? told)
    {
        var sign = MarbleNotation.Of((wanted ?? told)!);
        var which = Expected.Count > 1 || Actual.Count > 1 ? $"{sign} {pair + 1}" : sign;
        var shift = wanted is not null && told is not null ? TimeText.Shift(wanted.Time, told.Time) : null;
        var time = wanted is null || told?.Time < wanted.Time ? told!.Time : wanted.Time;
        return new(time, pair, wanted is null ? -1 : index, told is null ? -1 : index, shift, () => new(which, (wanted, told) switch
        {
            (null, _) => $"unexpected at {TimeText.Of(told!.Time)}{(sign == "!" ? ": it should have stayed" : "")}",
            (_, null) => $"missing: expected at {TimeText.Of(wanted.Time)}{(sign == "!" ? ", but it is still there" : "")}",
            _ => $"expected {TimeText.Of(wanted.Time)}, was {TimeText.Of(told.Time)}   ({shift})",
        }));
    }

    private static IReadOnlyList<MarbleEvent> Events(IReadOnlyList<MarbleDiagram> diagrams, int index) =>
        index < diagrams.Count ? diagrams[index].Events : [];

    private static MarbleRow? Row(string label, IReadOnlyList<MarbleDiagram> diagrams, int index) => index >= diagrams.Count ? null
        : new(diagrams.Count == 1 ? label : $"{label} {index + 1}", diagrams[index]);
}
