using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Bytes as text, as master files have them: RFC 1035, section 5.1, RFC 4648.</summary>
internal static class DnsText
{
    private const string Base32 = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

    /// <summary>Takes one byte: a character, <c>\DDD</c> or <c>\X</c>.</summary>
    /// <param name="text">Moves on; not empty.</param>
    /// <param name="value">The byte.</param>
    /// <returns>False: it is none of those.</returns>
    public static bool TryTake(ref ReadOnlySpan<char> text, out byte value)
    {
        var first = text[0];
        value = (byte)first;
        if (first != '\\')
        {
            text = text[1..];
            return first < 0x80;
        }

        if (text.Length > 1 && !char.IsAsciiDigit(text[1]))
        {
            value = (byte)text[1];
            var isAscii = text[1] < 0x80;
            text = text[2..];
            return isAscii;
        }

        var isNumber = text.Length >= 4 && byte.TryParse(text[1..4], NumberStyles.None, CultureInfo.InvariantCulture, out value);
        text = isNumber ? text[4..] : text;
        return isNumber;
    }

    /// <summary>The bytes of a token; what is not ASCII is UTF-8.</summary>
    /// <exception cref="FormatException">A backslash is followed by nothing of use.</exception>
    public static byte[] Bytes(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            if (text[0] >= 0x80 && Rune.DecodeFromUtf16(text, out var rune, out var taken) == System.Buffers.OperationStatus.Done)
            {
                bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
                text = text[taken..];
            }
            else if (TryTake(ref text, out var value))
            {
                bytes.Add(value);
            }
            else
            {
                throw new FormatException("A backslash is followed by three digits up to 255, or by a character that is no digit.");
            }
        }

        return [.. bytes];
    }

    /// <summary>A string in quotation marks.</summary>
    public static StringBuilder Quoted(this StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        text.Append('"');
        foreach (var value in bytes)
        {
            if (value is < (byte)' ' or >= 0x7F)
            {
                text.Append('\\').Append(value.ToString("D3", CultureInfo.InvariantCulture));
            }
            else
            {
                _ = value is (byte)'"' or (byte)'\\' ? text.Append('\\') : text;
                text.Append((char)value);
            }
        }

        return text.Append('"');
    }

    /// <summary>A number, and the space before it.</summary>
    public static StringBuilder And(this StringBuilder text, long value) => text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A word, and the space before it.</summary>
    public static StringBuilder And(this StringBuilder text, string word) => text.Append(' ').Append(word);

    public static StringBuilder Append(this StringBuilder text, long value, char behind) =>
        text.Append(value.ToString(CultureInfo.InvariantCulture)).Append(behind);

    /// <summary>The alphabet of RFC 4648, section 7, without padding.</summary>
    public static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (var bit = 0; bit < bytes.Length * 8; bit += 5)
        {
            var two = (bytes[bit / 8] << 8) | (bit / 8 + 1 < bytes.Length ? bytes[bit / 8 + 1] : 0);
            text.Append(Base32[(two >> (11 - bit % 8)) & 31]);
        }

        return text.ToString();
    }

    /// <exception cref="FormatException">There is another character.</exception>
    public static byte[] FromBase32(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length * 5 / 8];
        var (bits, held, at) = (0, 0, 0);
        foreach (var sign in text)
        {
            var value = Base32.IndexOf(char.ToUpperInvariant(sign), StringComparison.Ordinal);
            bits = (bits << 5) | (value >= 0 ? value : throw new FormatException($"'{sign}' is no digit of base32hex."));
            held += 5;
            if (held >= 8)
            {
                held -= 8;
                bytes[at++] = (byte)(bits >> held);
                bits &= (1 << held) - 1;
            }
        }

        return bytes;
    }
}
