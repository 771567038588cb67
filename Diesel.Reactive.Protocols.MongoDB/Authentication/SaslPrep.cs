using System.Text;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Makes one password of all its spellings.</summary>
/// <remarks>It brings its data of Unicode along. Source: RFC 4013, which is RFC 3454 with its tables; that a password is a stored string, in which nothing may be
/// without a meaning yet, is RFC 5802's, section 2.2.</remarks>
internal static class SaslPrep
{
    /// <exception cref="ArgumentException">It holds what no password may, as a control character.</exception>
    public static string Of(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (Ascii.IsValid(password) && !password.AsSpan().ContainsAnyInRange('\0', '\x1f') && !password.Contains('\x7f', StringComparison.Ordinal))
        {
            return password;
        }

        var tables = UnicodeTables.Instance;
        var normal = CompatibleText.Of(Mapped(password, tables), tables);
        Check(normal, tables);
        return string.Concat(normal.Select(char.ConvertFromUtf32));
    }

    private static IEnumerable<int> Mapped(string password, UnicodeTables tables)
    {
        for (var i = 0; i < password.Length; i++)
        {
            var isWhole = Rune.TryGetRuneAt(password, i, out var rune);
            var point = isWhole ? rune.Value : throw Refused();
            i += rune.Utf16SequenceLength - 1;
            if (!tables.Nothing.Contains(point))
            {
                yield return tables.Spaces.Contains(point) ? ' ' : point;
            }
        }
    }

    private static void Check(List<int> text, UnicodeTables tables)
    {
        if (text.Exists(tables.Refused.Contains))
        {
            throw Refused();
        }

        // RFC 3454, section 6.
        if (text.Exists(tables.RightToLeft.Contains)
            && (text.Exists(tables.LeftToRight.Contains) || !tables.RightToLeft.Contains(text[0]) || !tables.RightToLeft.Contains(text[^1])))
        {
            throw new ArgumentException("The password mixes directions of writing as none may (RFC 3454, section 6).");
        }
    }

    private static ArgumentException Refused() =>
        new("The password holds a character that none may (RFC 4013): a control character, or one that Unicode 3.2 gives no meaning, as a picture.");
}
