using Diesel.Reactive.Protocols.Redis;
using static Diesel.Reactive.Tests.RedisRow;

namespace Diesel.Reactive.Tests;

/// <summary>The server, its connections, its users.</summary>
internal static class RedisServerRows
{
    private const string Ok = "+OK\r\n";
    private const string One = ":1\r\n";
    private const string V = "$1\r\nv\r\n";
    private const string Ab = "*2\r\n$1\r\na\r\n$1\r\nb\r\n";
    private const string Named = "%1\r\n$1\r\nn\r\n$1\r\nv\r\n";
    private const string Pair = "*2\r\n$1\r\nn\r\n$1\r\nv\r\n";
    private const string Line = "$14\r\nid=3 name= a=b\r\n";

    public static readonly RedisRow[] All =
    [
        Says(r => r.AclCat(), "ACL CAT", Ab, "[a, b]", reads: true),
        Says(r => r.AclCat("read"), "ACL CAT read", Ab, "[a, b]", reads: true),
        Says(r => r.AclDelUser("bob"), "ACL DELUSER bob", One, "1"),
        Says(r => r.AclDryRun("default", "get", "k"), "ACL DRYRUN default get k", Ok, "null", reads: true),
        Says(r => r.AclDryRun("default", "set", "k", "v"), "ACL DRYRUN default set k v", "$2\r\nno\r\n", "no", reads: true),
        Says(r => r.AclGenPass(), "ACL GENPASS 256", V, "v", reads: true),
        Says(r => r.AclGetUser("bob"), "ACL GETUSER bob", "_\r\n", "null", reads: true),
        Says(r => r.AclGetUser("default"), "ACL GETUSER default", Named, "[{n v}]", reads: true),
        Says(r => r.AclList(), "ACL LIST", Ab, "[a, b]", reads: true),
        Says(r => r.AclLoad(), "ACL LOAD", Ok, "()"),
        Says(r => r.AclLog(5), "ACL LOG 5", $"*1\r\n{Named}", "[[{n v}]]", reads: true),
        Says(r => r.AclLogReset(), "ACL LOG RESET", Ok, "()"),
        Says(r => r.AclSave(), "ACL SAVE", Ok, "()"),
        Says(r => r.AclSetUser("bob", "on", "~k*"), "ACL SETUSER bob on ~k*", Ok, "()"),
        Says(r => r.AclUsers(), "ACL USERS", Ab, "[a, b]", reads: true),
        Says(r => r.AclWhoAmI(), "ACL WHOAMI", V, "v", reads: true),

        Says(r => r.ClientGetName(), "CLIENT GETNAME", "_\r\n", "null", reads: true),
        Says(r => r.ClientGetRedir(), "CLIENT GETREDIR", ":-1\r\n", "-1", reads: true),
        Says(r => r.ClientId(), "CLIENT ID", One, "1", reads: true),
        Says(r => r.ClientInfo(), "CLIENT INFO", Line, "[{id 3}, {name }, {a b}]", reads: true),
        Says(
            r => r.ClientKill(new() { Id = 999, Kind = ClientKind.PubSub, User = "bob", Address = "127.0.0.1:1", LocalAddress = "127.0.0.1:2", SkipMe = false }),
            "CLIENT KILL ID 999 TYPE PUBSUB USER bob ADDR 127.0.0.1:1 LADDR 127.0.0.1:2 SKIPME no", One, "1"),
        Says(r => r.ClientKill(new() { Id = 999, Kind = ClientKind.Normal }), "CLIENT KILL ID 999 TYPE NORMAL SKIPME yes", One, "1"),
        Says(r => r.ClientKill(new() { Kind = ClientKind.Master }), "CLIENT KILL TYPE MASTER SKIPME yes", One, "1"),
        Says(r => r.ClientKill(new() { Kind = ClientKind.Replica }), "CLIENT KILL TYPE REPLICA SKIPME yes", One, "1"),
        Says(r => r.ClientList(), "CLIENT LIST", $"$29\r\nid=3 name= a=b\nid=4 name=x a=\r\n", "[[{id 3}, {name }, {a b}], [{id 4}, {name x}, {a }]]", reads: true),
        Says(r => r.ClientList(ClientKind.Normal), "CLIENT LIST TYPE NORMAL", Line, "[[{id 3}, {name }, {a b}]]", reads: true),
        Says(r => r.ClientList(ClientKind.Master), "CLIENT LIST TYPE MASTER", "$0\r\n\r\n", "[]", reads: true),
        Says(r => r.ClientList(ClientKind.Replica), "CLIENT LIST TYPE REPLICA", "$0\r\n\r\n", "[]", reads: true),
        Says(r => r.ClientList(ClientKind.PubSub), "CLIENT LIST TYPE PUBSUB", "$0\r\n\r\n", "[]", reads: true),
        Says(r => r.ClientListOf(1, 2), "CLIENT LIST ID 1 2", "$0\r\n\r\n", "[]", reads: true),
        Says(r => r.ClientNoEvict(isSpared: true), "CLIENT NO-EVICT ON", Ok, "()"),
        Says(r => r.ClientNoEvict(isSpared: false), "CLIENT NO-EVICT OFF", Ok, "()"),
        Says(r => r.ClientPause(TimeSpan.FromMilliseconds(1)), "CLIENT PAUSE 1 ALL", Ok, "()"),
        Says(r => r.ClientPause(TimeSpan.FromMilliseconds(1), onlyWrites: true), "CLIENT PAUSE 1 WRITE", Ok, "()"),
        Says(r => r.ClientUnpause(), "CLIENT UNPAUSE", Ok, "()"),
        Says(r => r.ClientSetName("tests"), "CLIENT SETNAME tests", Ok, "()"),
        Says(r => r.ClientTrackingInfo(), "CLIENT TRACKINGINFO", Named, "[{n v}]", reads: true),
        Says(r => r.ClientUnblock(999), "CLIENT UNBLOCK 999 TIMEOUT", ":0\r\n", "false"),
        Says(r => r.ClientUnblock(999, withError: true), "CLIENT UNBLOCK 999 ERROR", One, "true"),

        Says(r => r.CommandCount(), "COMMAND COUNT", One, "1", reads: true),
        Says(r => r.CommandDocs("get"), "COMMAND DOCS get", Named, "[{n v}]", reads: true),
        Says(r => r.CommandGetKeys("MGET", "a", "b"), "COMMAND GETKEYS MGET a b", Ab, "[a, b]", reads: true),
        Says(r => r.CommandGetKeysAndFlags("GET", "k"), "COMMAND GETKEYSANDFLAGS GET k", $"*1\r\n*2\r\n$1\r\nk\r\n{Ab}", "[(k, [a, b])]", reads: true),
        Says(
            r => r.CommandInfo("get", "none"), "COMMAND INFO get none",
            "*2\r\n*10\r\n$3\r\nget\r\n:2\r\n~1\r\n+readonly\r\n:1\r\n:1\r\n:1\r\n*0\r\n*0\r\n*0\r\n*0\r\n_\r\n", "[{get 2 [readonly] 1 1 1 []}, null]", reads: true),
        Says(r => r.CommandList(), "COMMAND LIST", Ab, "[a, b]", reads: true),
        Says(r => r.CommandListByModule("m"), "COMMAND LIST FILTERBY MODULE m", "*0\r\n", "[]", reads: true),
        Says(r => r.CommandListByAclCat("read"), "COMMAND LIST FILTERBY ACLCAT read", Ab, "[a, b]", reads: true),
        Says(r => r.CommandListByPattern("x*"), "COMMAND LIST FILTERBY PATTERN x*", Ab, "[a, b]", reads: true),

        Says(r => r.ConfigGet("max*", "port"), "CONFIG GET max* port", Named, "[{n v}]", reads: true),
        Says(r => r.ConfigResetStat(), "CONFIG RESETSTAT", Ok, "()"),
        Says(r => r.ConfigRewrite(), "CONFIG REWRITE", Ok, "()"),
        Says(r => r.ConfigSet(("maxmemory", 0), ("maxclients", 9000)), "CONFIG SET maxmemory 0 maxclients 9000", Ok, "()"),

        Says(r => r.LatencyDoctor(), "LATENCY DOCTOR", V, "v", reads: true),
        Says(r => r.LatencyGraph("command"), "LATENCY GRAPH command", V, "v", reads: true),
        Says(r => r.LatencyHistogram("get"), "LATENCY HISTOGRAM get", Named, "[{n v}]", reads: true),
        Says(r => r.LatencyHistory("command"), "LATENCY HISTORY command", "*1\r\n*2\r\n:1700000000\r\n:90\r\n", "[{@1700000000000 90ms}]", reads: true),
        Says(r => r.LatencyLatest(), "LATENCY LATEST", "*1\r\n*4\r\n$4\r\nfork\r\n:1700000000\r\n:90\r\n:120\r\n", "[{fork @1700000000000 90ms 120ms}]", reads: true),
        Says(r => r.LatencyReset("fork"), "LATENCY RESET fork", One, "1"),
        Says(r => r.MemoryDoctor(), "MEMORY DOCTOR", V, "v", reads: true),
        Says(r => r.MemoryMallocStats(), "MEMORY MALLOC-STATS", V, "v", reads: true),
        Says(r => r.MemoryPurge(), "MEMORY PURGE", Ok, "()"),
        Says(r => r.MemoryStats(), "MEMORY STATS", Named, "[{n v}]", reads: true),
        Says(r => r.MemoryUsage("k"), "MEMORY USAGE k", "_\r\n", "null", reads: true),
        Says(r => r.MemoryUsage("k", 0), "MEMORY USAGE k SAMPLES 0", One, "1", reads: true),
        Says(
            r => r.SlowLogGet(5), "SLOWLOG GET 5", $"*1\r\n*6\r\n:7\r\n:1700000000\r\n:1500\r\n{Ab}$11\r\n127.0.0.1:1\r\n$1\r\nx\r\n", "[{7 @1700000000000 1.5ms [a, b] 127.0.0.1:1 x}]", reads: true),
        Says(r => r.SlowLogLen(), "SLOWLOG LEN", One, "1", reads: true),
        Says(r => r.SlowLogReset(), "SLOWLOG RESET", Ok, "()"),

        Says(r => r.LastSave(), "LASTSAVE", ":1700000000\r\n", "@1700000000000", reads: true),
        Says(r => r.LolWut(), "LOLWUT", V, "v", reads: true),
        Says(r => r.LolWut(5, 1, 2, 3), "LOLWUT VERSION 5 1 2 3", V, "v", reads: true),
        Says(r => r.ModuleList(), "MODULE LIST", "*0\r\n", "[]", reads: true),
        Says(r => r.ModuleLoad("/none.so", "a"), "MODULE LOAD /none.so a", Ok, "()"),
        Says(r => r.ModuleLoadEx("/none.so", [("c", 1)], "a"), "MODULE LOADEX /none.so CONFIG c 1 ARGS a", Ok, "()"),
        Says(r => r.ModuleUnload("none"), "MODULE UNLOAD none", Ok, "()"),
        Says(
            r => r.Migrate("127.0.0.1", 1, new() { Wait = TimeSpan.FromMilliseconds(10), Copy = true, Replace = true, User = "u", Password = "p" }, "none"),
            "MIGRATE 127.0.0.1 1  0 10 COPY REPLACE AUTH2 u p KEYS none", "+NOKEY\r\n", "false"),
        Says(r => r.Migrate("127.0.0.1", 1, new() { Password = "p" }, "none"), "MIGRATE 127.0.0.1 1  0 5000 AUTH p KEYS none", Ok, "true"),
        Says(r => r.Role(), "ROLE", "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n", "[master, 0, []]", reads: true),
        Says(r => r.SwapDb(0, 1), "SWAPDB 0 1", Ok, "()"),
        Says(r => r.Time(), "TIME", "*2\r\n$10\r\n1700000000\r\n$6\r\n123000\r\n", "@1700000000123", reads: true),
        Says(r => r.Save(), "SAVE", Ok, "()"),
        Says(r => r.BgSave(schedule: true), "BGSAVE SCHEDULE", V, "v"),
        Says(r => r.BgSave(), "BGSAVE", V, "v"),
        Says(r => r.BgRewriteAof(), "BGREWRITEAOF", V, "v"),
        Says(r => r.Failover(new() { Host = "127.0.0.1", Port = 1, Force = true, Wait = TimeSpan.FromMilliseconds(10) }), "FAILOVER TO 127.0.0.1 1 FORCE TIMEOUT 10", Ok, "()"),
        Says(r => r.FailoverAbort(), "FAILOVER ABORT", Ok, "()"),

        Says(r => r.Publish("ch", "v"), "PUBLISH ch v", ":0\r\n", "0"),
        Says(r => r.SPublish("ch", "v"), "SPUBLISH ch v", ":0\r\n", "0"),
        Says(r => r.PubSubChannels(), "PUBSUB CHANNELS", Ab, "[a, b]", reads: true),
        Says(r => r.PubSubChannels("c*"), "PUBSUB CHANNELS c*", Ab, "[a, b]", reads: true),
        Says(r => r.PubSubNumPat(), "PUBSUB NUMPAT", One, "1", reads: true),
        Says(r => r.PubSubNumSub("ch"), "PUBSUB NUMSUB ch", "*2\r\n$2\r\nch\r\n:3\r\n", "[{ch 3}]", reads: true),
        Says(r => r.PubSubShardChannels("c*"), "PUBSUB SHARDCHANNELS c*", Ab, "[a, b]", reads: true),
        Says(r => r.PubSubShardNumSub("ch"), "PUBSUB SHARDNUMSUB ch", "*2\r\n$2\r\nch\r\n:3\r\n", "[{ch 3}]", reads: true),
    ];
}
