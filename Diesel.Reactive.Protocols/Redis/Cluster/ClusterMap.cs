using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Servers that have the same.</summary>
/// <param name="Primary">Takes what is written.</param>
/// <param name="Replicas">Follow it; may be none.</param>
internal sealed record Shard(EndPoint Primary, IReadOnlyList<EndPoint> Replicas);

/// <summary>Which shard has which slot. The hub's thread only.</summary>
internal sealed class ClusterMap
{
    private readonly Shard?[] _bySlot = new Shard?[KeySlot.Count];
    private readonly List<Shard> _shards = [];
    private Shard[]? _owners;

    /// <param name="shards">All, with the ranges of their slots; what comes later has the last word.</param>
    public ClusterMap(IEnumerable<(Shard Shard, IEnumerable<(int First, int Last)> Slots)> shards)
    {
        foreach (var (shard, slots) in shards)
        {
            _shards.Add(shard);
            foreach (var (first, last) in slots)
            {
                _bySlot.AsSpan(first..(last + 1)).Fill(shard);
            }
        }
    }

    /// <summary>One shard that has everything.</summary>
    public ClusterMap(Shard shard)
        : this([(shard, [(0, KeySlot.Count - 1)])])
    {
    }

    public IReadOnlyList<Shard> Shards => _shards;

    /// <summary>Those that have slots, in the order of the first each has.</summary>
    public IReadOnlyList<Shard> Owners => _owners ??= [.. _bySlot.OfType<Shard>().Distinct()];

    /// <summary>The first slot that somebody has.</summary>
    public int First => Math.Max(0, Array.FindIndex(_bySlot, static one => one is not null));

    /// <summary>Who has a slot; null: nobody.</summary>
    public Shard? this[int slot] => _bySlot[slot];

    /// <summary>The first slot of a shard other than those before it; null: there is no further one.</summary>
    /// <param name="slot">A slot; that of its shard is not meant.</param>
    public int? After(int slot)
    {
        var seen = new HashSet<Shard?>(_bySlot.AsSpan(0, slot + 1).ToArray()) { null };
        var next = Array.FindIndex(_bySlot, slot, one => !seen.Contains(one));
        return next < 0 ? null : next;
    }

    /// <summary>A server has said that a slot is another's.</summary>
    /// <returns>Whether that was new.</returns>
    public bool Move(int slot, EndPoint to)
    {
        if (_bySlot[slot]?.Primary.Equals(to) == true)
        {
            return false;
        }

        var shard = _shards.Find(one => one.Primary.Equals(to));
        if (shard is null)
        {
            _shards.Add(shard = new Shard(to, []));
        }

        (_bySlot[slot], _owners) = (shard, null);
        return true;
    }

    /// <summary>Whose slots are fewer than before.</summary>
    public HashSet<EndPoint> LostSince(ClusterMap before)
    {
        var lost = new HashSet<EndPoint>();
        for (var slot = 0; slot < KeySlot.Count; slot++)
        {
            if (before[slot]?.Primary is { } owner && !owner.Equals(_bySlot[slot]?.Primary))
            {
                lost.Add(owner);
            }
        }

        return lost;
    }
}
