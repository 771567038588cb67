using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>How the tokens of a diagram are written.</summary>
internal static class MarbleNotation
{
    private const int LongestSpelling = 24;

    public static string Of(MarbleEvent happening) => happening.Kind switch
    {
        MarbleKind.Value => Of(happening.Spelling!),
        MarbleKind.Completed => "|",
        MarbleKind.Failed => "#",
        MarbleKind.Subscribed => "^",
        _ => "!",
    };

    public static string Of(MarbleSpelling spelling) => spelling.Kind switch
    {
        MarbleSpellingKind.Name => spelling.Text,
        MarbleSpellingKind.Quoted => QuotedText.Of(spelling),
        _ => BytesText.Hex(spelling.Bytes.Span),
    };

    /// <summary>Whether a spelling takes more room than a reader of diagrams likes to give it.</summary>
    public static bool IsLong(MarbleSpelling spelling) => spelling.Bytes.Length > LongestSpelling && Of(spelling).Length > LongestSpelling;

    /// <summary>A length of time in the largest unit that keeps it short; a long one in several: <c>58m 59s 999ms</c>.</summary>
    public static string Duration(long ticks)
    {
        foreach (var large in (long[])[TimeSpan.TicksPerHour, TimeSpan.TicksPerMinute])
        {
            if (ticks > large && ticks % large != 0)
            {
                return $"{Duration(ticks - (ticks % large))} {Duration(ticks % large)}";
            }
        }

        var (unit, name) = ticks switch
        {
            < TimeSpan.TicksPerMillisecond => (TimeSpan.TicksPerMicrosecond, "us"),
            _ when ticks % TimeSpan.TicksPerHour == 0 => (TimeSpan.TicksPerHour, "h"),
            _ when ticks % TimeSpan.TicksPerMinute == 0 => (TimeSpan.TicksPerMinute, "m"),
            _ when ticks % TimeSpan.TicksPerSecond == 0 => (TimeSpan.TicksPerSecond, "s"),
            _ => (TimeSpan.TicksPerMillisecond, "ms"),
        };
        return ((decimal)ticks / unit).ToString("0.####", CultureInfo.InvariantCulture) + name;
    }

    /// <summary>Whether a reader would take two tokens of one instant for one: <c>'a''b'</c> looks like a quote in a quote.</summary>
    public static bool WouldTouch(string before, string next) => before.EndsWith('\'') && next.StartsWith('\'');

    /// <summary>Whether a token directly behind the others would be read as a duration with them: <c>5</c> and <c>s</c>.</summary>
    public static bool WouldMelt(string before, string next) =>
        before.Length > 0 && next.Length > 0 && (char.IsAsciiDigit(before[^1])
            ? char.IsLetter(next[0])
            : next is "s" or "S" && before is [.., var digit, ' ', 'u' or 'U' or 'm' or 'M' or 'n' or 'N' or 'µ' or 'μ'] && char.IsAsciiDigit(digit));
}
