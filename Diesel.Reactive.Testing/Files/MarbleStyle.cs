namespace Diesel.Reactive.Testing;

/// <summary>One setting of how a case is drawn: a line below <c>[styles]</c> or <c>[styles.a]</c>.</summary>
/// <param name="Name">The value it is about; empty for the whole picture.</param>
/// <param name="Key">For a value <c>fill_color</c>, <c>stroke_color</c> or <c>text_color</c>; for the picture <c>frame_width</c>
/// (pixels, 16 to 120) or <c>ruler</c> (<c>true</c> or <c>false</c>).</param>
/// <param name="Value">A colour as <c>#rgb</c>, <c>#rrggbb</c> or by its English name; a number; a truth.</param>
/// <param name="Line">From 1.</param>
public sealed record MarbleStyle(string Name, string Key, string Value, int Line)
{
    /// <summary>What to do about a setting nothing can be done with; null: it is fine.</summary>
    internal string? Problem => (Name.Length > 0, Key) switch
    {
        (true, "fill_color" or "stroke_color" or "text_color") =>
            IsColor ? null : $"'{Value}' is no colour: write #rgb, #rrggbb or an English name.",
        (false, "frame_width") => int.TryParse(Value, out var width) && width is >= 16 and <= 120
            ? null : $"'{Value}' is no width of a frame: write a whole number from 16 to 120.",
        (false, "ruler") => Value is "true" or "false" ? null : $"A ruler is true or false, not '{Value}'.",
        (true, _) => $"A value has no '{Key}': write fill_color, stroke_color or text_color.",
        _ => $"A picture has no '{Key}': write frame_width or ruler.",
    };

    // Nothing else may reach the picture, which is XML.
    private bool IsColor => Value is ['#', .. { Length: 3 or 6 } digits]
        ? digits.All(char.IsAsciiHexDigit)
        : Value.Length is > 2 and < 24 && Value.All(char.IsAsciiLetter);
}
