using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What the commands of all three protocols come to: items that expire, are stored under conditions, and counted.</summary>
/// <remarks>The hub's thread only. Source: memcached's <c>doc/protocol.txt</c>, and what memcached 1.6.18 does.</remarks>
internal sealed class MemcachedItems(IMemcachedStore store, int maxValue, Func<Hub> hub)
{
    // More is a Unix time.
    private const long LongestRelative = 60 * 60 * 24 * 30;

    private ulong _lastCas;
    private long _flushAt;

    public IMemcachedStore Store => store;

    public MemcachedCounters Counters { get; } = new();

    /// <summary>As a Unix time in seconds.</summary>
    public long Now => hub().TurnTime.ToUnixTimeSeconds();

    /// <summary>When something is gone that a client asks for so: 0 never, less than nothing at once.</summary>
    public long Expires(long asked) => asked == 0 ? 0 : asked < 0 ? Now : asked > LongestRelative ? asked : Now + asked;

    /// <summary>The item of a key that has not expired.</summary>
    public StoredItem? Find(ReadOnlySpan<byte> key, bool isUse = true)
    {
        var now = Now;
        if (_flushAt != 0 && now >= _flushAt)
        {
            _flushAt = 0;
            store.Clear();
        }

        if (store.Find(key, isUse) is not { } item)
        {
            return null;
        }

        if (item.Expires == 0 || item.Expires > now)
        {
            return item;
        }

        Counters.Expired++;
        store.Remove(item);
        return null;
    }

    /// <summary>Reads: it counts, and the item has been used.</summary>
    public StoredItem? Get(ReadOnlySpan<byte> key)
    {
        var item = Get(key, isUse: true);
        if (item is not null)
        {
            Use(item);
        }

        return item;
    }

    /// <summary>Reads: it counts; whether the item has been used by that is up to the caller.</summary>
    public StoredItem? Get(ReadOnlySpan<byte> key, bool isUse)
    {
        var item = Find(key, isUse);
        Counters.Gets++;
        Counters.GetHits += item is null ? 0 : 1;
        return item;
    }

    public void Use(StoredItem item) => (item.IsFetched, item.Used) = (true, Now);

    /// <summary>Keeps a new item.</summary>
    public StoredItem Put(StoredItem item, uint flags, long expires, ulong? cas = null)
    {
        (item.Flags, item.Expires, item.Cas, item.Used) = (flags, expires, cas ?? ++_lastCas, Now);
        store.Put(item);
        return item;
    }

    /// <summary>Stores a value, if that is how things are.</summary>
    /// <param name="mode">When, and where.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="flags">Kept with it.</param>
    /// <param name="expires">See <see cref="Expires"/>.</param>
    /// <param name="cas">What the item's must be; null or 0: anything.</param>
    /// <param name="stored">The item that is there now.</param>
    /// <param name="newCas">The new one's; null: the next.</param>
    public Stored Set(StoreMode mode, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, uint flags, long expires, ulong? cas, out StoredItem? stored, ulong? newCas = null)
    {
        Counters.Sets++;
        var before = Find(key, isUse: false);
        stored = null;
        if (cas is > 0 && before is null && mode is StoreMode.Set or StoreMode.Replace)
        {
            Counters.CasMisses++;
            return Stored.NotFound;
        }

        if (cas is > 0 && before is not null && mode != StoreMode.Add)
        {
            if (before.Cas != cas)
            {
                Counters.CasBad++;
                return Stored.Exists;
            }

            Counters.CasHits++;
        }

        if ((mode == StoreMode.Add && before is not null) || (mode is not (StoreMode.Add or StoreMode.Set) && before is null))
        {
            if (before is not null)
            {
                store.Find(key);
            }

            return Stored.NotStored;
        }

        var isJoined = mode is StoreMode.Append or StoreMode.Prepend;
        if (isJoined && (long)before!.Value.Length + value.Length > maxValue)
        {
            return Stored.NotStored;
        }

        var item = mode switch
        {
            StoreMode.Append => new StoredItem(key, before!.Value.Span, value),
            StoreMode.Prepend => new StoredItem(key, value, before!.Value.Span),
            _ => new StoredItem(key, value),
        };
        stored = Put(item, isJoined ? before!.Flags : flags, isJoined ? before!.Expires : expires, newCas);
        return Stored.Stored;
    }

    /// <summary>Who stored a new value that could not be stored must not find the old one.</summary>
    public void Drop(ReadOnlySpan<byte> key)
    {
        if (Find(key, isUse: false) is { } old)
        {
            store.Remove(old);
        }
    }

    /// <summary>Counts a number up or down.</summary>
    /// <returns>The new number; null: the value is none.</returns>
    public ulong? Count(StoredItem item, ulong delta, bool isUp, out StoredItem counted, ulong? newCas = null)
    {
        counted = item;
        var value = item.Value.Span;
        if (value.Length > 20 || !TryNumber(value, out var number))
        {
            return null;
        }

        _ = isUp ? Counters.IncrementHits++ : Counters.DecrementHits++;
        number = isUp ? unchecked(number + delta) : number > delta ? number - delta : 0;

        // A number that got shorter keeps its room; one that got longer is another item, of which nothing is known.
        var text = number.ToString(CultureInfo.InvariantCulture);
        var bytes = Encoding.ASCII.GetBytes(text.Length < value.Length ? text.PadRight(value.Length) : text);
        var (fetched, stale, promised) = (item.IsFetched, item.IsStale, item.IsPromised);
        counted = Put(new StoredItem(item.Key, bytes), item.Flags, item.Expires, newCas);
        if (text.Length <= value.Length)
        {
            (counted.IsFetched, counted.IsStale, counted.IsPromised) = (fetched, stale, promised);
        }

        return number;
    }

    /// <summary>Drops all, now or later.</summary>
    /// <param name="at">0: now; else a Unix time in seconds.</param>
    public void Flush(long at)
    {
        Counters.Flushes++;
        if (at == 0 || at <= Now)
        {
            _flushAt = 0;
            store.Clear();
        }
        else
        {
            _flushAt = at;
        }
    }

    /// <summary>Gives an item another number, as it has changed.</summary>
    public void Renew(StoredItem item, ulong? cas = null) => item.Cas = cas ?? ++_lastCas;

    // Spaces behind it are of a longer number that was there.
    private static bool TryNumber(ReadOnlySpan<byte> value, out ulong number)
    {
        number = 0;
        return value.Length > 0 && value[0] is >= (byte)'0' and <= (byte)'9' && Utf8Parser.TryParse(value, out number, out var used)
            && value[used..].TrimEnd((byte)' ').IsEmpty;
    }
}
