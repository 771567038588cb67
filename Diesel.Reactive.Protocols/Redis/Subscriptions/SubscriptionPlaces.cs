namespace Diesel.Reactive.Protocols.Redis;

/// <summary>At which servers is listened for whom: at one, at those that have the slots of the channels, at all. Whoever listens follows what moves. The hub's
/// thread only.</summary>
internal sealed class SubscriptionPlaces : IDisposable
{
    private readonly HashSet<SubscriptionListener> _listeners = [];
    private readonly RedisTopology _topology;
    private readonly IDisposable _moving;
    private IDisposable? _waiting;

    public SubscriptionPlaces(RedisTopology topology)
    {
        _topology = topology;
        _moving = topology.Moved.Subscribe(_ => PlaceAll());
    }

    /// <summary>Somebody listens from now on.</summary>
    public void Add(SubscriptionListener listener)
    {
        if (!listener.HasLeft)
        {
            listener.Entries = [];
            _listeners.Add(listener);
            Place(listener);
        }
    }

    /// <summary>Somebody does not listen any more; gone already, nothing happens.</summary>
    public void Remove(SubscriptionListener listener)
    {
        if (listener.Entries is not { } entries)
        {
            return;
        }

        listener.Entries = null;
        _listeners.Remove(listener);
        foreach (var entry in entries)
        {
            entry.Book.Leave(listener, entry);
        }

        Ask(entries);
    }

    public void Dispose()
    {
        _moving.Dispose();
        _waiting?.Dispose();
    }

    private static void Ask(IEnumerable<SubscriptionEntry> entries)
    {
        foreach (var book in entries.Select(static entry => entry.Book).ToHashSet())
        {
            book.Ask();
        }
    }

    private void PlaceAll()
    {
        foreach (var listener in _listeners.ToArray())
        {
            if (listener.Entries is not null)
            {
                Place(listener);
            }
        }
    }

    // New ones are asked for before the old are given up: a book that nobody needs any more may be closed next.
    private void Place(SubscriptionListener listener)
    {
        var before = listener.Entries!;
        var wasOpen = before.Length > 0 && listener.Missing == 0;
        var known = before.ToLookup(static entry => entry.Key);
        var (entries, unplaced) = (new List<SubscriptionEntry>(listener.Names.Count), 0);
        foreach (var name in listener.Names)
        {
            var there = known[name];
            if (_topology.Places(listener.Place, name, there.FirstOrDefault()?.Book.Link) is { } links)
            {
                entries.AddRange(links.Select(link => there.FirstOrDefault(entry => entry.Book.Link == link) ?? BookOf(link).Join(listener, name)));
            }
            else
            {
                entries.AddRange(there);
                unplaced++;
            }
        }

        Settle(listener, before, [.. entries], unplaced, wasOpen);
    }

    private void Settle(SubscriptionListener listener, SubscriptionEntry[] before, SubscriptionEntry[] entries, int unplaced, bool wasOpen)
    {
        SubscriptionEntry[] left = before.Length == 0 ? [] : [.. before.Except(entries)];
        foreach (var entry in left)
        {
            entry.Book.Leave(listener, entry);
        }

        listener.Entries = entries;
        listener.Missing = unplaced + entries.Count(static entry => !entry.IsOpen);
        if (wasOpen && listener.Missing > 0)
        {
            listener.Lose(_topology.Hub.Now);
        }
        else if (!wasOpen && listener.Missing == 0)
        {
            listener.Open(_topology.Hub.Now);
        }

        if (unplaced > 0)
        {
            _waiting ??= _topology.WhenPlaced(Look, Fail);
        }

        Ask(entries.Concat(left));
    }

    private void Look()
    {
        _waiting = null;
        PlaceAll();
    }

    private void Fail(Exception error)
    {
        _waiting = null;
        foreach (var listener in _listeners.Where(static listener => listener.Entries is []).ToArray())
        {
            listener.End(error);
        }
    }

    private SubscriptionBook BookOf(RedisLink link) => link.Part(() => new SubscriptionBook(link, no => _topology.Heed(link, no)));
}
