using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Something that a number of loops of several programs may hold at a time. Made by <see cref="RedisCoordination.Semaphore"/>.</summary>
/// <remarks>As <see cref="RedisLock"/>, which says what is weaker than within a process: a holder that stops for longer than the expiry has lost its place, and may not know it yet. Those who
/// wait are served in the order of arrival.</remarks>
public sealed class RedisSemaphore : ILock
{
    private readonly RedisCoordination _owner;
    private readonly LockTable _table;
    private readonly LockPlace _place;
    private readonly string _text;

    internal RedisSemaphore(RedisCoordination owner, LockTable table, string name, int count, TimeSpan expiry)
    {
        (_owner, _table, _place) = (owner, table, table.PlaceOf($"{{{owner.Prefix}:semaphore:{name}}}", count, expiry));
        (Count, _text) = (count, $"the semaphore '{owner.Prefix}:{name}'");
    }

    /// <summary>How many may hold it at a time.</summary>
    public int Count { get; }

    /// <summary>After what time the server frees a place whose holder is gone.</summary>
    public TimeSpan Expiry => _place.Expiry;

    /// <summary>Waits for its turn, then holds a place until the result is disposed.</summary>
    /// <param name="timeout">Zero: now or never. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> acquires anew. Unsubscribed before, or losing a race, it acquires nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: as those of <see cref="RedisLock.Acquire"/>.</remarks>
    public Awaitable<LockLease> Acquire(TimeSpan? timeout = null) => _table.Acquire(_place, timeout).Known(_owner, _text).ToAwaitable(_text);

    /// <summary>Which, as errors show it.</summary>
    public override string ToString() => _text;

    Awaitable<IDisposable> ILock.Acquire(TimeSpan? timeout) => Acquire(timeout).Select(static lease => (IDisposable)lease).ToAwaitable(_text);
}
