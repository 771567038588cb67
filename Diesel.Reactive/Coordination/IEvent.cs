using System.Reactive;

namespace Diesel.Reactive;

/// <summary>A condition that loops wait for: the part of <see cref="Event"/> that can also be kept elsewhere.</summary>
public interface IEvent
{
    /// <summary>Sets the condition: all who wait go on, and latecomers do not wait. Any thread.</summary>
    void Set();

    /// <summary>Clears the condition: those who come from now on wait again. Any thread.</summary>
    void Clear();

    /// <summary>Waits until the condition is set.</summary>
    /// <param name="timeout">Zero: now or never. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> waits anew and gets one <see cref="Unit"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="TimeoutException"/>.</remarks>
    Awaitable<Unit> Wait(TimeSpan? timeout = null);
}
