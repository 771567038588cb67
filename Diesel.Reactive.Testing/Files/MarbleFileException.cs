namespace Diesel.Reactive.Testing;

/// <summary>A <c>.marble</c> file cannot be read.</summary>
/// <remarks>The message begins with file, line and column, as compilers write them, and says what to do.</remarks>
public sealed class MarbleFileException : FormatException
{
    /// <summary>Makes the error of one place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="line">From 1.</param>
    /// <param name="column">In UTF-16 units, from 1.</param>
    /// <param name="problem">What is wrong there and what to do.</param>
    public MarbleFileException(string path, int line, int column, string problem)
        : base($"{path}:{line}:{column}: {problem}") => (Path, Line, Column, Problem) = (path, line, column, problem);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>From 1.</summary>
    public int Line { get; }

    /// <summary>In UTF-16 units, from 1.</summary>
    public int Column { get; }

    /// <summary>What is wrong there and what to do.</summary>
    public string Problem { get; }
}
