using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>The servers of a cluster, any of which knows all.</summary>
internal sealed class ClusterSource(RedisConnectionString target, Hub hub) : IShardSource
{
    // How long one may take before the next is asked.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly RedisCommand<RespValue> AskShards = new("CLUSTER SHARDS", Reply.Any) { IsReadOnly = true };
    private static readonly RedisCommand<RespValue> AskSlots = new("CLUSTER SLOTS", Reply.Any) { IsReadOnly = true };

    private bool _isOld;
    private int _turn;

    public bool HasSlots => true;

    public bool DropsAtOnce => false;

    private bool IsTls => target.Options.Tls is not null;

    public RedisRole RoleOf(bool isReplica) => isReplica ? RedisRole.Replica : RedisRole.Primary;

    public async Task<ClusterMap> Read(IEnumerable<RedisLink> ready, IEnumerable<EndPoint> known)
    {
        Exception? failure = null;
        var links = ready.ToArray();
        _turn++;
        foreach (var ask in links.Select((_, i) => (Func<Task<ClusterMap>>)(() => Ask(links[(i + _turn) % links.Length])))
            .Concat(known.Union(target.Servers).Select(server => (Func<Task<ClusterMap>>)(() => Ask(server)))))
        {
            try
            {
                return await ask();
            }
            catch (Exception error) when (error is IOException or TimeoutException or ProtocolException or RedisErrorException or ObjectDisposedException)
            {
                failure = error;
            }
        }

        throw failure!;
    }

    public void Dispose()
    {
    }

    private async Task<ClusterMap> Ask(RedisLink link)
    {
        if (!_isOld)
        {
            try
            {
                return ClusterReplies.Shards(await link.Ask(AskShards).Timeout(Patience, hub), link.Server, IsTls);
            }
            catch (RedisErrorException no) when (no.Code == "ERR")
            {
                _isOld = true;
            }
        }

        return ClusterReplies.Slots(await link.Ask(AskSlots).Timeout(Patience, hub), link.Server);
    }

    private Task<ClusterMap> Ask(EndPoint server) => RedisProbe.Ask(server, target.Options, hub, async asked =>
    {
        if (!_isOld)
        {
            var shards = await asked.Ask(["CLUSTER", "SHARDS"]);
            if (shards.ToException() is not { Code: "ERR" })
            {
                return ClusterReplies.Shards(shards, server, IsTls);
            }

            _isOld = true;
        }

        return ClusterReplies.Slots(await asked.Ask(["CLUSTER", "SLOTS"]), server);
    });
}
