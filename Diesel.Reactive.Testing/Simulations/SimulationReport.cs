using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>What is told of a failed run, on one page: 60 lines of 160 characters at most.</summary>
internal sealed class SimulationReport(Simulation run, string scenario)
{
    private const int MostLines = 60;
    private const int MostColumns = 160;
    private const int MostFaults = 12;
    private const int MostRows = 24;
    private const int MostInstants = 60;
    private const int LongestValue = 24;
    private const int MostErrors = 6;

    /// <summary>All of it.</summary>
    /// <param name="what">Which seed fails, and how.</param>
    /// <param name="error">How that fails.</param>
    /// <param name="whole">How it fails under the schedule of its seed.</param>
    /// <param name="all">How many faults that had.</param>
    /// <param name="runs">How many runs it took to find the shortest.</param>
    public string Of(string what, Exception error, Exception whole, int all, int runs)
    {
        List<string> lines =
        [
            $"{what}: {error.GetType().Name}: {error.Message}",
            "",
            run.Network.UnlistedFaults > 0 ? $"More than {all} faults struck, and no fewer were found to be enough ({runs} runs). The first of them:"
                : run.Faults.Count == 0 ? $"It fails without any fault (of {all}; {runs} runs to find that)."
                : $"{run.Faults.Count} of its {all} faults {(run.Faults.Count == 1 ? "is" : "are")} enough ({runs} runs to find that):",
            .. run.Faults.Take(MostFaults).Select(Line),
        ];
        if (run.Faults.Count > MostFaults)
        {
            lines.Add($"  … and {run.Faults.Count - MostFaults} more");
        }

        if (error.Message != whole.Message)
        {
            lines.Add($"With all {all} it fails so: {whole.Message}");
        }

        string[] end = ["", .. Reported(run)];
        string[] above = [.. lines.SelectMany(Wrapped), "", .. Picture(run.Rows.All)];
        string[] below = [.. end.SelectMany(Wrapped), .. Alone()];
        var room = MostLines - below.Length;
        return string.Join(Environment.NewLine,
            (string[])[.. above.Length <= room ? above : [.. above.Take(room - 1), $"… {above.Length - room + 1} lines more; all is in Rows"], .. below]);
    }

    // The end is where it went wrong.
    private static string[] Picture(IReadOnlyList<MarbleRow> all)
    {
        MarbleRow[] rows = [.. all.Select(Short)];
        var instants = rows.SelectMany(static row => row.Diagram.Events).Select(static e => e.Time).Distinct().Order().ToArray();
        for (var count = Math.Min(instants.Length, MostInstants); ; count = count * 3 / 4)
        {
            var (from, isAll) = (count == 0 ? TimeSpan.Zero : instants[^count], count == instants.Length);
            MarbleRow[] shown = isAll ? rows : [.. rows.Select(row => Since(row, from)).Where(static row => row.Diagram.Events.Count > 0)];
            string[] drawn = [.. SimulationTable.Draw([.. shown.TakeLast(MostRows)])];
            if (count <= 1 || drawn.Max(DisplayWidth.Of) <= MostColumns)
            {
                return [isAll ? "What happened then:" : $"What happened then, the last {count} of {instants.Length} instants (all are in Rows):", "", .. drawn.Select(Cut)];
            }
        }
    }

    private static MarbleRow Since(MarbleRow row, TimeSpan from) => row with { Diagram = new([.. row.Diagram.Events.Where(e => e.Time >= from)], row.Diagram.Length) };

    private static MarbleRow Short(MarbleRow row) =>
        row with { Diagram = new([.. row.Diagram.Events.Select(static e => e with { Spelling = Short(e.Spelling) })], row.Diagram.Length) };

    private static MarbleSpelling? Short(MarbleSpelling? spelling) => spelling is null ? null
        : spelling.Kind == MarbleSpellingKind.Hex && spelling.Bytes.Length > LongestValue / 2
            ? MarbleSpelling.Quoted(string.Create(CultureInfo.InvariantCulture, $"{spelling.Bytes.Length} bytes"))
        : spelling.Kind == MarbleSpellingKind.Quoted && spelling.Text.Length > LongestValue
            ? MarbleSpelling.Quoted(string.Create(CultureInfo.InvariantCulture, $"{spelling.Text[..(LongestValue - 8)]}… {spelling.Text.Length}"))
        : spelling;

    private static string Line(Fault fault) => string.Create(
        CultureInfo.InvariantCulture, $"  {HumanTime.Of(fault.At),12}  {fault.Kind,-12}  {fault.Link}  {string.Join(", ", Amounts(fault).Append($"number {fault.Ordinal}"))}");

    private static IEnumerable<string> Amounts(Fault fault)
    {
        if (fault.Lasts is { } lasts)
        {
            yield return $"{(fault.Kind == FaultKind.Delay ? "takes" : "lasts")} {HumanTime.Of(lasts)}";
        }

        if (fault.After is { } after)
        {
            yield return $"{HumanTime.Of(after)} after it was asked for";
        }

        if (fault.Bytes is { } bytes)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"leaves {bytes} {(bytes == 1 ? "byte" : "bytes")}");
        }
    }

    private static IEnumerable<string> Reported(Simulation run) => run.Rows.Errors
        .Concat(run.Errors.Select(static error => ("Reported to a hub", error.Exception))).Take(MostErrors)
        .Select(static told => $"{told.Item1}: {told.Item2.GetType().Name}: {told.Item2.Message}");

    private string[] Alone() => run.Faults.Count > MostFaults
        ? [string.Create(CultureInfo.InvariantCulture, $"To see it alone: Simulation.Run([{run.Seed}], …).")]
        : ["To see it alone:", .. FaultCode.Of(run.Seed, scenario, run.Faults).Select(static line => $"  {line}")];

    private static string Cut(string line) => DisplayWidth.Of(line) <= MostColumns ? line : line[..Math.Min(line.Length, MostColumns - 1)] + "…";

    private static IEnumerable<string> Wrapped(string text)
    {
        foreach (var line in text.Split('\n').Select(static line => line.TrimEnd('\r')))
        {
            var rest = line;
            while (rest.Length > MostColumns)
            {
                var at = rest.LastIndexOf(' ', MostColumns - 1, MostColumns / 2) is > 0 and var blank ? blank : MostColumns - 1;
                yield return rest[..at];
                rest = "  " + rest[at..].TrimStart();
            }

            yield return rest;
        }
    }
}
