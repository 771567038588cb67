using System.Buffers;
using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>Text as a picture can show it: how wide it is about, without asking a font, and with nothing hidden in it.</summary>
internal static class PictureText
{
    /// <summary>As a part of the size of a font with letters of one width.</summary>
    public const double LetterOfOneWidth = 0.62;

    private const string Narrow = " !'(),.:;I[]`fijlrt{|}";
    private const string Broad = "@%MWmw—…";

    /// <summary>Pixels of a text in a font with letters of one width.</summary>
    public static double WidthOfCode(string text, double size) => DisplayWidth.Of(text) * LetterOfOneWidth * size;

    /// <summary>Pixels of a text in a font as browsers choose it.</summary>
    public static double Width(string text, double size) =>
        size * text.EnumerateRunes().Sum(rune => DisplayWidth.Of(rune.ToString()) > 1 ? 1.05 : IsMark(rune) ? 0
            : Narrow.Contains((char)rune.Value) && rune.IsBmp ? 0.34 : Broad.Contains((char)rune.Value) && rune.IsBmp ? 0.95
            : Rune.IsUpper(rune) ? 0.7 : 0.58);

    /// <summary>The same text with what cannot be seen, or would move the rest, written as an escape.</summary>
    /// <param name="text">Any.</param>
    /// <param name="keepLines">Whether line ends stay what they are.</param>
    public static string Visible(string text, bool keepLines = false)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            visible.Append((keepLines && rune.Value == '\n' ? null : Escape(rune)) ?? rune.ToString());
        }

        return visible.ToString();
    }

    /// <summary>At most so many letters: beyond, its middle is left out.</summary>
    public static string Short(string text, int letters)
    {
        var elements = new StringInfo(text);
        var length = elements.LengthInTextElements;
        return length <= letters
            ? text
            : $"{elements.SubstringByTextElements(0, letters * 2 / 3)}…{elements.SubstringByTextElements(length - (letters / 3))}";
    }

    /// <summary>A text in as many lines as it needs, broken at blanks; a word that is longer than a line has one for itself.</summary>
    /// <param name="text">Any.</param>
    /// <param name="size">Of its font, in pixels.</param>
    /// <param name="width">Of a line, in pixels.</param>
    public static IEnumerable<string> Wrapped(string text, double size, double width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && Width($"{line} {word}", size) > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    /// <summary>Bytes as text where most of them are text, else as hexadecimal digits; a long run of one byte as such.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 4 && bytes.IndexOfAnyExcept(bytes[0]) < 0)
        {
            return $"{OfBytes(bytes[..1])} × {bytes.Length.ToString(CultureInfo.InvariantCulture)}";
        }

        var (text, letters, hidden) = (new StringBuilder(), 0, 0);
        for (var rest = bytes; rest.Length > 0; letters++)
        {
            var isText = Rune.DecodeFromUtf8(rest, out var rune, out var length) == OperationStatus.Done;
            hidden += !isText || (Rune.IsControl(rune) && rune.Value is not ('\r' or '\n' or '\t')) ? 1 : 0;
            text.Append(isText ? Visible(rune.ToString()) : string.Concat(rest[..length].ToArray().Select(part => $@"\x{part:x2}")));
            rest = rest[length..];
        }

        return hidden * 2 > letters ? Convert.ToHexStringLower(bytes) : text.ToString();
    }

    private static string? Escape(Rune rune) => rune.Value switch
    {
        '\r' => @"\r",
        '\n' => @"\n",
        '\t' => @"\t",
        '\0' => @"\0",
        0x200D or 0xFE0F => null,
        < 0x100 when Rune.IsControl(rune) => $@"\x{rune.Value:x2}",
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned || rune.Value is 0xFFFE or 0xFFFF
            ? $@"\u{{{rune.Value:x}}}" : null,
    };

    private static bool IsMark(Rune rune) => rune.Value is 0x200D or 0xFE0F
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
}
