namespace Diesel.Reactive.Testing;

/// <summary>What a name stands for in a case: <c>a := text</c>.</summary>
/// <param name="Name">One character as a reader sees it, or <c>#</c> for the error.</param>
/// <param name="Value">The text, up to the line's end; or, written as in a diagram, a text between quotes or bytes.</param>
/// <param name="Line">From 1.</param>
public sealed record MarbleDefinition(string Name, MarbleSpelling Value, int Line);
