namespace Diesel.Reactive.Testing;

/// <summary>Sums of times that end at the end of time instead of overflowing.</summary>
internal static class Times
{
    /// <summary>The sum, or <see cref="TimeSpan.MaxValue"/> where that is past the end. Neither is negative.</summary>
    public static TimeSpan Sum(TimeSpan one, TimeSpan other) => other < TimeSpan.MaxValue - one ? one + other : TimeSpan.MaxValue;
}
