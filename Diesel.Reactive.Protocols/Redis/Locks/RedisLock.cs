using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A lock that is kept on a server, so that of all processes one holds it at a time: as long as it renews it.</summary>
/// <remarks>
/// <para>Who waits stands in a line at the server, and is served in the order of arrival, whatever program it belongs to. It does not poll: whoever lets go hands over, and the server tells. (A
/// server before version 7 is asked now and then, and knows no order.) A waiter whose program is gone is passed over.</para>
/// <para>No lock with an expiry keeps two holders apart for certain: a process may stop for longer than the expiry and go on without having been told. What must not happen then
/// compares <see cref="LockLease.Fence"/>, which only grows, with the last it has seen, and refuses a smaller one.</para>
/// <para>Idea: diesel's <c>RedisLock</c>, which did not wait.</para>
/// </remarks>
public sealed class RedisLock : ILock
{
    private readonly LockTable _table;
    private readonly LockPlace _place;
    private readonly Func<IObservable<LockLease>, string, IObservable<LockLease>>? _whenKnown;

    /// <param name="table">Where locks are asked for.</param>
    /// <param name="key">Where it is kept.</param>
    /// <param name="expiry">After what time the server frees it.</param>
    /// <param name="whenKnown">Waits until a lease counts, which is called so in errors; null: at once.</param>
    internal RedisLock(LockTable table, Bytes key, TimeSpan expiry, Func<IObservable<LockLease>, string, IObservable<LockLease>>? whenKnown = null) =>
        (_table, _place, _whenKnown) = (table, table.PlaceOf(key, null, expiry), whenKnown);

    /// <summary>Where it is kept.</summary>
    public Bytes Key => _place.Key;

    /// <summary>After what time the server frees it when its holder is gone.</summary>
    public TimeSpan Expiry => _place.Expiry;

    /// <summary>Waits for its turn, then holds the lock until the result is disposed.</summary>
    /// <param name="timeout">Zero: now or never. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> acquires anew. Unsubscribed before, or losing a race, it acquires nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="LockNotAcquiredException"/> when the time is up; <see cref="NotReplicatedException"/>; <see cref="RedisErrorException"/>;
    /// <see cref="ConnectionException"/> when there was no connection for <see cref="ProtocolOptions.MaxReconnectTime"/>.</remarks>
    public Awaitable<LockLease> Acquire(TimeSpan? timeout = null)
    {
        var acquired = _table.Acquire(_place, timeout);
        return (_whenKnown?.Invoke(acquired, ToString()) ?? acquired).ToAwaitable(ToString());
    }

    /// <summary>What is waited for, as errors show it.</summary>
    public override string ToString() => $"the lock '{Key}'";

    Awaitable<IDisposable> ILock.Acquire(TimeSpan? timeout) => Acquire(timeout).Select(static lease => (IDisposable)lease).ToAwaitable(ToString());
}
