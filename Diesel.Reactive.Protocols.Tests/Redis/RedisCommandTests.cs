using System.Reactive;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What each method says, and how it reads the reply.</summary>
public class RedisCommandTests
{
    private const string Ok = "+OK\r\n";
    private const string One = ":1\r\n";
    private const string Zero = ":0\r\n";
    private const string V = "$1\r\nv\r\n";
    private const string Ab = "*2\r\n$1\r\na\r\n$1\r\nb\r\n";
    private const string SetAb = "~2\r\n$1\r\na\r\n$1\r\nb\r\n";
    private const string Scores3 = "*2\r\n*2\r\n$1\r\na\r\n,1\r\n*2\r\n$1\r\nb\r\n,2.5\r\n";
    private const string Scores2 = "*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$3\r\n2.5\r\n";

    /// <summary>All rows there are.</summary>
    internal static IEnumerable<RedisRow> All =>
        [.. Strings, .. Keys, .. Hashes, .. Lists, .. Sets, .. SortedSets, .. Server, .. RedisDataRows.All, .. RedisStreamRows.All, .. RedisServerRows.All, .. RedisClusterRows.All];

    private static readonly Bytes[] AAndB = ["a", "b"];
    private static readonly Scored[] Scores = [new("a", 1), new("b", 2.5)];
    private static readonly DateTimeOffset Moment = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(1.5);

    internal static readonly RedisRow[] Strings =
    [
        Row(r => r.Append("k", "v"), "APPEND k v", One, 1L),
        Row(r => r.Decr("k"), "DECR k", ":-1\r\n", -1L),
        Row(r => r.DecrBy("k", 3), "DECRBY k 3", One, 1L),
        Row(r => r.Get("k"), "GET k", V, (Bytes?)"v", reads: true),
        Row(r => r.Get("k"), "GET k", "$-1\r\n", (Bytes?)null, reads: true),
        Row(r => r.Get("k"), "GET k", "_\r\n", (Bytes?)null, reads: true),
        Row(r => r.GetDel("k"), "GETDEL k", V, (Bytes?)"v"),
        Row(r => r.GetEx("k", Span), "GETEX k PX 1500", V, (Bytes?)"v"),
        Row(r => r.GetEx("k", Moment), "GETEX k PXAT 1700000000123", V, (Bytes?)"v"),
        Row(r => r.GetExPersist("k"), "GETEX k PERSIST", V, (Bytes?)"v"),
        Row(r => r.GetRange("k", 0, -1), "GETRANGE k 0 -1", V, (Bytes)"v", reads: true),
        Row(r => r.GetSet("k", "w"), "GETSET k w", V, (Bytes?)"v"),
        Row(r => r.Incr("k"), "INCR k", One, 1L),
        Row(r => r.IncrBy("k", -3), "INCRBY k -3", One, 1L),
        Row(r => r.IncrByFloat("k", 0.5), "INCRBYFLOAT k 0.5", "$3\r\n1.5\r\n", 1.5),
        Row(r => r.Lcs("k", "l"), "LCS k l", V, (Bytes)"v", reads: true),
        RedisRow.Says(
            r => r.LcsIdx("k", "l", 2), "LCS k l IDX MINMATCHLEN 2 WITHMATCHLEN", "*4\r\n$7\r\nmatches\r\n*1\r\n*3\r\n*2\r\n:4\r\n:7\r\n*2\r\n:5\r\n:8\r\n:4\r\n$3\r\nlen\r\n:6\r\n", "[{4 5 4}]", reads: true),
        Row(r => r.LcsLen("k", "l"), "LCS k l LEN", One, 1L, reads: true),
        Row(r => r.MGet("k", "l"), "MGET k l", "*2\r\n$1\r\nv\r\n$-1\r\n", new Bytes?[] { "v", null }, reads: true),
        Row(r => r.MSet(("k", 1), ("l", "v")), "MSET k 1 l v", Ok, Unit.Default),
        Row(r => r.MSetNx(("k", "v")), "MSETNX k v", Zero, false),
        Row(r => r.Set("k", "v"), "SET k v", Ok, true),
        Row(r => r.Set("k", 7, Span), "SET k 7 PX 1500", Ok, true),
        Row(r => r.Set("k", "v", When.NotExists), "SET k v NX", "$-1\r\n", false),
        Row(r => r.Set("k", "v", new SetOptions { ExpireAt = Moment, When = When.Exists }), "SET k v PXAT 1700000000123 XX", Ok, true),
        Row(r => r.Set("k", "v", new SetOptions { KeepTtl = true }), "SET k v KEEPTTL", Ok, true),
        Row(r => r.SetGet("k", "w", When.Exists), "SET k w XX GET", V, (Bytes?)"v"),
        Row(r => r.SetNx("k", "v"), "SETNX k v", One, true),
        Row(r => r.SetEx("k", Span, "v"), "PSETEX k 1500 v", Ok, Unit.Default),
        Row(r => r.SetRange("k", 5, "v"), "SETRANGE k 5 v", One, 1L),
        Row(r => r.StrLen("k"), "STRLEN k", One, 1L, reads: true),
    ];

