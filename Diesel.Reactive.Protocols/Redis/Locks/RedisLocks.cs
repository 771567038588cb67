namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Locks that are kept on a server.</summary>
public static class RedisLocks
{
    private static readonly TimeSpan DefaultExpiry = TimeSpan.FromSeconds(30);

    /// <summary>Names a lock; nothing is asked yet.</summary>
    /// <param name="client">Where it is kept. All its locks share a connection of their own, so that a long reply to somebody else delays no renewal.</param>
    /// <param name="key">Under which. That name and <c>:fence</c> keeps the fencing number for a day, and <c>:line</c> who waits.</param>
    /// <param name="expiry">After what time the server frees it when its holder is gone; default 30 s. Renewed at a third of it.</param>
    /// <returns>The lock.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="expiry"/> is less than a millisecond.</exception>
    public static RedisLock Lock(this RedisClient client, Bytes key, TimeSpan? expiry = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new RedisLock(client.LockTable(), key, Expiry(expiry));
    }

    internal static TimeSpan Expiry(TimeSpan? expiry)
    {
        var span = expiry ?? DefaultExpiry;
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.FromMilliseconds(1), nameof(expiry));
        return span;
    }

    internal static LockTable LockTable(this RedisClient client) => client.Topology.Part(() => new LockTable(client.Topology));
}
