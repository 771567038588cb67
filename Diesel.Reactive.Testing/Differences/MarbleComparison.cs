namespace Diesel.Reactive.Testing;

/// <summary>What an observer should have been told beside what it was told.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="Title">What was observed, as the test writes it.</param>
/// <param name="File">The test's file.</param>
/// <param name="Line">The line in it, from 1.</param>
/// <param name="Expected">In order of time.</param>
/// <param name="Actual">In order of time.</param>
/// <param name="Values">The names of the test's values.</param>
/// <param name="Context">The sources.</param>
internal sealed record MarbleComparison<T>(
    string Title, string File, int Line, IReadOnlyList<ExpectedNotification<T>> Expected, Recording<T> Actual,
    MarbleValues<T> Values, IReadOnlyList<MarbleRow> Context)
{
    /// <summary>What differs, told to a person; null: nothing.</summary>
    public string? Report() => Compare()?.Text;

    /// <summary>What differs; null: nothing.</summary>
    public MarbleReport? Compare()
    {
        var same = Expected.Count == Actual.Count && Expected.Zip(Actual).All(pair =>
            pair.First.Time == pair.Second.Time && pair.First.Matches(pair.Second.Notification));
        return same ? null : new($"Marbles differ: {Title}", $"Marbles differ: {Title}", Context, [], []);
    }
}
