namespace Diesel.Reactive.Protocols.Http;

/// <summary>The line before a chunk: chunk-size [ chunk-ext ] (RFC 9112 §7.1).</summary>
internal static class HttpChunkLine
{
    private const int MostDigits = 16;

    /// <summary>Reads it.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="isRequest">Whose it is.</param>
    /// <param name="extensions">How many bytes the extensions have.</param>
    /// <returns>The size.</returns>
    /// <exception cref="HttpRefusedException">It is none.</exception>
    public static long Size(ReadOnlySpan<byte> line, bool isRequest, out int extensions)
    {
        var (size, digits) = (0L, 0);
        while (digits < line.Length && char.IsAsciiHexDigit((char)line[digits]))
        {
            if (digits == MostDigits || size > long.MaxValue >> 4)
            {
                throw Refused(isRequest, "RFC 9112 §7.1", "A chunk's size is larger than any there may be");
            }

            size = (size << 4) | (uint)Digit(line[digits]);
            digits++;
        }

        if (digits == 0)
        {
            throw Refused(isRequest, "RFC 9112 §7.1", "A chunk does not begin with its size in hexadecimal digits");
        }

        extensions = line.Length - digits;
        if (extensions > 0 && !AreExtensions(line[digits..]))
        {
            throw Refused(isRequest, "RFC 9112 §7.1.1", "What stands behind a chunk's size is no extension");
        }

        return size;
    }

    /// <summary>Whether a line that is not whole may still become one: its digits are not too many.</summary>
    public static void CheckOpen(ReadOnlySpan<byte> line, bool isRequest)
    {
        var digits = 0;
        while (digits < line.Length && char.IsAsciiHexDigit((char)line[digits]))
        {
            if (++digits > MostDigits)
            {
                throw Refused(isRequest, "RFC 9112 §7.1", "A chunk's size is larger than any there may be");
            }
        }

        if (digits == 0 && line.Length > 0)
        {
            throw Refused(isRequest, "RFC 9112 §7.1", "A chunk does not begin with its size in hexadecimal digits");
        }
    }

    private static int Digit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    // chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] ), a value being a token or a quoted-string
    private static bool AreExtensions(ReadOnlySpan<byte> rest)
    {
        while (true)
        {
            if (!TrySkip(ref rest, (byte)';') || !TryToken(ref rest))
            {
                return false;
            }

            var behind = rest;
            if (TrySkip(ref behind, (byte)'='))
            {
                rest = behind;
                if (!(rest is [(byte)'"', ..] ? TryQuoted(ref rest) : TryToken(ref rest)))
                {
                    return false;
                }
            }

            if (rest.IsEmpty)
            {
                return true;
            }
        }
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, byte mark)
    {
        var behind = rest.TrimStart(" \t"u8);
        if (behind.IsEmpty || behind[0] != mark)
        {
            return false;
        }

        rest = behind[1..].TrimStart(" \t"u8);
        return true;
    }

    private static bool TryToken(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAnyExcept(HttpGrammar.Token);
        end = end < 0 ? rest.Length : end;
        rest = rest[end..];
        return end > 0;
    }

    private static bool TryQuoted(ref ReadOnlySpan<byte> rest)
    {
        for (var at = 1; at < rest.Length && HttpGrammar.FieldValue.Contains(rest[at]); at++)
        {
            if (rest[at] == '"')
            {
                rest = rest[(at + 1)..];
                return true;
            }

            at += rest[at] == '\\' ? 1 : 0;
        }

        return false;
    }

    private static HttpRefusedException Refused(bool isRequest, string rule, string reason) => new(isRequest ? 400 : 502, rule, reason);
}
