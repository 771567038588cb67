using System.Buffers.Text;
using System.Globalization;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Dates as HTTP writes them (RFC 9110 §5.6.7).</summary>
public static class HttpDate
{
    /// <summary>How long one is.</summary>
    internal const int Length = 29;

    private static readonly string[] Formats =
    [
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'",

        // The two obsolete ones, which are to be understood as well.
        "dddd, dd-MMM-yy HH:mm:ss 'GMT'",
        "ddd MMM d HH:mm:ss yyyy",
        "ddd MMM  d HH:mm:ss yyyy",
    ];

    /// <summary>Writes a time.</summary>
    /// <param name="time">Fractions of a second are left out.</param>
    /// <returns>As <c>Sun, 06 Nov 1994 08:49:37 GMT</c>.</returns>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("r", CultureInfo.InvariantCulture);

    /// <summary>Reads a time.</summary>
    /// <param name="text">In one of the three forms.</param>
    /// <param name="time">The time.</param>
    /// <returns>False: it is none.</returns>
    public static bool TryParse(string? text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>Writes a time of <see cref="Length"/> bytes.</summary>
    internal static void Format(DateTimeOffset time, Span<byte> output) => Utf8Formatter.TryFormat(time, output, out _, new('R'));
}
