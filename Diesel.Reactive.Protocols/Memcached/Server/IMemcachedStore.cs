namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Where a <see cref="MemcachedService"/> has its items: the protocol can front anything.</summary>
/// <remarks>Called on the service's hub, one call at a time. What expires and what may be replaced the service decides; a store may drop
/// whatever it likes. Source: the Twisted tutorial's store.</remarks>
public interface IMemcachedStore
{
    /// <summary>How many items there are.</summary>
    long Count { get; }

    /// <summary>How many bytes they take.</summary>
    long Bytes { get; }

    /// <summary>How many bytes they may take.</summary>
    long MaxBytes { get; }

    /// <summary>How many were dropped to make room.</summary>
    long Evicted { get; }

    /// <summary>The item of a key; null: there is none.</summary>
    /// <param name="key">The bytes.</param>
    /// <param name="isUse">Whether that counts as using it, where the least recently used are dropped first.</param>
    StoredItem? Find(ReadOnlySpan<byte> key, bool isUse = true);

    /// <summary>Keeps an item, in place of the one that has its key.</summary>
    /// <param name="item">A new one.</param>
    void Put(StoredItem item);

    /// <summary>Drops an item.</summary>
    /// <param name="item">One that is there.</param>
    void Remove(StoredItem item);

    /// <summary>Drops all.</summary>
    void Clear();
}
