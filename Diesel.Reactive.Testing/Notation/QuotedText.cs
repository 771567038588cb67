using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>Texts between quotes, in which everything can be seen.</summary>
internal static class QuotedText
{
    private const char ZeroWidthJoiner = '\u200d';

    public static string Of(MarbleSpelling spelling)
    {
        var (text, at) = (new StringBuilder("'"), 0);
        for (var i = 0; i < spelling.Text.Length; i++)
        {
            var one = One(spelling.Text, i);
            var encoded = Encoding.UTF8.GetBytes(one);
            var rest = spelling.Bytes.Span[Math.Min(at, spelling.Bytes.Length)..];
            if (rest.StartsWith(encoded) && !AreBytes(spelling.Text.AsSpan(i), rest))
            {
                text.Append(Shown(one, i == 0));
                at += encoded.Length;
                i += one.Length - 1;
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\x{(int)one[0]:x2}");
                at++;
            }
        }

        return text.Append('\'').ToString();
    }

    // The bytes of \xc3\x83 are those of one character, the first that stands for them; no other two are.
    private static bool AreBytes(ReadOnlySpan<char> text, ReadOnlySpan<byte> bytes) =>
        text is ['\u00c3', '\u0083', ..] && bytes[2..] is not [0x83, ..] and not [0xc2, 0x83, ..];

    /// <summary>A text as it stands between quotes, without them.</summary>
    public static string Escaped(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder();
        var whole = text.ToString();
        for (var i = 0; i < whole.Length; i++)
        {
            var one = One(whole, i);
            shown.Append(Shown(one, i == 0));
            i += one.Length - 1;
        }

        return shown.ToString();
    }

    private static string One(string text, int at) => text.Substring(at, char.IsSurrogatePair(text, at) ? 2 : 1);

    private static string Shown(string one, bool isFirst) => one[0] switch
    {
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        '\0' => @"\0",
        '\'' => @"\'",
        '\\' => @"\\",
        < ' ' or '\x7f' => $"\\x{(int)one[0]:x2}",
        ' ' => one,
        _ when IsSeen(one, isFirst) => one,
        _ => string.Concat(one.Select(unit => $"\\u{(int)unit:x4}")),
    };

    private static bool IsSeen(string one, bool isFirst) => CharUnicodeInfo.GetUnicodeCategory(one, 0) switch
    {
        UnicodeCategory.Format => !isFirst && one[0] == ZeroWidthJoiner,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => !isFirst,
        UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        _ => true,
    };
}
