namespace Diesel.Reactive.Testing;

/// <summary>The shortest beginning of a history that no order of its calls explains.</summary>
/// <param name="Problem">The call that cannot be, in words.</param>
/// <param name="Rows">The calls, a row for each client: what was asked where it was asked, and <c>→</c> what was told where it was told.</param>
public sealed record HistoryFault(string Problem, IReadOnlyList<MarbleRow> Rows)
{
    /// <summary>The words and the rows.</summary>
    public override string ToString() => $"{Problem}:{Environment.NewLine}{Environment.NewLine}{MarbleTable.Draw(Rows)}";
}
