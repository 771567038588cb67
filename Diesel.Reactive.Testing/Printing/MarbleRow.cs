namespace Diesel.Reactive.Testing;

/// <summary>One line of a table of diagrams.</summary>
/// <param name="Label">What stands in front of it, such as a source's name; may be empty.</param>
/// <param name="Diagram">What happens on it.</param>
public sealed record MarbleRow(string Label, MarbleDiagram Diagram);
