using Diesel.Reactive.Protocols.Redis;
using static Diesel.Reactive.Tests.RedisRow;

namespace Diesel.Reactive.Tests;

/// <summary>Clusters, and what a single server among tests is not to be asked: to follow another, to end.</summary>
internal static class RedisClusterRows
{
    private const string Ok = "+OK\r\n";
    private const string One = ":1\r\n";
    private const string V = "$1\r\nv\r\n";
    private const string Ab = "*2\r\n$1\r\na\r\n$1\r\nb\r\n";
    private const string Node = "e7d1eecce10fd6bb5eb35b9f99a514335d9ba9ca";

    public static readonly RedisRow[] All =
    [
        Says(r => r.ClusterAddSlots(1, 2), "CLUSTER ADDSLOTS 1 2", Ok, "()"),
        Says(r => r.ClusterAddSlotsRange((3, 5), (7, 9)), "CLUSTER ADDSLOTSRANGE 3 5 7 9", Ok, "()"),
        Says(r => r.ClusterBumpEpoch(), "CLUSTER BUMPEPOCH", V, "v"),
        Says(r => r.ClusterCountFailureReports(Node), $"CLUSTER COUNT-FAILURE-REPORTS {Node}", One, "1", reads: true),
        Says(r => r.ClusterCountKeysInSlot(1), "CLUSTER COUNTKEYSINSLOT 1", One, "1", reads: true),
        Says(r => r.ClusterDelSlots(1), "CLUSTER DELSLOTS 1", Ok, "()"),
        Says(r => r.ClusterDelSlotsRange((3, 5)), "CLUSTER DELSLOTSRANGE 3 5", Ok, "()"),
        Says(r => r.ClusterFailover(), "CLUSTER FAILOVER", Ok, "()"),
        Says(r => r.ClusterFailover(ClusterTakeover.Force), "CLUSTER FAILOVER FORCE", Ok, "()"),
        Says(r => r.ClusterFailover(ClusterTakeover.Takeover), "CLUSTER FAILOVER TAKEOVER", Ok, "()"),
        Says(r => r.ClusterFlushSlots(), "CLUSTER FLUSHSLOTS", Ok, "()"),
        Says(r => r.ClusterForget(Node), $"CLUSTER FORGET {Node}", Ok, "()"),
        Says(r => r.ClusterGetKeysInSlot(1, 2), "CLUSTER GETKEYSINSLOT 1 2", Ab, "[a, b]", reads: true),
        Says(r => r.ClusterInfo(), "CLUSTER INFO", V, "v", reads: true),
        Says(r => r.ClusterKeySlot("k"), "CLUSTER KEYSLOT k", One, "1", reads: true),
        Says(r => r.ClusterLinks(), "CLUSTER LINKS", "*1\r\n%1\r\n$1\r\nn\r\n$1\r\nv\r\n", "[[{n v}]]", reads: true),
        Says(r => r.ClusterMeet("127.0.0.1", 1, 2), "CLUSTER MEET 127.0.0.1 1 2", Ok, "()"),
        Says(r => r.ClusterMyId(), "CLUSTER MYID", V, "v", reads: true),
        Says(r => r.ClusterNodes(), "CLUSTER NODES", V, "v", reads: true),
        Says(r => r.ClusterReplicas(Node), $"CLUSTER REPLICAS {Node}", Ab, "[a, b]", reads: true),
        Says(r => r.ClusterReplicate(Node), $"CLUSTER REPLICATE {Node}", Ok, "()"),
        Says(r => r.ClusterReset(), "CLUSTER RESET SOFT", Ok, "()"),
        Says(r => r.ClusterReset(hard: true), "CLUSTER RESET HARD", Ok, "()"),
        Says(r => r.ClusterSaveConfig(), "CLUSTER SAVECONFIG", Ok, "()"),
        Says(r => r.ClusterSetConfigEpoch(7), "CLUSTER SET-CONFIG-EPOCH 7", Ok, "()"),
        Says(r => r.ClusterSetSlotImporting(1, Node), $"CLUSTER SETSLOT 1 IMPORTING {Node}", Ok, "()"),
        Says(r => r.ClusterSetSlotMigrating(1, Node), $"CLUSTER SETSLOT 1 MIGRATING {Node}", Ok, "()"),
        Says(r => r.ClusterSetSlotNode(1, Node), $"CLUSTER SETSLOT 1 NODE {Node}", Ok, "()"),
        Says(r => r.ClusterSetSlotStable(1), "CLUSTER SETSLOT 1 STABLE", Ok, "()"),
        Says(r => r.ClusterShards(), "CLUSTER SHARDS", "*1\r\n%1\r\n$1\r\nn\r\n$1\r\nv\r\n", "[[{n v}]]", reads: true),
        Says(
            r => r.ClusterSlots(), "CLUSTER SLOTS", "*1\r\n*4\r\n:0\r\n:99\r\n*4\r\n$9\r\n127.0.0.1\r\n:7000\r\n$2\r\nid\r\n*0\r\n*4\r\n_\r\n:7001\r\n$2\r\nie\r\n*0\r\n",
            "[{0 99 [{127.0.0.1 7000 id}, { 7001 ie}]}]", reads: true),
        Says(r => r.ReplicaOf("127.0.0.1", 1), "REPLICAOF 127.0.0.1 1", Ok, "()"),
        Says(r => r.ReplicaOfNoOne(), "REPLICAOF NO ONE", Ok, "()"),
        Says(r => r.Shutdown(new() { Save = false, Now = true, Force = true }), "SHUTDOWN NOSAVE NOW FORCE", Ok, "()"),
        Says(r => r.Shutdown(new() { Save = true }), "SHUTDOWN SAVE", Ok, "()"),
        Says(r => r.ShutdownAbort(), "SHUTDOWN ABORT", Ok, "()"),
    ];
}
