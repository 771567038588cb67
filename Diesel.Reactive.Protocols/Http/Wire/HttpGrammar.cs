using System.Buffers;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The characters of the grammar, the same for both roles.</summary>
internal static class HttpGrammar
{
    /// <summary>tchar (RFC 9110 §5.6.2): what methods and field names are made of.</summary>
    public static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>field-vchar, SP and HTAB (RFC 9110 §5.5): VCHAR and obs-text.</summary>
    public static readonly SearchValues<byte> FieldValue = SearchValues.Create([(byte)'\t', .. Range(0x20, 0x7e), .. Range(0x80, 0xff)]);

    /// <summary>What a request target may hold (RFC 9112 §3.2): what RFC 3986 knows, and what browsers send as it is beside that.</summary>
    public static readonly SearchValues<byte> Target =
        SearchValues.Create([.. Range(0x21, 0x7e).Where(static each => !"\"#<>\\"u8.Contains(each))]);

    /// <summary>reg-name without the comma, which would be a list of two (RFC 3986 §3.2.2), and without its percent sign.</summary>
    public static readonly SearchValues<byte> RegName =
        SearchValues.Create("-._~!$&'()*+;=%0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>What stands between the brackets of an address (RFC 3986 §3.2.2).</summary>
    public static readonly SearchValues<byte> Address = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    public static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(Token);

    public static bool IsFieldValue(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(FieldValue);

    public static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowercase) => Ascii.EqualsIgnoreCase(text, lowercase);

    /// <summary>Without OWS at both ends (RFC 9110 §5.6.3).</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (text is [(byte)' ' or (byte)'\t', ..])
        {
            text = text[1..];
        }

        while (text is [.., (byte)' ' or (byte)'\t'])
        {
            text = text[..^1];
        }

        return text;
    }

    /// <summary>1*DIGIT as a number; false: it is none, or larger than any.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit) || number > (long.MaxValue - 9) / 10)
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
        }

        return !text.IsEmpty;
    }

    /// <summary>The members of a list (RFC 9110 §5.6.1), one after the other; what is empty is skipped.</summary>
    public static bool TryNextMember(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> member)
    {
        while (!list.IsEmpty)
        {
            var comma = list.IndexOf((byte)',');
            member = Trim(comma < 0 ? list : list[..comma]);
            list = comma < 0 ? default : list[(comma + 1)..];
            if (!member.IsEmpty)
            {
                return true;
            }
        }

        member = default;
        return false;
    }

    private static IEnumerable<byte> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(static each => (byte)each);
}
