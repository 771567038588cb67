namespace Diesel.Reactive.Testing;

/// <summary>Writes the lines of a file in the one way everybody writes them.</summary>
internal static class MarbleFileFormat
{
    public static string Write(IReadOnlyList<MarbleFileLine> lines, IReadOnlyList<MarbleCase> cases)
    {
        var rows = cases.SelectMany(Rows).ToDictionary(row => row.Line, row => row.Text);
        var isLink = false;
        var written = lines.Select(line =>
        {
            isLink = line.Kind switch
            {
                MarbleFileLineKind.Section => line.Key == "[links]",
                MarbleFileLineKind.Blank or MarbleFileLineKind.Title => false,
                _ => isLink,
            };
            // A value's name in a link may be a sign that means something else elsewhere.
            return rows.GetValueOrDefault(line.Number) ?? (isLink && line.Kind != MarbleFileLineKind.Comment ? line.Text.Trim() : Write(line));
        });
        return string.Join('\n', WithoutSpareBlanks(written)) + "\n";
    }

    private static string Write(MarbleFileLine line) => line.Kind switch
    {
        MarbleFileLineKind.Blank => "",
        MarbleFileLineKind.Comment => $"% {line.Value}".TrimEnd(),
        MarbleFileLineKind.Title => $"= {line.Value}",
        MarbleFileLineKind.Operator => $"> {line.Value}",
        MarbleFileLineKind.Definition => $"{line.Key} := {line.Value}".TrimEnd(),
        MarbleFileLineKind.Setting => $"{line.Key} = {line.Value}".TrimEnd(),
        _ => line.Text.Trim(),
    };

    private static IEnumerable<(int Line, string Text)> Rows(MarbleCase @case)
    {
        var rows = @case.Rows;
        var role = rows.Max(row => MarbleFileRowReader.Word(row.Role).Length);
        var name = rows.Max(row => DisplayWidth.Of(row.GivenName));
        var aligned = rows.Where(row => row.Role is not (MarbleRowRole.Note or MarbleRowRole.Time)).ToList();
        var marbles = aligned.Zip(RowAlignment.Align(aligned)).ToDictionary(pair => pair.First.Line, pair => pair.Second);
        return rows.Select(row => (row.Line, string.Concat(
            MarbleFileRowReader.Word(row.Role).PadRight(role),
            name > 0 ? $" {row.GivenName}{new string(' ', name - DisplayWidth.Of(row.GivenName))}" : "", " : ",
            marbles.GetValueOrDefault(row.Line, row.Marbles)).TrimEnd()));
    }

    private static IEnumerable<string> WithoutSpareBlanks(IEnumerable<string> lines)
    {
        var (begun, blank) = (false, false);
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                blank = begun;
                continue;
            }

            if (blank)
            {
                yield return "";
            }

            yield return line;
            (begun, blank) = (true, false);
        }
    }
}
