using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Makes one password of all its spellings.</summary>
/// <remarks>In a process without data of Unicode (<c>InvariantGlobalization</c>) nothing is composed: a password has to be spelled as it was stored. Source: RFC 4013, which is RFC 3454 with its tables; of text with letters of both directions, what Unicode calls right-to-left is told by its
/// blocks.</remarks>
internal static class SaslPrep
{
    private static readonly (int First, int Last)[] RightToLeft = [(0x590, 0x8ff), (0xfb1d, 0xfdff), (0xfe70, 0xfeff), (0x10800, 0x10fff), (0x1e800, 0x1efff)];

    /// <exception cref="ArgumentException">It holds what no password may, as a control character.</exception>
    public static string Of(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (Ascii.IsValid(password) && !password.AsSpan().ContainsAnyInRange('\0', '\x1f') && !password.Contains('\x7f', StringComparison.Ordinal))
        {
            return password;
        }

        var mapped = new StringBuilder();
        foreach (var rune in password.EnumerateRunes())
        {
            mapped.Append(IsNothing(rune.Value) ? "" : Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator ? " " : rune.ToString());
        }

        var normal = mapped.ToString().Normalize(NormalizationForm.FormKC);
        Check(normal);
        return normal;
    }

    // RFC 3454, table B.1.
    private static bool IsNothing(int rune) => rune is 0xad or 0x34f or 0x1806 or (>= 0x180b and <= 0x180d) or (>= 0x200b and <= 0x200d) or 0x2060 or (>= 0xfe00 and <= 0xfe0f) or 0xfeff;

    private static void Check(string text)
    {
        var (hasRight, hasLeft) = (false, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (rune.Value == 0xfffd || category is UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || (rune.Value & 0xfffe) == 0xfffe)
            {
                throw new ArgumentException("The password holds a character that none may (RFC 4013): a control character, or one without a meaning of its own.");
            }

            var isRight = IsRight(rune) && Rune.IsLetter(rune);
            (hasRight, hasLeft) = (hasRight || isRight, hasLeft || (!isRight && Rune.IsLetter(rune)));
        }

        if (hasRight && (hasLeft || !IsRight(text.EnumerateRunes().First()) || !IsRight(Rune.GetRuneAt(text, text.Length - (char.IsLowSurrogate(text[^1]) ? 2 : 1)))))
        {
            throw new ArgumentException("The password mixes directions of writing as none may (RFC 3454, section 6).");
        }
    }

    private static bool IsRight(Rune rune) => Array.Exists(RightToLeft, block => rune.Value >= block.First && rune.Value <= block.Last);
}
