using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Values that spell themselves: texts, bytes, characters, and the numbers of one digit.</summary>
internal static class NaturalSpelling
{
    private const string Reserved = "-|#^!()[]{}'<>";

    /// <summary>How a value is written when no names are given; null: it needs a name.</summary>
    public static MarbleSpelling? Of<T>(T value) => value switch
    {
        string text when typeof(T) == typeof(string) => OfText(text),
        byte[] bytes when typeof(T) == typeof(byte[]) => BytesText.Spell(bytes),
        ReadOnlyMemory<byte> bytes when typeof(T) == typeof(ReadOnlyMemory<byte>) => BytesText.Spell(bytes),
        char character when typeof(T) == typeof(char) => OfText(character.ToString()),
        IConvertible number when IsNumber(typeof(T)) && Digit(number) is { } digit => MarbleSpelling.Name(digit),
        _ => null,
    };

    /// <summary>A text as a name if it can be one, otherwise between quotes.</summary>
    public static MarbleSpelling OfText(string text) => IsName(text) ? MarbleSpelling.Name(text) : MarbleSpelling.Quoted(text);

    /// <summary>The same value where names have other meanings.</summary>
    public static MarbleSpelling Quoted(MarbleSpelling natural) =>
        natural.Kind == MarbleSpellingKind.Name ? MarbleSpelling.Quoted(natural.Text) : natural;

    // A name is one visible character to its reader wherever it stands: also between two of its own kind.
    private static bool IsName(string text) =>
        text.Length > 0 && !Reserved.Contains(text[0]) && StringInfo.GetNextTextElementLength(text) == text.Length
        && CharUnicodeInfo.GetUnicodeCategory(text, 0) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
        && !text.Any(char.IsWhiteSpace) && StaysApart('-' + text, 1) && StaysApart(text + '-', text.Length) && StaysApart(text + text, text.Length);

    private static bool StaysApart(string both, int at) => StringInfo.GetNextTextElementLength(both) == at;

    private static bool IsNumber(Type type) => !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static string? Digit(IConvertible number) =>
        number.ToDouble(CultureInfo.InvariantCulture) is >= 0 and <= 9 and var size && size == Math.Truncate(size)
            && number.ToDecimal(CultureInfo.InvariantCulture) == (decimal)size
            ? ((int)size).ToString(CultureInfo.InvariantCulture) : null;
}
