namespace Diesel.Reactive.Testing;

/// <summary>A diagram cannot be read.</summary>
/// <remarks>The message says what is wrong and what to write instead, and shows the diagram with a caret under the place;
/// of a long diagram, what is around.</remarks>
public sealed class MarbleSyntaxException : FormatException
{
    private const int Around = 60;

    /// <summary>Makes the error of one place.</summary>
    /// <param name="marbles">The whole text.</param>
    /// <param name="column">The place in it, in UTF-16 units from 0.</param>
    /// <param name="problem">What is wrong there and what to do, one or two sentences.</param>
    public MarbleSyntaxException(string marbles, int column, string problem)
        : base(Describe(marbles, column, problem)) => (Marbles, Column, Problem) = (marbles, column, problem);

    /// <summary>The whole text.</summary>
    public string Marbles { get; }

    /// <summary>The place in it, in UTF-16 units from 0.</summary>
    public int Column { get; }

    /// <summary>What is wrong there and what to do.</summary>
    public string Problem { get; }

    private static string Describe(string marbles, int column, string problem)
    {
        var (first, last) = (Math.Max(0, column - Around), Math.Min(marbles.Length, column + Around));
        var (before, behind) = (first > 0 ? "…" : "", last < marbles.Length ? "…" : "");
        var shown = string.Concat(marbles[first..last].Select(c => char.IsControl(c) || char.IsWhiteSpace(c) ? ' ' : c));
        var newLine = Environment.NewLine;
        var indent = new string(' ', before.Length + DisplayWidth.Of(shown[..Math.Min(column - first, shown.Length)]));
        return $"{problem} (column {column + 1}){newLine}    {before}{shown}{behind}{newLine}    {indent}^";
    }
}
