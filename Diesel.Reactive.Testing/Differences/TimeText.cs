using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Times as reports tell them, in the milliseconds of the ruler.</summary>
internal static class TimeText
{
    public static string Of(TimeSpan time) => Of(time.Ticks);

    /// <summary>How much too soon or too late something was.</summary>
    public static string Shift(TimeSpan expected, TimeSpan actual) => actual < expected
        ? $"{Of((decimal)expected.Ticks - actual.Ticks)} early"
        : $"{Of((decimal)actual.Ticks - expected.Ticks)} late";

    private static string Of(decimal ticks) => (ticks / TimeSpan.TicksPerMillisecond).ToString("0.####", CultureInfo.InvariantCulture) + " ms";
}
