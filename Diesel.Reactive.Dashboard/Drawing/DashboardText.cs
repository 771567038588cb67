using System.Globalization;

namespace Diesel.Reactive.Dashboard.Drawing;

/// <summary>Numbers and names as a dashboard shows them.</summary>
internal static class DashboardText
{
    private static readonly string[] Steps = ["", "k", "M", "G", "T"];

    /// <summary>About three digits: <c>1.23 M</c>.</summary>
    public static string Short(double number)
    {
        var step = 0;
        while (number >= 999.5 && step < Steps.Length - 1)
        {
            number /= 1000;
            step++;
        }

        var digits = step == 0 || number >= 99.95 ? "0" : number >= 9.995 ? "0.0" : "0.00";
        return $"{number.ToString(digits, CultureInfo.InvariantCulture)}{(step == 0 ? "" : " ")}{Steps[step]}";
    }

    /// <summary>Bytes a second; nothing where nothing moves.</summary>
    public static string Rate(double bytes) => bytes < 0.5 ? "" : $"{Short(bytes)}B/s";

    public static string Count(long number) => number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture);

    public static string Time(TimeSpan time) =>
        time.TotalSeconds < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms")
        : time.TotalMinutes < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s")
        : time.TotalDays < 1 ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
        : time.ToString(@"d\d\ h\:mm", CultureInfo.InvariantCulture);

    /// <summary>A name within a width. What would move the cursor, which a peer may have sent, is a question mark.</summary>
    public static string Fit(string text, int width)
    {
        var clean = string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? '?' : from[i];
            }
        });
        return clean.Length <= width ? clean : width <= 1 ? clean[..Math.Max(0, width)] : $"{clean[..(width - 1)]}…";
    }
}
