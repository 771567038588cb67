namespace Diesel.Reactive.Testing;

/// <summary>How what happened differs from what was expected.</summary>
/// <param name="Text">To be read by a person: the rows around the first difference, and the differences one by one.</param>
/// <param name="FullText">The same with all rows in full length and all differences.</param>
/// <param name="Context">The sources, each as it was written.</param>
/// <param name="Expected">What should have happened; for subscriptions, one row for each.</param>
/// <param name="Actual">What happened; for subscriptions, one row for each.</param>
public sealed record MarbleReport(
    string Text, string FullText, IReadOnlyList<MarbleRow> Context, IReadOnlyList<MarbleRow> Expected, IReadOnlyList<MarbleRow> Actual);