    internal static readonly RedisRow[] Keys =
    [
        Row(r => r.Copy("k", "l"), "COPY k l", One, true),
        Row(r => r.Copy("k", "l", replace: true, database: 2), "COPY k l DB 2 REPLACE", One, true),
        Row(r => r.Del("k", "l"), "DEL k l", One, 1L),
        Row(r => r.Dump("k"), "DUMP k", V, (Bytes?)"v", reads: true),
        Row(r => r.Exists("k"), "EXISTS k", One, 1L, reads: true),
        Row(r => r.Expire("k", Span), "PEXPIRE k 1500", One, true),
        Row(r => r.Expire("k", Span, ExpireWhen.Later), "PEXPIRE k 1500 GT", Zero, false),
        Row(r => r.Expire("k", Span, ExpireWhen.Earlier), "PEXPIRE k 1500 LT", Zero, false),
        Row(r => r.Expire("k", Span, ExpireWhen.HasNone), "PEXPIRE k 1500 NX", Zero, false),
        Row(r => r.Expire("k", Span, ExpireWhen.HasOne), "PEXPIRE k 1500 XX", Zero, false),
        Row(r => r.ExpireAt("k", Moment, ExpireWhen.HasNone), "PEXPIREAT k 1700000000123 NX", One, true),
        Row(r => r.ExpireAt("k", Moment, ExpireWhen.HasOne), "PEXPIREAT k 1700000000123 XX", One, true),
        Row(r => r.ExpireAt("k", Moment, ExpireWhen.Later), "PEXPIREAT k 1700000000123 GT", One, true),
        Row(r => r.ExpireAt("k", Moment, ExpireWhen.Earlier), "PEXPIREAT k 1700000000123 LT", One, true),
        Row(r => r.ExpireTime("k"), "PEXPIRETIME k", ":1700000000123\r\n", (DateTimeOffset?)Moment, reads: true),
        Row(r => r.ExpireTime("k"), "PEXPIRETIME k", ":-1\r\n", (DateTimeOffset?)null, reads: true),
        Row(r => r.Keys("*"), "KEYS *", Ab, AAndB, reads: true),
        Row(r => r.Move("k", 1), "MOVE k 1", One, true),
        Row(r => r.ObjectEncoding("k"), "OBJECT ENCODING k", V, "v", reads: true),
        Row(r => r.ObjectFreq("k"), "OBJECT FREQ k", One, (long?)1, reads: true),
        Row(r => r.ObjectIdleTime("k"), "OBJECT IDLETIME k", One, (TimeSpan?)TimeSpan.FromSeconds(1), reads: true),
        Row(r => r.ObjectRefCount("k"), "OBJECT REFCOUNT k", "_\r\n", (long?)null, reads: true),
        Row(r => r.Persist("k"), "PERSIST k", One, true),
        Row(r => r.RandomKey(), "RANDOMKEY", V, (Bytes?)"v", reads: true),
        Row(r => r.Rename("k", "l"), "RENAME k l", Ok, Unit.Default),
        Row(r => r.RenameNx("k", "l"), "RENAMENX k l", One, true),
        Row(r => r.Restore("k", "v"), "RESTORE k 0 v", Ok, Unit.Default),
        Row(r => r.Restore("k", "v", new() { Expiry = Span, Replace = true }), "RESTORE k 1500 v REPLACE", Ok, Unit.Default),
        Row(r => r.Restore("k", "v", new() { ExpireAt = Moment, IdleTime = TimeSpan.FromMinutes(1) }), "RESTORE k 1700000000123 v ABSTTL IDLETIME 60", Ok, Unit.Default),
        Row(r => r.Restore("k", "v", new() { Freq = 7 }), "RESTORE k 0 v FREQ 7", Ok, Unit.Default),
        Row(r => r.Touch("k", "l"), "TOUCH k l", One, 1L, reads: true),
        Row(r => r.Ttl("k"), "PTTL k", ":1500\r\n", (TimeSpan?)Span, reads: true),
        Row(r => r.Ttl("k"), "PTTL k", ":-2\r\n", (TimeSpan?)null, reads: true),
        Row(r => r.Type("k"), "TYPE k", "+zset\r\n", "zset", reads: true),
        Row(r => r.Unlink("k"), "UNLINK k", One, 1L),
    ];

