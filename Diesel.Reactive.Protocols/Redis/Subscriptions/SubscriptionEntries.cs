namespace Diesel.Reactive.Protocols.Redis;

/// <summary>All channels and patterns somebody listens to or the server knows of, and which of them it is to be asked about. The hub's thread only.</summary>
internal sealed class SubscriptionEntries
{
    private readonly Dictionary<(SubscriptionKind, Bytes), SubscriptionEntry> _all = [];
    private readonly Queue<SubscriptionEntry> _due = new();

    public SubscriptionEntry[] All => [.. _all.Values];

    public SubscriptionEntry[] AllDue => [.. _due];

    public SubscriptionEntry? Find(SubscriptionKind kind, Bytes key) => _all.GetValueOrDefault((kind, key));

    public SubscriptionEntry FindOrAdd(SubscriptionBook book, SubscriptionKind kind, Bytes key)
    {
        if (!_all.TryGetValue((kind, key), out var entry))
        {
            _all.Add((kind, key), entry = new SubscriptionEntry(book, kind, key));
        }

        return entry;
    }

    /// <summary>The server is to be asked about it, if there is anything to be said.</summary>
    public void Due(SubscriptionEntry entry)
    {
        if (!entry.IsDue && !Settle(entry))
        {
            entry.IsDue = true;
            _due.Enqueue(entry);
        }
    }

    /// <summary>Whether there is anything to ask.</summary>
    public bool IsAnyDue()
    {
        while (_due.TryPeek(out var next) && Settle(next))
        {
            _due.Dequeue().IsDue = false;
        }

        return _due.Count > 0;
    }

    /// <summary>Chooses what a call is about, of what is due: as many as go together.</summary>
    /// <returns>False: there is nothing left to ask.</returns>
    public bool TryTake(SubscribeCall call)
    {
        var taken = new List<SubscriptionEntry>();
        while (IsAnyDue() && MayJoin(taken, _due.Peek()))
        {
            var next = _due.Dequeue();
            next.IsDue = false;
            taken.Add(next);
        }

        if (taken.Count == 0)
        {
            return false;
        }

        (call.Entries, call.Begins) = ([.. taken], taken[0].IsWanted);
        foreach (var entry in taken)
        {
            if (call.Begins)
            {
                entry.Asked = call;
            }
            else
            {
                Forget(entry);
            }
        }

        return true;
    }

    private static bool MayJoin(List<SubscriptionEntry> taken, SubscriptionEntry next) =>
        taken.Count == 0 || (taken.Count < next.Kind.Most && taken[0].Kind == next.Kind && taken[0].IsWanted == next.IsWanted && !taken[0].IsAlone && !next.IsAlone);

    // Whether there is nothing to be said of it.
    private bool Settle(SubscriptionEntry entry)
    {
        if (entry.IsWanted != entry.Asked is not null)
        {
            return false;
        }

        if (!entry.IsWanted)
        {
            Forget(entry);
        }

        return true;
    }

    // There may be another one of that name by now.
    private void Forget(SubscriptionEntry entry)
    {
        if (Find(entry.Kind, entry.Key) == entry)
        {
            _all.Remove((entry.Kind, entry.Key));
        }
    }
}
