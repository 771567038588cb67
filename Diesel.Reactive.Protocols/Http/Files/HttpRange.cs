namespace Diesel.Reactive.Protocols.Http;

/// <summary>What part of a file is asked for (RFC 9110 §14.1.2).</summary>
internal static class HttpRange
{
    /// <summary>Reads a Range field.</summary>
    /// <param name="field">As it was sent; null: there is none.</param>
    /// <param name="length">How long the file is.</param>
    /// <param name="first">The first byte; -1: all is sent, as there is no range, several of them, or something that is none.</param>
    /// <param name="count">How many.</param>
    /// <returns>False: there is no such part.</returns>
    public static bool TryRead(string? field, long length, out long first, out long count)
    {
        (first, count) = (-1, length);
        if (field is null || !field.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) || field.Contains(',', StringComparison.Ordinal))
        {
            return true;
        }

        var range = field.AsSpan(6).Trim();
        var dash = range.IndexOf('-');
        if (dash < 0 || !TryNumber(range[..dash], out var from) || !TryNumber(range[(dash + 1)..], out var to) || (from is null && to is null) || to < from)
        {
            return true;
        }

        if (from is null ? to == 0 || length == 0 : from >= length)
        {
            return false;
        }

        first = from ?? Math.Max(0, length - to!.Value);
        count = from is null || to is null ? length - first : Math.Min(to.Value, length - 1) - first + 1;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long? number)
    {
        number = null;
        if (text.IsEmpty)
        {
            return true;
        }

        Span<byte> digits = stackalloc byte[20];
        if (!System.Text.Ascii.IsValid(text) || text.Length > digits.Length)
        {
            return false;
        }

        System.Text.Encoding.ASCII.GetBytes(text, digits);
        var isNumber = HttpGrammar.TryNumber(digits[..text.Length], out var value);
        number = value;
        return isNumber;
    }
}