    internal static readonly RedisRow[] Hashes =
    [
        Row(r => r.HDel("k", "f", "g"), "HDEL k f g", One, 1L),
        Row(r => r.HExists("k", "f"), "HEXISTS k f", One, true, reads: true),
        Row(r => r.HGet("k", "f"), "HGET k f", V, (Bytes?)"v", reads: true),
        Row(r => r.HGetAll("k"), "HGETALL k", "%1\r\n$1\r\na\r\n$1\r\nb\r\n", new Dictionary<Bytes, Bytes> { ["a"] = "b" }, reads: true),
        Row(r => r.HGetAll("k"), "HGETALL k", Ab, new Dictionary<Bytes, Bytes> { ["a"] = "b" }, reads: true),
        Row(r => r.HIncrBy("k", "f", 2), "HINCRBY k f 2", One, 1L),
        Row(r => r.HIncrByFloat("k", "f", 0.5), "HINCRBYFLOAT k f 0.5", "$3\r\n1.5\r\n", 1.5),
        Row(r => r.HKeys("k"), "HKEYS k", Ab, AAndB, reads: true),
        Row(r => r.HLen("k"), "HLEN k", One, 1L, reads: true),
        Row(r => r.HMGet("k", "f", "g"), "HMGET k f g", "*2\r\n$1\r\nv\r\n_\r\n", new Bytes?[] { "v", null }, reads: true),
        Row(r => r.HRandField("k"), "HRANDFIELD k", V, (Bytes?)"v", reads: true),
        Row(r => r.HRandField("k", -2), "HRANDFIELD k -2", Ab, AAndB, reads: true),
        Row(r => r.HRandFieldWithValues("k", 2), "HRANDFIELD k 2 WITHVALUES", Ab, new[] { KeyValuePair.Create<Bytes, Bytes>("a", "b") }, reads: true),
        Row(r => r.HRandFieldWithValues("k", 2), "HRANDFIELD k 2 WITHVALUES", $"*1\r\n{Ab}", new[] { KeyValuePair.Create<Bytes, Bytes>("a", "b") }, reads: true),
        Row(r => r.HSet("k", "f", "v"), "HSET k f v", One, true),
        Row(r => r.HSet("k", ("f", 1), ("g", "v")), "HSET k f 1 g v", One, 1L),
        Row(r => r.HSetNx("k", "f", "v"), "HSETNX k f v", Zero, false),
        Row(r => r.HStrLen("k", "f"), "HSTRLEN k f", One, 1L, reads: true),
        Row(r => r.HVals("k"), "HVALS k", Ab, AAndB, reads: true),
    ];

