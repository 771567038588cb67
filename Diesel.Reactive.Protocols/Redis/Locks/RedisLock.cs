using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A lock that is kept on a server, so that of all processes one holds it at a time: as long as it renews it.</summary>
/// <remarks>
/// <para>Who waits does not poll: the server tells when the key changes (RESP3; with RESP2 it is asked now and then). Of a client's waiters the first asks, in the order
/// they came; between clients there is no order.</para>
/// <para>No lock with an expiry keeps two holders apart for certain: a process may stop for longer than the expiry and go on without having been told. What must not happen then
/// compares <see cref="LockLease.Fence"/>, which only grows, with the last it has seen, and refuses a smaller one.</para>
/// <para>Idea: diesel's <c>RedisLock</c>, which did not wait.</para>
/// </remarks>
public sealed class RedisLock : ILock
{
    private readonly LockTable _table;

    internal RedisLock(LockTable table, Bytes key, TimeSpan expiry) => (_table, Key, Expiry) = (table, key, expiry);

    /// <summary>Where it is kept.</summary>
    public Bytes Key { get; }

    /// <summary>After what time the server frees it when its holder is gone.</summary>
    public TimeSpan Expiry { get; }

    /// <summary>Waits for its turn, then holds the lock until the result is disposed.</summary>
    /// <param name="timeout">Zero: now or never. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> acquires anew. Unsubscribed before, or losing a race, it acquires nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="LockNotAcquiredException"/> when the time is up; <see cref="RedisErrorException"/>;
    /// <see cref="ConnectionException"/> when there was no connection for <see cref="ProtocolOptions.MaxReconnectTime"/>.</remarks>
    public Awaitable<LockLease> Acquire(TimeSpan? timeout = null)
    {
        var span = timeout ?? Timeout.InfiniteTimeSpan;
        if (span != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero, nameof(timeout));
        }

        return Observable.Create<LockLease>(observer =>
        {
            var wait = new LockWait(_table.Hub, observer, Key, Expiry, span);
            _table.Enter(wait);
            return wait;
        }).ToAwaitable(ToString());
    }

    /// <summary>What is waited for, as errors show it.</summary>
    public override string ToString() => $"the lock '{Key}'";

    Awaitable<IDisposable> ILock.Acquire(TimeSpan? timeout) => Acquire(timeout).Select(static lease => (IDisposable)lease).ToAwaitable(ToString());
}
