namespace Diesel.Reactive.Protocols.Http;

/// <summary>What parts of a file are asked for (RFC 9110 §14.1.2).</summary>
/// <param name="First">The first byte.</param>
/// <param name="Count">How many.</param>
internal readonly record struct HttpRange(long First, long Count)
{
    // More of them, or such as overlap, are no player's and no reader's: they cost more than the file (RFC 9110 §14.2).
    private const int Most = 16;

    /// <summary>Reads a Range field.</summary>
    /// <param name="field">As it was sent; null: there is none.</param>
    /// <param name="length">How long the file is.</param>
    /// <returns>The parts, in the order in which they were asked for; empty: there is no such part; null: all is sent, as there is no range, or something
    /// that is none, or too many of them.</returns>
    public static IReadOnlyList<HttpRange>? Read(string? field, long length)
    {
        if (field is null || !field.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var (ranges, asked, sum) = (new List<HttpRange>(), 0, 0L);
        foreach (var part in field.AsSpan(6).Split(','))
        {
            var text = field.AsSpan(6)[part].Trim();
            if (text.IsEmpty)
            {
                continue;
            }

            if (++asked > Most || !TryRead(text, length, out var range))
            {
                return null;
            }

            if (range is { } there)
            {
                ranges.Add(there);
                sum += there.Count;
            }
        }

        return asked == 0 || (asked > 1 && sum > length) ? null : ranges;
    }

    public string Of(long length) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"bytes {First}-{First + Count - 1}/{length}");

    // first-pos "-" [ last-pos ], or "-" suffix-length; false: it is neither. Null: the file has no such part.
    private static bool TryRead(ReadOnlySpan<char> text, long length, out HttpRange? range)
    {
        range = null;
        var dash = text.IndexOf('-');
        if (dash < 0 || !TryNumber(text[..dash], out var from) || !TryNumber(text[(dash + 1)..], out var to) || (from is null && to is null) || to < from)
        {
            return false;
        }

        if (from is null ? to > 0 && length > 0 : from < length)
        {
            var first = from ?? Math.Max(0, length - to!.Value);
            range = new(first, from is null || to is null ? length - first : Math.Min(to.Value, length - 1) - first + 1);
        }

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
