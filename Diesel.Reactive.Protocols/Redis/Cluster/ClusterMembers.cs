using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>The servers of a cluster to which there are connections, made when they are needed. The hub's thread only, but for <see cref="Counts"/>.</summary>
internal sealed class ClusterMembers(ClusterTopology cluster, IShardSource source)
{
    // Whoever only reads is better served elsewhere than late.
    private static readonly TimeSpan ReplicaPatience = TimeSpan.FromMilliseconds(100);

    private readonly RedisConnectionString _ofReplicas = new(
        cluster.Target.Servers, cluster.Target.Options with { MaxReconnectTime = ReplicaPatience }, cluster.Target.Service);

    private readonly Dictionary<(EndPoint Server, bool IsReplica), ClusterMember> _all = [];
    private HashSet<(EndPoint Server, bool IsReplica)> _kept = [];
    private volatile ClusterMember[] _shown = [];

    // It goes on from 0 behind the last number there is.
    private uint _turn;

    public ClusterMember[] All => _shown;

    /// <summary>Their numbers, all together. Any thread.</summary>
    public PipelineCounts Counts
    {
        get
        {
            var sum = default(PipelineCounts);
            foreach (var counts in _shown.Select(static member => member.Link.Counts))
            {
                sum = sum with
                {
                    InFlight = sum.InFlight + counts.InFlight,
                    Queued = sum.Queued + counts.Queued,
                    Abandoned = sum.Abandoned + counts.Abandoned,
                    DrainedBytes = sum.DrainedBytes + counts.DrainedBytes,
                    Dropped = sum.Dropped + counts.Dropped,
                    LastRead = sum.LastRead < counts.LastRead ? sum.LastRead : counts.LastRead ?? sum.LastRead,
                    HubLag = sum.HubLag > counts.HubLag ? sum.HubLag : counts.HubLag,
                };
            }

            return sum;
        }
    }

    public bool Has(RedisLink link) => _all.TryGetValue((link.Server, link.IsReplica), out var member) && member.Link == link && _kept.Contains((link.Server, link.IsReplica));

    public RedisLink Primary(EndPoint server)
    {
        var member = Find(server, isReplica: false);
        member.Need();
        return member.Link;
    }

    /// <summary>Any primary, each in its turn.</summary>
    public RedisLink? Any(ClusterMap map)
    {
        var owners = map.Owners;
        return owners.Count == 0 ? null : Primary(owners[(int)(_turn++ % owners.Count)].Primary);
    }

    /// <summary>Who of a shard is asked by what only reads.</summary>
    public RedisLink Reader(Shard shard)
    {
        // A replica that is new is known by nothing else.
        cluster.Maps.AskIfOlder(cluster.Patience);
        var replicas = shard.Replicas.Select(server => Find(server, isReplica: true)).Where(static member => !member.IsDown).ToArray();
        return replicas.Length == 0 ? Primary(shard.Primary)
            : cluster.Target.Options.ReadFrom == ReadFrom.Replicas ? replicas[_turn++ % replicas.Length].Link
            : Nearest(Find(shard.Primary, isReplica: false) is { IsDown: false } primary ? [primary, .. replicas] : replicas).Link;
    }

    /// <summary>One is not asked for a while.</summary>
    public void Avoid(RedisLink link)
    {
        if (_all.TryGetValue((link.Server, link.IsReplica), out var member))
        {
            member.Avoid();
        }
    }

    /// <summary>From now on there are these; the others, and those that have nothing any more (a primary that died is named on), are let go by
    /// <see cref="Sweep"/>.</summary>
    public void Mark(ClusterMap map) =>
        _kept = map.Owners.SelectMany(static shard => shard.Replicas.Select(static one => (one, true)).Prepend((shard.Primary, false))).ToHashSet();

    /// <summary>There is one more primary.</summary>
    public void Keep(EndPoint primary) => _kept.Add((primary, false));

    public void Sweep()
    {
        foreach (var (key, member) in _all.Where(one => !_kept.Contains(one.Key)).ToArray())
        {
            Remove(key);
            if (source.DropsAtOnce)
            {
                member.Drop();
            }
            else
            {
                member.Dispose();
            }
        }
    }

    /// <summary>Those that are not connected to, and where calls wait.</summary>
    public RedisLink[] Stranded(IReadOnlyCollection<EndPoint> among) =>
        [.. _all.Where(one => !one.Key.IsReplica && among.Contains(one.Key.Server) && one.Value is { IsReady: false, Link.Counts.Queued: > 0 }).Select(static one => one.Value.Link)];

    /// <summary>The next who needs it connects anew. Null: it is none of these.</summary>
    public ClusterMember? Forget(RedisLink link)
    {
        var key = (link.Server, link.IsReplica);
        if (!_all.TryGetValue(key, out var member) || member.Link != link)
        {
            return null;
        }

        Remove(key);
        return member;
    }

    public void Dispose()
    {
        foreach (var (key, member) in _all.ToArray())
        {
            Remove(key);
            member.Dispose();
        }
    }

    private static ClusterMember Nearest(ClusterMember[] members)
    {
        foreach (var member in members.Where(static member => member.IsMeasuredLongAgo))
        {
            member.Measure();
        }

        return members.MinBy(static member => member.Latency ?? TimeSpan.MaxValue)!;
    }

    private ClusterMember Find(EndPoint server, bool isReplica)
    {
        if (!_all.TryGetValue((server, isReplica), out var member))
        {
            var link = new RedisLink(isReplica ? _ofReplicas : cluster.Target, cluster.Hub, cluster.Use, server, source.RoleOf(isReplica)) { Looks = cluster.Maps.Ask };
            cluster.Joined(link);
            _all.Add((server, isReplica), member = new ClusterMember(cluster, link));
            _shown = [.. _all.Values];
        }

        return member;
    }

    // What waits there goes elsewhere: whoever asked is told that the link was disposed.
    private void Remove((EndPoint, bool) key)
    {
        _all.Remove(key);
        _shown = [.. _all.Values];
    }
}
