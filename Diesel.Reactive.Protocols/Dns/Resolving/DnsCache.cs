using System.Collections.Concurrent;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What was answered, as long as it holds. No clock: whoever asks says what time it is. On the hub, but for <see cref="Peek"/>.</summary>
/// <param name="options">Bounds.</param>
/// <remarks>Who goes first when it is full: whatever was not used since it was last looked at for that, the oldest first. That costs a use nothing but a bit, on
/// whatever thread.</remarks>
internal sealed class DnsCache(ResolverOptions options)
{
    private readonly ConcurrentDictionary<CacheKey, CacheEntry> _entries = [];
    private readonly LinkedList<CacheEntry> _line = new();

    public int Count => _line.Count;

    /// <summary>Records that hold now, of exactly that name and type. Any thread.</summary>
    public CacheEntry? Peek(CacheKey key, TimeSpan now)
    {
        if (!_entries.TryGetValue(key, out var entry) || entry.Expires <= now || entry.Records.Count == 0)
        {
            return null;
        }

        entry.Use();
        return entry;
    }

    /// <summary>What is known of a name and type.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null: nothing. One whose time is over comes as long as it may be given stale.</returns>
    public CacheEntry? Find(DnsName name, DnsType type, TimeSpan now) =>
        Find(new CacheKey(name, type), now) is { } entry && (entry.Expires > now || !IsNoName(name, now, out _)) ? entry
        : IsNoName(name, now, out var none) ? none
        : null;

    /// <summary>Remembers something, instead of what was known.</summary>
    public void Put(CacheEntry entry)
    {
        if (entry.TimeToLive <= TimeSpan.Zero)
        {
            Remove(entry.Key);
            return;
        }

        Remove(entry.Key);
        if (entry.Key.Type != DnsType.None && entry.Failure is null)
        {
            // There is such a name now.
            Remove(new CacheKey(entry.Key.Name, DnsType.None));
        }

        while (_line.Count >= options.MaxEntries)
        {
            RemoveOne();
        }

        _entries[entry.Key] = entry;
        entry.Place = _line.AddLast(entry);
    }

    public void Clear(DnsName? name)
    {
        foreach (var entry in _line.Where(entry => name is null || entry.Key.Name == name).ToArray())
        {
            Remove(entry.Key);
        }
    }

    private bool IsNoName(DnsName name, TimeSpan now, out CacheEntry? entry)
    {
        entry = Find(new CacheKey(name, DnsType.None), now);
        return entry is not null && entry.Expires > now;
    }

    private CacheEntry? Find(CacheKey key, TimeSpan now)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            return null;
        }

        var mayBeStale = entry.Failure is null ? options.StaleTime : FailureMemory.Longest;
        if (entry.Expires + mayBeStale <= now)
        {
            Remove(key);
            return null;
        }

        entry.Use();
        return entry;
    }

    private void Remove(CacheKey key)
    {
        if (_entries.TryRemove(key, out var entry))
        {
            _line.Remove(entry.Place!);
            entry.IsGone = true;
        }
    }

    // Each that was used has one more turn, once around at most.
    private void RemoveOne()
    {
        var first = _line.First!;
        while (first.Value.WasUsed)
        {
            first.Value.Use(false);
            _line.RemoveFirst();
            _line.AddLast(first);
            first = _line.First!;
        }

        Remove(first.Value.Key);
    }
}

/// <summary>For how long it is remembered that nobody could tell (RFC 9520, section 3): longer each time, at most five minutes.</summary>
internal static class FailureMemory
{
    /// <summary>Who fails again within that time has failed in a row.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static TimeSpan For(int failures) => failures > 5 ? Longest : TimeSpan.FromSeconds(1 << (failures - 1));
}
