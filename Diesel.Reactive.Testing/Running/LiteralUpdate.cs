namespace Diesel.Reactive.Testing;

/// <summary>Rewrites the diagram in a test's source to what came.</summary>
internal static class LiteralUpdate
{
    private const int MostLinesBelow = 60;

    // Tests of one file may run at the same time.
    private static readonly Lock Files = new();

    /// <summary>Writes it.</summary>
    /// <param name="place">Where the test observes.</param>
    /// <param name="call">The name of the method that has the diagram first.</param>
    /// <param name="before">The diagram the test gave.</param>
    /// <param name="after">That which came.</param>
    /// <returns>Why it could not be written; null: it is.</returns>
    public static string? Write(MarblePlace place, string call, string before, string after)
    {
        lock (Files)
        {
            if (!File.Exists(place.File))
            {
                return $"there is no {place.File} here";
            }

            var text = File.ReadAllText(place.File);
            if (Find(text, place.Line, call, before) is not { } literal)
            {
                return $"no {call}(\"…\") with this diagram, on one line of its own, begins below line {place.Line}";
            }

            File.WriteAllText(place.File, string.Concat(text.AsSpan(0, literal.From), literal.With(after), text.AsSpan(literal.To)));
            return null;
        }
    }

    private static CSharpLiteral? Find(string text, int line, string call, string value)
    {
        var (at, end) = (StartOf(text, line), StartOf(text, line + MostLinesBelow));
        while (at >= 0 && (at = text.IndexOf($".{call}(", at, StringComparison.Ordinal)) >= 0 && at < end)
        {
            at += call.Length + 2;
            if (CSharpLiteral.At(text, at) is { } literal && literal.Value == value)
            {
                return literal;
            }
        }

        return null;
    }

    // The end of the text, where there are fewer lines.
    private static int StartOf(string text, int line)
    {
        var at = 0;
        for (var i = 1; i < line; i++)
        {
            var next = text.IndexOf('\n', at);
            if (next < 0)
            {
                return text.Length;
            }

            at = next + 1;
        }

        return at;
    }
}
