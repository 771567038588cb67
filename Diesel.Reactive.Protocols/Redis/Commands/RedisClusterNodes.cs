using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A server as a part of a cluster.</summary>
public static class RedisClusterNodes
{
    private static readonly Func<RespValue, IReadOnlyList<ClusterSlotRange>> AllClusterSlotRange = Reply.ListOf(ClusterSlotRange.Read);

    /// <summary>Gives the server slots.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="slots">At least one, from 0 to 16383.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterAddSlots(this IRedisCommands redis, params ReadOnlySpan<int> slots) =>
        redis.Writes("CLUSTER ADDSLOTS", Reply.Ok, Asking.Numbers(slots));

    /// <summary>Gives the server ranges of slots.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="ranges">At least one.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterAddSlotsRange(this IRedisCommands redis, params ReadOnlySpan<(int First, int Last)> ranges) =>
        redis.Writes("CLUSTER ADDSLOTSRANGE", Reply.Ok, Asking.Ranges(ranges));

    /// <summary>Moves the cluster on to another epoch.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns><c>BUMPED</c> or <c>STILL</c>, and the epoch.</returns>
    public static Awaitable<string> ClusterBumpEpoch(this IRedisCommands redis) => redis.Writes("CLUSTER BUMPEPOCH", Reply.Text);

    /// <summary>Counts who thinks that a server has failed.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="node">Its id.</param>
    /// <returns>How many others.</returns>
    public static Awaitable<long> ClusterCountFailureReports(this IRedisCommands redis, string node) =>
        redis.Reads("CLUSTER COUNT-FAILURE-REPORTS", Reply.Number, node);

    /// <summary>Counts the keys of a slot.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="slot">From 0 to 16383.</param>
    /// <returns>Those of this server.</returns>
    public static Awaitable<long> ClusterCountKeysInSlot(this IRedisCommands redis, int slot) =>
        redis.Reads("CLUSTER COUNTKEYSINSLOT", Reply.Number, slot);

    /// <summary>Takes slots from the server.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="slots">At least one, from 0 to 16383.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterDelSlots(this IRedisCommands redis, params ReadOnlySpan<int> slots) =>
        redis.Writes("CLUSTER DELSLOTS", Reply.Ok, Asking.Numbers(slots));

    /// <summary>Takes ranges of slots from the server.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="ranges">At least one.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterDelSlotsRange(this IRedisCommands redis, params ReadOnlySpan<(int First, int Last)> ranges) =>
        redis.Writes("CLUSTER DELSLOTSRANGE", Reply.Ok, Asking.Ranges(ranges));

    /// <summary>Makes a replica take its primary's place.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="how">In agreement with whom.</param>
    /// <returns>When it has begun.</returns>
    public static Awaitable<Unit> ClusterFailover(this IRedisCommands redis, ClusterTakeover how = ClusterTakeover.Agreed) =>
        redis.Writes("CLUSTER FAILOVER", Reply.Ok, how == ClusterTakeover.Agreed ? [] : new Bytes[] { how.ToString().ToUpperInvariant() });

    /// <summary>Takes all slots from the server.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterFlushSlots(this IRedisCommands redis) => redis.Writes("CLUSTER FLUSHSLOTS", Reply.Ok);

    /// <summary>Makes the server forget another, for a minute.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="node">Its id.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterForget(this IRedisCommands redis, string node) => redis.Writes("CLUSTER FORGET", Reply.Ok, node);

    /// <summary>Lists keys of a slot.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="slot">From 0 to 16383.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>Those of this server.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> ClusterGetKeysInSlot(this IRedisCommands redis, int slot, long count) =>
        redis.Reads("CLUSTER GETKEYSINSLOT", Reply.List, slot, count);

    /// <summary>Tells how the cluster is.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>Lines of <c>name:value</c>.</returns>
    public static Awaitable<string> ClusterInfo(this IRedisCommands redis) => redis.Reads("CLUSTER INFO", Reply.Text);

    /// <summary>Tells which slot a key is in.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>From 0 to 16383.</returns>
    public static Awaitable<long> ClusterKeySlot(this IRedisCommands redis, Bytes key) => redis.Reads("CLUSTER KEYSLOT", Reply.Number, key);

