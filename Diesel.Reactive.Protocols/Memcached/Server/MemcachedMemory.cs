namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Items in memory: when they take more bytes than they may, those go that were not used for longest.</summary>
public sealed class MemcachedMemory : IMemcachedStore
{
    private readonly KeyHash _hash = new();
    private StoredItem?[] _places = new StoredItem?[16];
    private StoredItem? _newest;
    private StoredItem? _oldest;

    /// <summary>Makes one that is empty.</summary>
    /// <param name="maxBytes">At least 1; default 64 MiB, as memcached's <c>-m</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBytes"/> is less.</exception>
    public MemcachedMemory(long maxBytes = 64 * 1024 * 1024) => MaxBytes = Setting.Positive(maxBytes);

    /// <inheritdoc/>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public long Bytes { get; private set; }

    /// <inheritdoc/>
    public long MaxBytes { get; }

    /// <inheritdoc/>
    public long Evicted { get; private set; }

    /// <inheritdoc/>
    public StoredItem? Find(ReadOnlySpan<byte> key, bool isUse = true)
    {
        var item = Find(key, _hash.Of(key));
        if (isUse && item is not null && item != _newest)
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
        item.Hash = _hash.Of(item.Key);
        if (Find(item.Key, item.Hash) is { } before)
        {
            Remove(before);
        }

        if (Count == _places.Length)
        {
            Grow();
        }

        Enter(item);
        Link(item);
        Count++;
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
        if (!TryLeave(item))
        {
            return;
        }

        Unlink(item);
        Count--;
        Bytes -= item.Size;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        (_places, _newest, _oldest) = (new StoredItem?[16], null, null);
        (Count, Bytes) = (0, 0);
    }

    private ref StoredItem? PlaceOf(uint hash) => ref _places[hash & (uint)(_places.Length - 1)];

    private StoredItem? Find(ReadOnlySpan<byte> key, uint hash)
    {
        var item = PlaceOf(hash);
        while (item is not null && (item.Hash != hash || !item.Key.SequenceEqual(key)))
        {
            item = item.Next;
        }

        return item;
    }

    private void Enter(StoredItem item)
    {
        ref var place = ref PlaceOf(item.Hash);
        (item.Next, place) = (place, item);
    }

    private bool TryLeave(StoredItem item)
    {
        ref var place = ref PlaceOf(item.Hash);
        if (place == item)
        {
            place = item.Next;
            return true;
        }

        var before = place;
        while (before is not null && before.Next != item)
        {
            before = before.Next;
        }

        before?.Next = item.Next;
        return before is not null;
    }

    private void Grow()
    {
        _places = new StoredItem?[2 * _places.Length];
        for (var item = _newest; item is not null; item = item.Older)
        {
            Enter(item);
        }
    }

    private void Link(StoredItem item)
    {
        (item.Older, item.Newer) = (_newest, null);
        _newest?.Newer = item;
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
}
