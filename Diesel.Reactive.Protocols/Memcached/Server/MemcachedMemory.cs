using System.Diagnostics.CodeAnalysis;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Items in memory: when they take more bytes than they may, those go that were not used for longest.</summary>
/// <param name="maxBytes">At least 1; default 64 MiB, as memcached's <c>-m</c>.</param>
public sealed class MemcachedMemory(long maxBytes = 64 * 1024 * 1024) : IMemcachedStore
{
    private readonly HashSet<StoredItem> _items = new(new ByKey());
    private StoredItem? _newest;
    private StoredItem? _oldest;

    /// <inheritdoc/>
    public long Count => _items.Count;

    /// <inheritdoc/>
    public long Bytes { get; private set; }

    /// <inheritdoc/>
    public long MaxBytes { get; } = Setting.Positive(maxBytes);

    /// <inheritdoc/>
    public long Evicted { get; private set; }

    /// <inheritdoc/>
    public StoredItem? Find(ReadOnlySpan<byte> key, bool isUse = true)
    {
        if (!_items.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var item))
        {
            return null;
        }

        if (isUse && item != _newest)
        {
            Unlink(item);
            Link(item);
        }

        return item;
    }

    /// <inheritdoc/>
    public void Put(StoredItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (_items.TryGetValue(item, out var before))
        {
            Remove(before);
        }

        _items.Add(item);
        Link(item);
        Bytes += item.Size;
        while (Bytes > MaxBytes && _oldest is { } oldest && oldest != item)
        {
            Remove(oldest);
            Evicted++;
        }
    }

    /// <inheritdoc/>
    public void Remove(StoredItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (_items.Remove(item))
        {
            Unlink(item);
            Bytes -= item.Size;
        }
    }

    /// <inheritdoc/>
    public void Clear()
    {
        _items.Clear();
        (_newest, _oldest, Bytes) = (null, null, 0);
    }

    private void Link(StoredItem item)
    {
        (item.Older, item.Newer) = (_newest, null);
        if (_newest is { } newest)
        {
            newest.Newer = item;
        }

        _newest = item;
        _oldest ??= item;
    }

    private void Unlink(StoredItem item)
    {
        if (item.Newer is { } newer)
        {
            newer.Older = item.Older;
        }
        else
        {
            _newest = item.Older;
        }

        if (item.Older is { } older)
        {
            older.Newer = item.Newer;
        }
        else
        {
            _oldest = item.Newer;
        }

        (item.Newer, item.Older) = (null, null);
    }

    // Seeded, so that nobody can choose keys of one hash.
    private sealed class ByKey : IEqualityComparer<StoredItem>, IAlternateEqualityComparer<ReadOnlySpan<byte>, StoredItem>
    {
        public bool Equals(StoredItem? x, StoredItem? y) => x!.Key.SequenceEqual(y!.Key);

        public bool Equals(ReadOnlySpan<byte> alternate, StoredItem other) => other.Key.SequenceEqual(alternate);

        public int GetHashCode([DisallowNull] StoredItem obj) => GetHashCode(obj.Key);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public StoredItem Create(ReadOnlySpan<byte> alternate) => new(alternate, default);
    }
}