    internal static readonly RedisRow[] Lists =
    [
        Row(r => r.LIndex("k", -1), "LINDEX k -1", V, (Bytes?)"v", reads: true),
        Row(r => r.LInsertBefore("k", "p", "v"), "LINSERT k BEFORE p v", ":-1\r\n", -1L),
        Row(r => r.LInsertAfter("k", "p", "v"), "LINSERT k AFTER p v", One, 1L),
        Row(r => r.LLen("k"), "LLEN k", One, 1L, reads: true),
        Row(r => r.LMove("k", "l", ListEnd.Right, ListEnd.Left), "LMOVE k l RIGHT LEFT", V, (Bytes?)"v"),
        Row(r => r.LMPop(ListEnd.Left, 2, "k"), "LMPOP 1 k LEFT COUNT 2", "_\r\n", ((Bytes, IReadOnlyList<Bytes>)?)null),
        Row(r => r.LPop("k"), "LPOP k", "$-1\r\n", (Bytes?)null),
        Row(r => r.LPop("k", 2), "LPOP k 2", Ab, AAndB),
        Row(r => r.LPop("k", 2), "LPOP k 2", "*-1\r\n", Array.Empty<Bytes>()),
        Row(r => r.LPos("k", "v"), "LPOS k v RANK 1", "_\r\n", (long?)null, reads: true),
        Row(r => r.LPos("k", "v", maxLength: 9), "LPOS k v RANK 1 MAXLEN 9", Zero, (long?)0, reads: true),
        Row(r => r.LPosAll("k", "v", rank: -1), "LPOS k v RANK -1 COUNT 0", "*2\r\n:5\r\n:3\r\n", new[] { 5L, 3 }, reads: true),
        Row(r => r.LPush("k", "a", "b"), "LPUSH k a b", One, 1L),
        Row(r => r.LPushX("k", "a"), "LPUSHX k a", Zero, 0L),
        Row(r => r.LRange("k"), "LRANGE k 0 -1", Ab, AAndB, reads: true),
        Row(r => r.LRem("k", "v", -2), "LREM k -2 v", One, 1L),
        Row(r => r.LSet("k", 3, "v"), "LSET k 3 v", Ok, Unit.Default),
        Row(r => r.LTrim("k", 0, 9), "LTRIM k 0 9", Ok, Unit.Default),
        Row(r => r.RPop("k"), "RPOP k", V, (Bytes?)"v"),
        Row(r => r.RPop("k", 2), "RPOP k 2", Ab, AAndB),
        Row(r => r.RPopLPush("k", "l"), "RPOPLPUSH k l", V, (Bytes?)"v"),
        Row(r => r.RPush("k", 1, 2), "RPUSH k 1 2", One, 1L),
        Row(r => r.RPushX("k", "a"), "RPUSHX k a", One, 1L),
    ];

