namespace Diesel.Reactive.Testing;

/// <summary>One line of a <c>.marble</c> file, told apart by its first characters; what it means is not looked at.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Number">From 1.</param>
/// <param name="KeyColumn">Where the key begins, from 1.</param>
/// <param name="Key">What stands before the <c>:</c>, <c>:=</c> or <c>=</c>, or in brackets.</param>
/// <param name="ValueColumn">Where the value begins, from 1.</param>
/// <param name="Value">What stands behind it, without blanks around it.</param>
/// <param name="Text">The whole line, without blanks at its end.</param>
internal sealed record MarbleFileLine(
    MarbleFileLineKind Kind, int Number, int KeyColumn, string Key, int ValueColumn, string Value, string Text)
{
    public static MarbleFileLine Read(string text, int number)
    {
        var line = text.AsSpan().Trim();
        var (kind, keyLength, signLength) = Divide(line);
        var start = text.Length - text.TrimStart().Length;
        var value = line[(keyLength + signLength)..];
        return new(kind, number, start + 1, line[..keyLength].TrimEnd().ToString(),
            start + line.Length - value.TrimStart().Length + 1, value.Trim().ToString(), text.TrimEnd());
    }

    /// <summary>How long the key is and the sign behind it, in a line without blanks around it.</summary>
    private static (MarbleFileLineKind Kind, int Key, int Sign) Divide(ReadOnlySpan<char> line)
    {
        switch (line)
        {
            case []: return (MarbleFileLineKind.Blank, 0, 0);
            case ['%', ..]: return (MarbleFileLineKind.Comment, 0, 1);
            case ['=', ..]: return (MarbleFileLineKind.Title, 0, 1);
            case ['>', ..]: return (MarbleFileLineKind.Operator, 0, 1);
            case ['[', .., ']']: return (MarbleFileLineKind.Section, line.Length, 0);
        }

        var sign = line.IndexOfAny(':', '=');
        if (sign < 0)
        {
            return (MarbleFileLineKind.Row, line.Length, 0);
        }

        if (line[sign] == '=')
        {
            return (MarbleFileLineKind.Setting, sign, 1);
        }

        return line[sign..].StartsWith(":=") && !line[..sign].TrimEnd().ContainsAny(' ', '\t')
            ? (MarbleFileLineKind.Definition, sign, 2)
            : (MarbleFileLineKind.Row, sign, 1);
    }
}
