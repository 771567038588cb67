namespace Diesel.Reactive.Testing;

/// <summary>What a test has told, as a case that can be drawn.</summary>
internal static class ReportCase
{
    // More would be a picture that nobody can look at.
    private const int MostInstants = 120;

    /// <summary>A report as a case, and what came for the row of it that was expected.</summary>
    public static (MarbleCase Case, IReadOnlyDictionary<string, MarbleDiagram> Actual) Of(MarbleReport report)
    {
        var actual = new Dictionary<string, MarbleDiagram>();
        var rows = report.Context.Select(static row => (MarbleRowRole.Hot, row)).ToList();
        foreach (var (at, row) in report.Expected.Index())
        {
            rows.Add((IsSpan(row) ? MarbleRowRole.Window : MarbleRowRole.Expect, Numbered(row, at, report.Expected.Count)));
        }

        foreach (var (at, row) in report.Actual.Index())
        {
            var numbered = Numbered(row, at, report.Actual.Count);
            if (IsSpan(row) || at >= report.Expected.Count)
            {
                rows.Add((IsSpan(row) ? MarbleRowRole.Window : MarbleRowRole.Expect, numbered));
            }
            else
            {
                actual[Numbered(report.Expected[at], at, report.Expected.Count).Label] = row.Diagram;
            }
        }

        var around = Around([.. rows.Select(static each => each.Item2.Diagram), .. actual.Values], FirstDifference(report));
        var made = Make(report.Text.Split('\n')[0].TrimEnd(), report.Text, [.. rows.Select(each => (each.Item1, around(each.Item2)))], report.Meanings);
        return (made, actual.ToDictionary(static each => each.Key, each => around(new MarbleRow("", each.Value)).Diagram));
    }

    /// <summary>Rows as a case.</summary>
    public static MarbleCase Of(string title, IReadOnlyList<MarbleRow> rows)
    {
        var last = rows.SelectMany(static row => row.Diagram.Events).Select(static told => told.Time).DefaultIfEmpty().Max();
        var around = Around([.. rows.Select(static row => row.Diagram)], last);
        return Make(title, title, [.. rows.Select(row => (MarbleRowRole.Hot, around(row)))], new Dictionary<string, string>());
    }

    private static MarbleCase Make(string title, string text, IEnumerable<(MarbleRowRole Role, MarbleRow Row)> rows, IReadOnlyDictionary<string, string> meanings) => new(
        "", title, 1, text,
        [.. rows.Index().Select(static at => new MarbleFileRow(at.Item.Role, at.Item.Row.Label, "", at.Item.Row.Diagram, at.Index + 2, []))],
        [], [.. meanings.Select(static named => new MarbleDefinition(named.Key, MarbleSpelling.Quoted(named.Value is ['\'', .. var text, '\''] ? text : named.Value), 0))], [], []);

    private static MarbleRow Numbered(MarbleRow row, int at, int count) => count == 1 ? row : row with { Label = FormattableString.Invariant($"{row.Label} {at + 1}") };

    private static bool IsSpan(MarbleRow row) => row.Diagram.Events.Any(static told => told.Kind is MarbleKind.Subscribed or MarbleKind.Unsubscribed);

    private static TimeSpan FirstDifference(MarbleReport report) => report.Expected.Zip(report.Actual)
        .SelectMany(static pair => Instants(pair.First.Diagram).Zip(Instants(pair.Second.Diagram)).Where(static at => at.First != at.Second))
        .Select(static at => at.First.Time < at.Second.Time ? at.First.Time : at.Second.Time).DefaultIfEmpty(TimeSpan.Zero).Min();

    private static IEnumerable<(TimeSpan Time, MarbleKind Kind, MarbleSpelling? Spelling)> Instants(MarbleDiagram diagram) =>
        diagram.Events.Select(static told => (told.Time, told.Kind, told.Spelling));

    // What is shown of each row: all, or the instants around the one that counts.
    private static Func<MarbleRow, MarbleRow> Around(IReadOnlyList<MarbleDiagram> diagrams, TimeSpan centre)
    {
        TimeSpan[] instants = [.. diagrams.SelectMany(static diagram => diagram.Events).Select(static told => told.Time).Distinct().Order()];
        if (instants.Length <= MostInstants)
        {
            return static row => row;
        }

        var at = Array.BinarySearch(instants, centre) is var found && found < 0 ? ~found : found;
        var first = Math.Clamp(at - (MostInstants / 2), 0, instants.Length - MostInstants);
        var (from, to) = (instants[first], instants[first + MostInstants - 1]);
        return row => row with { Diagram = new([.. row.Diagram.Events.Where(told => told.Time >= from && told.Time <= to)], TimeSpan.Zero) };
    }
}
