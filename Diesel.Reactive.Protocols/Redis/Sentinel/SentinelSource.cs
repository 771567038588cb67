using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Sentinels, who say which of the servers they watch is the primary, and tell when that changes.</summary>
internal sealed class SentinelSource : IShardSource
{
    // How long one may take before the next is asked.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ClusterTopology _servers;
    private readonly RedisConnectionString _target;
    private readonly RedisOptions _options;
    private readonly string _service;
    private readonly List<SentinelWatch> _watches = [];
    private EndPoint? _primary;
    private int _turn;

    public SentinelSource(ClusterTopology servers)
    {
        (_servers, _target) = (servers, servers.Target);
        _service = _target.Service ?? throw new ArgumentException("A connection string for Sentinel names a service.", nameof(servers));
        _options = _target.Options with
        {
            User = _target.Options.SentinelUser,
            Password = _target.Options.SentinelPassword,
            Database = 0,
            ConnectTimeout = _target.Options.ConnectTimeout < Patience ? _target.Options.ConnectTimeout : Patience,
        };
    }

    public bool HasSlots => false;

    public bool DropsAtOnce => true;

    private Hub Hub => _servers.Hub;

    public RedisRole RoleOf(bool isReplica) => isReplica ? RedisRole.Follower : RedisRole.Master;

    public async Task<ClusterMap> Read(IEnumerable<RedisLink> ready, IEnumerable<EndPoint> known)
    {
        Watch();
        Exception? failure = null;
        for (var attempt = 0; attempt < _target.Servers.Count; attempt++)
        {
            try
            {
                var shard = await Ask(_target.Servers[_turn % _target.Servers.Count]);
                _primary = shard.Primary;
                return new ClusterMap(shard);
            }
            catch (Exception error) when (error is IOException or TimeoutException or ProtocolException or RedisErrorException)
            {
                // The next time begins with the next.
                (failure, _turn) = (error, _turn + 1);
            }
        }

        throw failure!;
    }

    public void Dispose() => _watches.ForEach(static watch => watch.Dispose());

    // Its word counts at once, and it is the one to be asked: others may not know yet.
    private void Told(int sentinel, EndPoint? primary)
    {
        if (primary is not null && !primary.Equals(_primary))
        {
            (_primary, _turn) = (primary, sentinel);
            _servers.Maps.Take(new ClusterMap(new Shard(primary, [])));
            _servers.Maps.Ask();
        }
        else if (primary is null && _primary is not null)
        {
            // What was said before it was listened to may have been missed.
            _servers.Maps.Ask();
        }
    }

    // Each tells by itself; all that were given are listened to, from the first question on.
    private void Watch()
    {
        if (_watches.Count == 0)
        {
            _watches.AddRange(_target.Servers.Select((sentinel, at) => new SentinelWatch(sentinel, _service, _options, Hub, primary => Told(at, primary))));
        }
    }

    private Task<Shard> Ask(EndPoint sentinel) => RedisProbe.Ask(sentinel, _options, Hub, async asked =>
    {
        var reply = await asked.Ask(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", _service]);
        var primary = SentinelReplies.Primary(reply, _service, sentinel);
        var replicas = _options.ReadFrom == ReadFrom.Primary ? [] : SentinelReplies.Replicas(await asked.Ask(["SENTINEL", "REPLICAS", _service]), sentinel);
        return new Shard(primary, replicas);
    });
}
