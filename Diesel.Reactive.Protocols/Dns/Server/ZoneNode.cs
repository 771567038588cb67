namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A name of a zone and its records.</summary>
/// <param name="name">The name.</param>
/// <param name="parent">The next above; null: it is the zone's own.</param>
internal sealed class ZoneNode(DnsName name, ZoneNode? parent)
{
    private readonly List<List<DnsRecord>> _sets = [];

    public DnsName Name => name;

    public IReadOnlyList<IReadOnlyList<DnsRecord>> Sets => _sets;

    /// <summary>The uppermost name, of this one and those above it, from which on another server answers; null: none.</summary>
    public ZoneNode? Cut => parent?.Cut ?? (parent is not null && Find(DnsType.NS) is not null ? this : null);

    /// <summary>The next name above that has another name for all below it; null: none.</summary>
    public ZoneNode? Renamed => parent is null ? null : parent.Find(DnsType.DNAME) is not null ? parent : parent.Renamed;

    public void Add(DnsRecord record)
    {
        var set = _sets.Find(set => set[0].Type == record.Type);
        if (set is null)
        {
            _sets.Add([record]);
        }
        else if (!set.Exists(record.IsAlike))
        {
            // One set has one time (RFC 2181, section 5.2).
            set.Add(record.With(seconds: set[0].Seconds));
        }
    }

    public IReadOnlyList<DnsRecord>? Find(DnsType type)
    {
        foreach (var set in _sets)
        {
            if (set[0].Type == type)
            {
                return set;
            }
        }

        return null;
    }
}
