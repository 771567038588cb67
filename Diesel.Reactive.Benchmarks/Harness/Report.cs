namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>What a benchmark found: Markdown, plots, whether targets were reached, and runs that gave no number.</summary>
internal sealed record Report(
    string Text, IReadOnlyList<BarChart> Charts, IReadOnlyList<Verdict> Verdicts, IReadOnlyList<string> Failures);

/// <summary>One target of the design, and what was measured.</summary>
internal sealed record Verdict(string What, string Against, double? Measured, double Target, bool IsAtMost = false, string Unit = "×", string? Note = null)
{
    public static string Header => "| benchmark | what | against | target | measured | |\n|---|---|---|--:|--:|---|";

    public bool? IsReached => Measured is not { } measured ? null : IsAtMost ? measured <= Target : measured >= Target;

    /// <summary>A line of the table.</summary>
    /// <param name="benchmark">Which benchmark measured it.</param>
    public string Row(string benchmark) =>
        $"| {benchmark} | {What} | {Against} | {(IsAtMost ? "at most" : "at least")} {Number.Text(Target)} {Unit} "
        + $"| {(Measured is { } measured ? $"{Number.Text(measured)} {Unit}{(Note is null ? "" : $" ({Note})")}" : "–")} "
        + $"| {IsReached switch { true => "reached", false => "**missed**", null => "not measured" }} |";
}
