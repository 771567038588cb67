using System.Globalization;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A word of a master file, with its backslashes.</summary>
internal readonly record struct DnsToken(string Text, bool IsQuoted);

/// <summary>The words of one entry of a master file, taken one after the other (RFC 1035, section 5.1).</summary>
/// <param name="tokens">The words.</param>
/// <param name="origin">Behind names without a dot at their end.</param>
internal sealed class DnsTokens(IReadOnlyList<DnsToken> tokens, DnsName origin)
{
    private int _at;

    public bool IsAtEnd => _at == tokens.Count;

    public string? Peek => IsAtEnd ? null : tokens[_at].Text;

    public DnsToken Next() => IsAtEnd ? throw new FormatException("The entry ends too early.") : tokens[_at++];

    public string Word() => Next().Text;

    public byte U8() => (byte)Number(byte.MaxValue);

    public ushort U16() => (ushort)Number(ushort.MaxValue);

    public uint U32() => (uint)Number(uint.MaxValue);

    public DnsName Name()
    {
        var word = Word();
        return word == "@" ? origin
            : DnsNameText.TryParse(word, origin, out var name, out var wrong) ? name
            : throw new FormatException($"'{word}' is no domain name: {wrong}.");
    }

    public DnsType Type()
    {
        var word = Word();
        return DnsTypeText.TryParse(word, out var type) ? type : throw new FormatException($"'{word}' is no type of record.");
    }

    public byte[] Text()
    {
        var bytes = DnsText.Bytes(Word());
        return bytes.Length <= byte.MaxValue ? bytes : throw new FormatException($"A string of {bytes.Length} bytes is longer than 255.");
    }

    /// <summary>Seconds; also as <c>1h30m</c>, as BIND reads them.</summary>
    public uint Time()
    {
        var word = Word();
        return TryTime(word, out var seconds) ? seconds : throw new FormatException($"'{word}' is no time.");
    }

    /// <summary>The rest of the words, together in hexadecimal digits; also in parts.</summary>
    public byte[] Hex() => Convert.FromHexString(Join());

    /// <summary>The rest of the words, together in base64.</summary>
    public byte[] Base64() => Convert.FromBase64String(Join());

    public void End()
    {
        if (!IsAtEnd)
        {
            throw new FormatException($"'{Peek}' is too much.");
        }
    }

    public static bool TryTime(ReadOnlySpan<char> word, out uint seconds)
    {
        var (sum, number, hasDigits) = (0L, 0L, false);
        foreach (var sign in word)
        {
            if (char.IsAsciiDigit(sign))
            {
                (number, hasDigits) = (number * 10 + (sign - '0'), true);
            }
            else
            {
                var unit = char.ToLowerInvariant(sign) switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, 'w' => 604_800, _ => 0 };
                (sum, number, hasDigits) = (hasDigits && unit > 0 ? sum + number * unit : long.MaxValue / 2, 0, false);
            }

            if (number > uint.MaxValue || sum > uint.MaxValue)
            {
                seconds = 0;
                return false;
            }
        }

        seconds = (uint)Math.Min(sum + number, uint.MaxValue);
        return !word.IsEmpty && sum + number <= uint.MaxValue && (hasDigits || char.IsAsciiLetter(word[^1]));
    }

    private string Join()
    {
        var joined = string.Concat(tokens.Skip(_at).Select(static token => token.Text));
        _at = tokens.Count;
        return joined;
    }

    private ulong Number(ulong most)
    {
        var word = Word();
        return ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number
            : throw new FormatException($"'{word}' is no number from 0 to {most}.");
    }
}
