namespace Diesel.Reactive.Testing;

/// <summary>What stands between the rows above and the rows below it: a line that begins with <c>&gt;</c>.</summary>
/// <param name="Text">As code or in words.</param>
/// <param name="Line">From 1.</param>
public sealed record MarbleOperator(string Text, int Line);