    internal static readonly RedisRow[] Sets =
    [
        Row(r => r.SAdd("k", "a", "b"), "SADD k a b", One, 1L),
        Row(r => r.SCard("k"), "SCARD k", One, 1L, reads: true),
        Row(r => r.SDiff("k", "l"), "SDIFF k l", SetAb, AAndB.ToHashSet(), reads: true),
        Row(r => r.SDiffStore("d", "k", "l"), "SDIFFSTORE d k l", One, 1L),
        Row(r => r.SInter("k", "l"), "SINTER k l", Ab, AAndB.ToHashSet(), reads: true),
        Row(r => r.SInterCard(5, "k", "l"), "SINTERCARD 2 k l LIMIT 5", One, 1L, reads: true),
        Row(r => r.SInterStore("d", "k"), "SINTERSTORE d k", One, 1L),
        Row(r => r.SIsMember("k", "a"), "SISMEMBER k a", One, true, reads: true),
        Row(r => r.SMembers("k"), "SMEMBERS k", "~0\r\n", new HashSet<Bytes>(), reads: true),
        Row(r => r.SMIsMember("k", "a", "b"), "SMISMEMBER k a b", "*2\r\n:1\r\n:0\r\n", new[] { true, false }, reads: true),
        Row(r => r.SMove("k", "l", "a"), "SMOVE k l a", One, true),
        Row(r => r.SPop("k"), "SPOP k", V, (Bytes?)"v"),
        Row(r => r.SPop("k", 2), "SPOP k 2", SetAb, AAndB.ToHashSet()),
        Row(r => r.SRandMember("k"), "SRANDMEMBER k", V, (Bytes?)"v", reads: true),
        Row(r => r.SRandMember("k", -2), "SRANDMEMBER k -2", Ab, AAndB, reads: true),
        Row(r => r.SRem("k", "a"), "SREM k a", One, 1L),
        Row(r => r.SUnion("k", "l"), "SUNION k l", SetAb, AAndB.ToHashSet(), reads: true),
        Row(r => r.SUnionStore("d", "k", "l"), "SUNIONSTORE d k l", One, 1L),
    ];

