using System.Reactive;

namespace Diesel.Reactive;

/// <summary>A condition that is set after a number of ticks: the part of <see cref="Countdown"/> that can also be kept
/// elsewhere.</summary>
public interface ICountdown
{
    /// <summary>Counts down by one; at zero all who wait go on. Further ticks change nothing. Any thread.</summary>
    void Tick();

    /// <summary>Waits until the count is zero.</summary>
    /// <param name="timeout">Zero: now or never. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> waits anew and gets one <see cref="Unit"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="TimeoutException"/>.</remarks>
    Awaitable<Unit> Wait(TimeSpan? timeout = null);
}
