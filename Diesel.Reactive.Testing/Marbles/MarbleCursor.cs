namespace Diesel.Reactive.Testing;

/// <summary>A place in a diagram's text.</summary>
internal sealed class MarbleCursor(string text)
{
    public string Text => text;

    public int At { get; set; }

    public bool AtEnd => At >= text.Length;

    /// <summary>The character here; NUL behind the end.</summary>
    public char Current => AtEnd ? '\0' : text[At];

    public MarbleSyntaxException Error(int column, string problem) => new(text, column, problem);
}