    internal static readonly RedisRow[] SortedSets =
    [
        Row(r => r.ZAdd("k", 1.5, "a"), "ZADD k 1.5 a", One, true),
        Row(r => r.ZAdd("k", default, Scores), "ZADD k 1 a 2.5 b", One, 1L),
        Row(r => r.ZAdd("k", new ZAddOptions { When = When.Exists, OnlyHigher = true, CountChanged = true }, Scores), "ZADD k XX GT CH 1 a 2.5 b", One, 1L),
        Row(r => r.ZAdd("k", new ZAddOptions { When = When.NotExists }, Scores), "ZADD k NX 1 a 2.5 b", One, 1L),
        Row(r => r.ZAddIncr("k", 2, "a", new ZAddOptions { OnlyLower = true }), "ZADD k LT INCR 2 a", "_\r\n", (double?)null),
        Row(r => r.ZCard("k"), "ZCARD k", One, 1L, reads: true),
        Row(r => r.ZCount("k"), "ZCOUNT k -inf inf", One, 1L, reads: true),
        Row(r => r.ZCount("k", new(1, 2, withoutMin: true)), "ZCOUNT k (1 2", One, 1L, reads: true),
        Row(r => r.ZDiff("k", "l"), "ZDIFF 2 k l", Ab, AAndB, reads: true),
        Row(r => r.ZDiffWithScores("k", "l"), "ZDIFF 2 k l WITHSCORES", Scores3, Scores, reads: true),
        Row(r => r.ZDiffStore("d", "k", "l"), "ZDIFFSTORE d 2 k l", One, 1L),
        Row(r => r.ZIncrBy("k", 2, "a"), "ZINCRBY k 2 a", ",3.5\r\n", 3.5),
        Row(r => r.ZIncrBy("k", 2, "a"), "ZINCRBY k 2 a", "$3\r\n3.5\r\n", 3.5),
        Row(r => r.ZInter("k", "l"), "ZINTER 2 k l WITHSCORES", Scores2, Scores, reads: true),
        Row(r => r.ZInterCard(0, "k", "l"), "ZINTERCARD 2 k l LIMIT 0", One, 1L, reads: true),
        Row(r => r.ZInterStore("d", "k", "l"), "ZINTERSTORE d 2 k l", One, 1L),
        Row(r => r.ZMPop(highest: true, 2, "k"), "ZMPOP 1 k MAX COUNT 2", "*-1\r\n", ((Bytes, IReadOnlyList<Scored>)?)null),
        Row(r => r.ZMScore("k", "a", "b"), "ZMSCORE k a b", "*2\r\n,inf\r\n_\r\n", new double?[] { double.PositiveInfinity, null }, reads: true),
        Row(r => r.ZPopMax("k"), "ZPOPMAX k", "*2\r\n$1\r\na\r\n,1\r\n", (Scored?)Scores[0]),
        Row(r => r.ZPopMax("k"), "ZPOPMAX k", "*0\r\n", (Scored?)null),
        Row(r => r.ZPopMax("k", 2), "ZPOPMAX k 2", Scores3, Scores),
        Row(r => r.ZPopMin("k"), "ZPOPMIN k", "*2\r\n$1\r\na\r\n$1\r\n1\r\n", (Scored?)Scores[0]),
        Row(r => r.ZPopMin("k", 2), "ZPOPMIN k 2", Scores2, Scores),
        Row(r => r.ZRandMember("k"), "ZRANDMEMBER k", V, (Bytes?)"v", reads: true),
        Row(r => r.ZRandMember("k", 2), "ZRANDMEMBER k 2 WITHSCORES", Scores3, Scores, reads: true),
        Row(r => r.ZRange("k"), "ZRANGE k 0 -1", Ab, AAndB, reads: true),
        Row(r => r.ZRange("k", 1, 2, reversed: true), "ZRANGE k 1 2 REV", Ab, AAndB, reads: true),
        Row(r => r.ZRangeWithScores("k"), "ZRANGE k 0 -1 WITHSCORES", Scores2, Scores, reads: true),
        Row(r => r.ZRangeByScore("k", new(1, 2)), "ZRANGE k 1 2 BYSCORE LIMIT 0 -1 WITHSCORES", Scores3, Scores, reads: true),
        Row(r => r.ZRangeByScore("k", default, reversed: true, 1, 2), "ZRANGE k inf -inf BYSCORE REV LIMIT 1 2 WITHSCORES", Scores3, Scores, reads: true),
        Row(r => r.ZRank("k", "a"), "ZRANK k a", Zero, (long?)0, reads: true),
        Row(r => r.ZRem("k", "a"), "ZREM k a", One, 1L),
        Row(r => r.ZRemRangeByRank("k", 0, 1), "ZREMRANGEBYRANK k 0 1", One, 1L),
        Row(r => r.ZRemRangeByScore("k", new(1, double.PositiveInfinity)), "ZREMRANGEBYSCORE k 1 inf", One, 1L),
        Row(r => r.ZRevRank("k", "a"), "ZREVRANK k a", "$-1\r\n", (long?)null, reads: true),
        Row(r => r.ZScore("k", "a"), "ZSCORE k a", "$4\r\n-inf\r\n", (double?)double.NegativeInfinity, reads: true),
        Row(r => r.ZUnion("k", "l"), "ZUNION 2 k l WITHSCORES", Scores2, Scores, reads: true),
        Row(r => r.ZUnionStore("d", "k", "l"), "ZUNIONSTORE d 2 k l", One, 1L),
    ];

    internal static readonly RedisRow[] Server =
    [
        Row(r => r.Command("CLIENT INFO"), "CLIENT INFO", V, Resp.Bulk("v")),
        Row(r => r.Command("set", "k", 1), "set k 1", Ok, Resp.Simple("OK")),
        Row(r => r.DbSize(), "DBSIZE", One, 1L, reads: true),
        Row(r => r.Echo("v"), "ECHO v", V, (Bytes)"v", reads: true),
        Row(r => r.FlushAll(), "FLUSHALL SYNC", Ok, Unit.Default),
        Row(r => r.FlushAll(wait: false), "FLUSHALL ASYNC", Ok, Unit.Default),
        Row(r => r.FlushDb(wait: false), "FLUSHDB ASYNC", Ok, Unit.Default),
        Row(r => r.FlushDb(), "FLUSHDB SYNC", Ok, Unit.Default),
        Row(r => r.Info("server"), "INFO server", "=8\r\ntxt:a:1\n\r\n", "a:1\n", reads: true),
        Row(r => r.Ping("v"), "PING v", V, (Bytes)"v", reads: true),
        Row(r => r.Ping(), "PING", "+PONG\r\n", "PONG", reads: true),
    ];

