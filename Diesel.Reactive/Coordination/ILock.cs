namespace Diesel.Reactive;

/// <summary>Something few may hold at a time: the part of <see cref="Semaphore"/> and <see cref="Synchronized"/> that can
/// also be kept elsewhere.</summary>
public interface ILock
{
    /// <summary>Waits for its turn, then holds the lock until the result is disposed.</summary>
    /// <param name="timeout">Zero: now or never. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> acquires anew, in the order they came, and gets what releases
    /// it; disposing that twice releases once. Unsubscribed before, or losing a race, it acquires nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="TimeoutException"/>.</remarks>
    Awaitable<IDisposable> Acquire(TimeSpan? timeout = null);
}
