namespace Diesel.Reactive.Testing;

/// <summary>One line of a table of diagrams.</summary>
/// <param name="Label">What stands in front of it, such as a source's name; may be empty.</param>
/// <param name="Diagram">What happens on it.</param>
public sealed record MarbleRow(string Label, MarbleDiagram Diagram)
{
    /// <summary>What was recorded, as a line of a table.</summary>
    /// <typeparam name="T">The values; those that do not spell themselves get letters.</typeparam>
    /// <param name="label">What stands in front of it.</param>
    /// <param name="recording">In the order of its times.</param>
    /// <returns>The line.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static MarbleRow Of<T>(string label, Recording<T> recording)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(recording);
        return new(label, MarbleDiagram.Parse(MarblePrinter.Print(recording).Marbles));
    }
}
