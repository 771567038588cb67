using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>A name: one grapheme cluster, a character as a reader sees it.</summary>
internal static class MarbleName
{
    /// <summary>What can be no name in a strict diagram, beside white space.</summary>
    public const string Reserved = "-|#^!()[]{}'<>";

    public static MarbleSpelling Read(MarbleCursor cursor)
    {
        if (Invisible(cursor.Text, cursor.At) is { } what)
            throw cursor.Error(cursor.At, $"{what} cannot be a name: nobody sees it. Remove it, or write it in quotes.");
        var length = StringInfo.GetNextTextElementLength(cursor.Text, cursor.At);
        cursor.At += length;
        return MarbleSpelling.Name(cursor.Text.Substring(cursor.At - length, length));
    }

    /// <summary>Whether one diagram in some dialect can write it.</summary>
    public static bool CanBe(string name) =>
        name.Length > 0 && StringInfo.GetNextTextElementLength(name) == name.Length && name != " " && !"-|#^!()".Contains(name[0]);

    private static string? Invisible(string text, int at)
    {
        var unit = char.IsSurrogate(text[at]) && !char.IsSurrogatePair(text, at);
        if (!unit && CharUnicodeInfo.GetUnicodeCategory(text, at) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)) return null;
        return $"The character U+{(unit ? text[at] : char.ConvertToUtf32(text, at)):X4}";
    }
}
