using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Times as a person says them, in the units of diagrams: <c>1h 2m 3.5s</c>.</summary>
internal static class HumanTime
{
    /// <summary>A time to the tick.</summary>
    public static string Of(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            return "-" + (time == TimeSpan.MinValue ? Of(TimeSpan.MaxValue) : Of(-time));
        }

        if (time < TimeSpan.FromSeconds(1))
        {
            return time == TimeSpan.Zero ? "0s" : Number((decimal)time.Ticks / TimeSpan.TicksPerMillisecond, "ms");
        }

        var (hours, minutes, seconds) = ((long)time.TotalHours, time.Minutes, (decimal)(time.Ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerSecond);
        return string.Join(' ', new[] { (hours, "h"), (minutes, "m"), (seconds, "s") }.Where(static part => part.Item1 > 0).Select(static part => Number(part.Item1, part.Item2)));
    }

    /// <summary>A time in few signs, not further from it than a hundredth.</summary>
    public static string About(TimeSpan time)
    {
        foreach (var (unit, name) in new[] { (TimeSpan.TicksPerHour, "h"), (TimeSpan.TicksPerMinute, "m"), (TimeSpan.TicksPerSecond, "s") })
        {
            foreach (var step in new[] { unit, unit / 10 })
            {
                var steps = (time.Ticks + (step / 2)) / step;
                if (steps > 0 && time.Ticks >= unit - step && Math.Abs((steps * step) - time.Ticks) <= time.Ticks / 100)
                {
                    return Number((decimal)(steps * step) / unit, name);
                }
            }
        }

        return Of(time);
    }

    private static string Number(decimal number, string unit) => number.ToString("0.#######", CultureInfo.InvariantCulture) + unit;
}
