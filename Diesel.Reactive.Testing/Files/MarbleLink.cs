namespace Diesel.Reactive.Testing;

/// <summary>An arrow of the picture from a value to what became of it: <c>in.a -> out.b</c> below <c>[links]</c>.</summary>
/// <param name="FromRow">The name of the row it begins at.</param>
/// <param name="FromValue">As that row writes the value; where it does so several times, the arrows are several.</param>
/// <param name="ToRow">The name of the row it leads to.</param>
/// <param name="ToValue">As that row writes the value.</param>
/// <param name="Dashed">Written <c>-.-></c>.</param>
/// <param name="Line">From 1.</param>
public sealed record MarbleLink(string FromRow, string FromValue, string ToRow, string ToValue, bool Dashed, int Line);