    [TestCaseSource(nameof(Strings))]
    [TestCaseSource(nameof(Keys))]
    [TestCaseSource(nameof(Hashes))]
    [TestCaseSource(nameof(Lists))]
    [TestCaseSource(nameof(Sets))]
    [TestCaseSource(nameof(SortedSets))]
    [TestCaseSource(nameof(Server))]
    [TestCaseSource(typeof(RedisDataRows), nameof(RedisDataRows.All))]
    [TestCaseSource(typeof(RedisStreamRows), nameof(RedisStreamRows.All))]
    [TestCaseSource(typeof(RedisServerRows), nameof(RedisServerRows.All))]
    [TestCaseSource(typeof(RedisClusterRows), nameof(RedisClusterRows.All))]
    public void Says_and_reads(object row)
    {
        var it = (RedisRow)row;
        var asked = it.Ask();
        Assert.That((asked.Heard, asked.WasReadOnly), Is.EqualTo((it.Words, it.Reads)));
        Assert.That(asked.Value, Is.EqualTo(it.Value));
    }

    [Test]
    public void Pops_from_the_first_that_has_something()
    {
        var (list, sorted) = (new ScriptedRedis("*2\r\n$1\r\nk\r\n*1\r\n$1\r\na\r\n"), new ScriptedRedis($"*2\r\n$1\r\nk\r\n{Scores3}"));
        var (items, members) = (Story.Of(list.LMPop(ListEnd.Right, 2, "j", "k")).Last!.Value, Story.Of(sorted.ZMPop(highest: false, 2, "j", "k")).Last!.Value);
        Assert.That((list.Heard, items.Key, items.Items.Single()), Is.EqualTo(("LMPOP 2 j k RIGHT COUNT 2", (Bytes)"k", (Bytes)"a")));
        Assert.That((sorted.Heard, members.Key, members.Members), Is.EqualTo(("ZMPOP 2 j k MIN COUNT 2", (Bytes)"k", Scores)));
    }

    [Test]
    public void A_refusal_is_thrown() =>
        Assert.That(() => new ScriptedRedis("-WRONGTYPE Operation against a key\r\n").Get("k"), Throws.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("WRONGTYPE"));

    [Test]
    public void An_expiry_is_said_once() =>
        Assert.That(() => new ScriptedRedis(Ok).Set("k", "v", new SetOptions { KeepTtl = true, Expiry = Span }), Throws.ArgumentException);

    [Test]
    public void A_command_shows_its_name_alone() =>
        Assert.That($"{new RedisCommand<RespValue>("CONFIG SET", reply => reply, "requirepass", "secret")}", Is.EqualTo("CONFIG SET"));

    private static RedisRow Row<T>(Func<IRedisConnection, Awaitable<T>> call, string words, string reply, T value, bool reads = false) =>
        RedisRow.Of(call, words, reply, value, reads);

    private static RedisRow Row<T>(Func<IRedisConnection, Awaitable<IReadOnlyList<T>>> call, string words, string reply, T[] value, bool reads = false) =>
        RedisRow.Of(call, words, reply, value, reads);

    private static RedisRow Row<T>(Func<IRedisConnection, Awaitable<IReadOnlySet<T>>> call, string words, string reply, HashSet<T> value, bool reads = false) =>
        RedisRow.Of(call, words, reply, value, reads);

    private static RedisRow Row(
        Func<IRedisConnection, Awaitable<IReadOnlyDictionary<Bytes, Bytes>>> call, string words, string reply, Dictionary<Bytes, Bytes> value, bool reads = false) =>
        RedisRow.Of(call, words, reply, value, reads);
}
