using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>Moves the signs of several rows by free spaces so that equal instants stand in equal columns.</summary>
/// <remarks>The signs themselves stay as their author wrote them: nothing is collapsed, unfolded or reordered.</remarks>
internal static class RowAlignment
{
    public static IReadOnlyList<string> Align(IReadOnlyList<MarbleFileRow> rows)
    {
        var texts = rows.Select(_ => new StringBuilder()).ToList();
        var widths = new int[rows.Count];
        var column = -1;
        foreach (var instant in rows.SelectMany((row, index) => Cells(row).Select(cell => (cell.Time, cell.Text, cell.Blanks, Row: index)))
                     .GroupBy(cell => cell.Time).OrderBy(instant => instant.Key))
        {
            column = Math.Max(column + 1, instant.Max(cell => widths[cell.Row] + cell.Blanks));
            foreach (var (_, text, _, row) in instant)
            {
                texts[row].Append(' ', column - widths[row]).Append(text);
                widths[row] = column + DisplayWidth.Of(text);
            }
        }

        return [.. texts.Select(text => text.ToString().TrimEnd())];
    }

    /// <summary>What stands at each instant, and how many blanks it needs before it.</summary>
    private static IEnumerable<(long Time, string Text, int Blanks)> Cells(MarbleFileRow row)
    {
        var tokens = Tokens(row.Marbles);
        var zero = row.Role is MarbleRowRole.Hot or MarbleRowRole.Rx ? tokens.Find(token => token.Token.Kind == MarbleTokenKind.Subscribed).Time : 0;
        for (var first = 0; first < tokens.Count;)
        {
            // A group is one cell, and so is what takes no time (a duration of zero) with what follows it.
            var last = first + 1;
            while (last < tokens.Count && tokens[last].Time == tokens[first].Time)
            {
                last++;
            }

            var end = last < tokens.Count ? tokens[last].Token.Column : row.Marbles.Length;
            yield return (tokens[first].Time - zero, row.Marbles[tokens[first].Token.Column..end].Trim(), MustPart(tokens, first) ? 1 : 0);
            first = last;
        }
    }

    // A number with letters behind it would be read as a duration: names must stay names.
    private static bool MustPart(List<(MarbleToken Token, long Time)> tokens, int at) =>
        at > 0 && (tokens[at].Token.Kind == MarbleTokenKind.Duration || tokens[at - 1].Token.Kind == MarbleTokenKind.Duration
            || (char.IsLetter(tokens[at].Token.Sign) && tokens[Math.Max(0, at - 2)..at].Exists(before => char.IsAsciiDigit(before.Token.Sign))));

    private static List<(MarbleToken Token, long Time)> Tokens(string marbles)
    {
        var tokens = new List<(MarbleToken, long)>();
        var (time, inside, depth, outer) = (0L, 0, 0, '\0');
        foreach (var token in new MarbleTokenizer(new(marbles)).Tokens())
        {
            tokens.Add((token, time));
            switch (token.Kind)
            {
                case MarbleTokenKind.Open:
                    (outer, inside) = depth++ == 0 ? (token.Sign, 0) : (outer, inside);
                    break;
                case MarbleTokenKind.Close:
                    time += --depth > 0 ? 0 : TimeSpan.TicksPerMillisecond * (outer == '(' ? inside + 2 : 1);
                    break;
                case var _ when depth > 0:
                    inside++;
                    break;
                case MarbleTokenKind.Duration:
                    time += token.Ticks;
                    break;
                default:
                    time += TimeSpan.TicksPerMillisecond;
                    break;
            }
        }

        return tokens;
    }
}
