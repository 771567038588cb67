namespace Diesel.Reactive.Testing;

/// <summary>What an observer should have been told beside what it was told.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="Title">What was observed, as the test writes it.</param>
/// <param name="File">The test's file; empty: it is not known.</param>
/// <param name="Line">The line in it, from 1.</param>
/// <param name="Expected">In order of time.</param>
/// <param name="Actual">In order of time.</param>
/// <param name="Values">The names of the test's values.</param>
/// <param name="Context">The sources.</param>
internal sealed record MarbleComparison<T>(
    string Title, string File, int Line, IReadOnlyList<ExpectedNotification<T>> Expected, Recording<T> Actual,
    MarbleValues<T> Values, IReadOnlyList<MarbleRow> Context)
{
    // What real time brings comes when the test is long over.
    private const string NothingCame =
        "Nothing came at all. If an operator there waits, it must wait in virtual time: pass it t.Scheduler or t.TimeProvider.";

    /// <summary>What differs, told to a person; null: nothing.</summary>
    public string? Report() => Compare()?.Text;

    /// <summary>What differs; null: nothing.</summary>
    public MarbleReport? Compare()
    {
        var alignment = new MarbleAlignment<T>(Expected, Actual);
        if (alignment.Differences.Count == 0) return null;
        var told = new ComparedValues<T>(Expected, Actual, Values, alignment.Partners);
        var notes = new NotificationNotes<T>(Expected, Actual, Values, told);
        var pair = new RowPair(new("expected", told.ExpectedDiagram), new("actual", told.ActualDiagram));
        var rows = new ReportRows(Context, [pair], [.. alignment.Differences.Select(difference => notes.Of(difference, alignment.TimeOf(difference)))]);
        var hint = Actual.Count == 0 && Expected.Any(wanted => wanted.Kind == MarbleKind.Value) ? NothingCame : null;
        return new(new ReportText("Marbles differ", new(Title, File, Line), rows, alignment.Total, told.Legend, hint), Context, [pair]) { Meanings = told.Meanings };
    }
}
