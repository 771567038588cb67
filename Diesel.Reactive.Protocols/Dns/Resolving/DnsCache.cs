namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What was answered, as long as it holds. No clock: whoever asks says what time it is.</summary>
/// <param name="options">Bounds.</param>
internal sealed class DnsCache(ResolverOptions options)
{
    private readonly Dictionary<CacheKey, CacheEntry> _entries = [];
    private readonly LinkedList<CacheEntry> _byUse = new();

    public int Count => _entries.Count;

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

        _entries[entry.Key] = entry;
        entry.Place = _byUse.AddLast(entry);
        if (_entries.Count > options.MaxEntries)
        {
            Remove(_byUse.First!.Value.Key);
        }
    }

    public void Clear(DnsName? name)
    {
        if (name is null)
        {
            _entries.Clear();
            _byUse.Clear();
            return;
        }

        foreach (var key in _entries.Keys.Where(key => key.Name == name).ToArray())
        {
            Remove(key);
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

        if (entry.Place!.Next is not null)
        {
            _byUse.Remove(entry.Place);
            _byUse.AddLast(entry.Place);
        }

        return entry;
    }

    private void Remove(CacheKey key)
    {
        if (_entries.Remove(key, out var entry))
        {
            _byUse.Remove(entry.Place!);
        }
    }
}

/// <summary>For how long it is remembered that nobody could tell (RFC 9520, section 3): longer each time, at most five minutes.</summary>
internal static class FailureMemory
{
    /// <summary>Who fails again within that time has failed in a row.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static TimeSpan For(int failures) => failures > 5 ? Longest : TimeSpan.FromSeconds(1 << (failures - 1));
}
