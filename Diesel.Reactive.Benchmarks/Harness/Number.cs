using System.Globalization;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>Numbers as the reports write them.</summary>
internal static class Number
{
    /// <summary>About three digits that count.</summary>
    public static string Text(double? value) => value switch
    {
        null => "–",
        { } v when Math.Abs(v) >= 100 => v.ToString("N0", CultureInfo.InvariantCulture),
        { } v when Math.Abs(v) >= 10 => v.ToString("0.#", CultureInfo.InvariantCulture),
        { } v => v.ToString("0.##", CultureInfo.InvariantCulture),
    };

    public static string Percent(double? value) => value?.ToString("P0", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>For arguments of another process.</summary>
    public static string Plain(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