    /// <summary>Tells of the connections between the servers.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns><c>direction</c>, <c>node</c>, … of each.</returns>
    public static Awaitable<IReadOnlyList<IReadOnlyDictionary<string, RespValue>>> ClusterLinks(this IRedisCommands redis) =>
        redis.Reads("CLUSTER LINKS", Reply.NamedList);

    /// <summary>Makes the server meet another, and all that knows.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="host">Its name or address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="busPort">Where the servers talk to each other; null: 10 000 above the port.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterMeet(this IRedisCommands redis, string host, int port, int? busPort = null) =>
        redis.Writes("CLUSTER MEET", Reply.Ok, [host, port, .. busPort is { } bus ? new Bytes[] { bus } : []]);

    /// <summary>Tells the server's id.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>Hexadecimal digits.</returns>
    public static Awaitable<string> ClusterMyId(this IRedisCommands redis) => redis.Reads("CLUSTER MYID", Reply.Text);

    /// <summary>Tells what the server knows of the others.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>A line for each, as its file has them.</returns>
    public static Awaitable<string> ClusterNodes(this IRedisCommands redis) => redis.Reads("CLUSTER NODES", Reply.Text);

    /// <summary>Tells who follows a primary.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="node">Its id.</param>
    /// <returns>A line for each, as <c>ClusterNodes</c> gives them.</returns>
    public static Awaitable<IReadOnlyList<string>> ClusterReplicas(this IRedisCommands redis, string node) =>
        redis.Reads("CLUSTER REPLICAS", Reply.Texts, node);

    /// <summary>Makes the server follow a primary.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="node">Its id.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterReplicate(this IRedisCommands redis, string node) => redis.Writes("CLUSTER REPLICATE", Reply.Ok, node);

    /// <summary>Makes the server forget the cluster.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="hard">Whether it gets another id as well.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterReset(this IRedisCommands redis, bool hard = false) =>
        redis.Writes("CLUSTER RESET", Reply.Ok, hard ? "HARD" : "SOFT");

    /// <summary>Writes what the server knows of the cluster into its file.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterSaveConfig(this IRedisCommands redis) => redis.Writes("CLUSTER SAVECONFIG", Reply.Ok);

    /// <summary>Gives a new server an epoch.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="epoch">Which.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterSetConfigEpoch(this IRedisCommands redis, long epoch) =>
        redis.Writes("CLUSTER SET-CONFIG-EPOCH", Reply.Ok, epoch);

    /// <summary>Says that a slot is being moved here.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="slot">From 0 to 16383.</param>
    /// <param name="node">The id of the server it comes from.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterSetSlotImporting(this IRedisCommands redis, int slot, string node) =>
        redis.Writes("CLUSTER SETSLOT", Reply.Ok, slot, "IMPORTING", node);

    /// <summary>Says that a slot is being moved away.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="slot">From 0 to 16383.</param>
    /// <param name="node">The id of the server it goes to.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterSetSlotMigrating(this IRedisCommands redis, int slot, string node) =>
        redis.Writes("CLUSTER SETSLOT", Reply.Ok, slot, "MIGRATING", node);

    /// <summary>Says whose a slot is.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="slot">From 0 to 16383.</param>
    /// <param name="node">Its id.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterSetSlotNode(this IRedisCommands redis, int slot, string node) =>
        redis.Writes("CLUSTER SETSLOT", Reply.Ok, slot, "NODE", node);

    /// <summary>Says that a slot is not moved.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="slot">From 0 to 16383.</param>
    /// <returns>When it is done.</returns>
    public static Awaitable<Unit> ClusterSetSlotStable(this IRedisCommands redis, int slot) =>
        redis.Writes("CLUSTER SETSLOT", Reply.Ok, slot, "STABLE");

    /// <summary>Tells who has which slots, by shard.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns><c>slots</c> and <c>nodes</c> of each.</returns>
    public static Awaitable<IReadOnlyList<IReadOnlyDictionary<string, RespValue>>> ClusterShards(this IRedisCommands redis) =>
        redis.Reads("CLUSTER SHARDS", Reply.NamedList);

    /// <summary>Tells who has which slots.</summary>
    /// <param name="redis">Where to.</param>
    /// <returns>The ranges.</returns>
    public static Awaitable<IReadOnlyList<ClusterSlotRange>> ClusterSlots(this IRedisCommands redis) =>
        redis.Reads("CLUSTER SLOTS", AllClusterSlotRange);
}
