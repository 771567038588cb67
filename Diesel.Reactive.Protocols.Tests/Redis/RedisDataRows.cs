using Diesel.Reactive.Protocols.Redis;
using static Diesel.Reactive.Tests.RedisRow;

namespace Diesel.Reactive.Tests;

/// <summary>Bits, counts, places, ranges, sorting, scripts, and what waits.</summary>
internal static class RedisDataRows
{
    private const string Ok = "+OK\r\n";
    private const string One = ":1\r\n";
    private const string V = "$1\r\nv\r\n";
    private const string Nil = "_\r\n";
    private const string Ab = "*2\r\n$1\r\na\r\n$1\r\nb\r\n";
    private const string Place = "*2\r\n$4\r\n13.5\r\n$2\r\n38\r\n";
    private const string Scores3 = "*2\r\n*2\r\n$1\r\na\r\n,1\r\n*2\r\n$1\r\nb\r\n,2.5\r\n";
    private const string PageOfA = "*2\r\n$1\r\n0\r\n*1\r\n$1\r\na\r\n";
    private const string Popped = "*2\r\n$1\r\nk\r\n*1\r\n$1\r\nv\r\n";
    private const string KeyAndScore = "*3\r\n$1\r\nk\r\n$1\r\na\r\n$3\r\n1.5\r\n";

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(1.5);
    private static readonly GeoPosition Catania = new(15.087269, 37.502669);

    public static readonly RedisRow[] All =
    [
        Says(r => r.BitCount("k"), "BITCOUNT k", One, "1", reads: true),
        Says(r => r.BitCount("k", 1, -1), "BITCOUNT k 1 -1 BYTE", One, "1", reads: true),
        Says(r => r.BitCount("k", 5, 30, bits: true), "BITCOUNT k 5 30 BIT", One, "1", reads: true),
        Says(
            r => r.BitField("k", BitField.Get("u8", 0), BitField.Set("i5", "#1", -3, BitOverflow.Sat), BitField.IncrBy("u2", 100, 1, BitOverflow.Fail)),
            "BITFIELD k GET u8 0 OVERFLOW SAT SET i5 #1 -3 OVERFLOW FAIL INCRBY u2 100 1", "*3\r\n:1\r\n:0\r\n_\r\n", "[1, 0, null]"),
        Says(r => r.BitField("k", BitField.IncrBy("u8", 0, 1)), "BITFIELD k OVERFLOW WRAP INCRBY u8 0 1", "*1\r\n:1\r\n", "[1]"),
        Says(r => r.BitFieldRo("k", BitField.Get("u8", 0)), "BITFIELD_RO k GET u8 0", "*1\r\n:1\r\n", "[1]", reads: true),
        Says(r => r.BitOp(BitOperation.Xor, "d", "k", "l"), "BITOP XOR d k l", One, "1"),
        Says(r => r.BitPos("k", bit: true), "BITPOS k 1", One, "1", reads: true),
        Says(r => r.BitPos("k", bit: false, 1), "BITPOS k 0 1 -1 BYTE", ":-1\r\n", "-1", reads: true),
        Says(r => r.BitPos("k", bit: true, 7, 15, bits: true), "BITPOS k 1 7 15 BIT", One, "1", reads: true),
        Says(r => r.GetBit("k", 7), "GETBIT k 7", One, "true", reads: true),
        Says(r => r.SetBit("k", 7, bit: true), "SETBIT k 7 1", ":0\r\n", "false"),

        Says(r => r.PfAdd("k", "a", "b"), "PFADD k a b", One, "true"),
        Says(r => r.PfCount("k", "l"), "PFCOUNT k l", One, "1", reads: true),
        Says(r => r.PfMerge("d", "k", "l"), "PFMERGE d k l", Ok, "()"),

        Says(r => r.GeoAdd("k", Catania, "a"), "GEOADD k 15.087269 37.502669 a", One, "true"),
        Says(r => r.GeoAdd("k", When.NotExists, countChanged: true, ("a", Catania)), "GEOADD k NX CH 15.087269 37.502669 a", One, "1"),
        Says(r => r.GeoAdd("k", When.Exists, countChanged: false, ("a", Catania)), "GEOADD k XX 15.087269 37.502669 a", One, "1"),
        Says(r => r.GeoDist("k", "a", "b", GeoUnit.Kilometers), "GEODIST k a b KM", "$3\r\n1.5\r\n", "1.5", reads: true),
        Says(r => r.GeoDist("k", "a", "b"), "GEODIST k a b M", Nil, "null", reads: true),
        Says(r => r.GeoDist("k", "a", "b", GeoUnit.Miles), "GEODIST k a b MI", Nil, "null", reads: true),
        Says(r => r.GeoDist("k", "a", "b", GeoUnit.Feet), "GEODIST k a b FT", Nil, "null", reads: true),
        Says(r => r.GeoHash("k", "a", "b"), "GEOHASH k a b", "*2\r\n$1\r\nv\r\n_\r\n", "[v, null]", reads: true),
        Says(r => r.GeoPos("k", "a", "b"), "GEOPOS k a b", $"*2\r\n{Place}_\r\n", "[{13.5 38}, null]", reads: true),
        Says(
            r => r.GeoSearch("k", GeoArea.Circle("a", 5, GeoUnit.Kilometers), new() { Count = 3, Any = true, NearestFirst = true }),
            "GEOSEARCH k FROMMEMBER a BYRADIUS 5 KM ASC COUNT 3 ANY", Ab, "[a, b]", reads: true),
        Says(
            r => r.GeoSearch("k", GeoArea.Box(Catania, 5, 6, GeoUnit.Miles), new() { NearestFirst = false }),
            "GEOSEARCH k FROMLONLAT 15.087269 37.502669 BYBOX 5 6 MI DESC", Ab, "[a, b]", reads: true),
        Says(r => r.GeoSearch("k", GeoArea.Box("a", 5, 6)), "GEOSEARCH k FROMMEMBER a BYBOX 5 6 M", Ab, "[a, b]", reads: true),
        Says(
            r => r.GeoSearchWithPlaces("k", GeoArea.Circle(Catania, 5, GeoUnit.Feet)), "GEOSEARCH k FROMLONLAT 15.087269 37.502669 BYRADIUS 5 FT WITHCOORD WITHDIST WITHHASH",
            $"*1\r\n*4\r\n$1\r\na\r\n$3\r\n1.5\r\n:77\r\n{Place}", "[{a 1.5 {13.5 38} 77}]", reads: true),
        Says(
            r => r.GeoSearchStore("d", "k", GeoArea.Circle("a", 5), new() { Count = 1, NearestFirst = true }), "GEOSEARCHSTORE d k FROMMEMBER a BYRADIUS 5 M ASC COUNT 1", One, "1"),
        Says(
            r => r.GeoSearchStore("d", "k", GeoArea.Box(Catania, 1, 2, GeoUnit.Kilometers), new() { Count = 1, Any = true, NearestFirst = false }, distances: true),
            "GEOSEARCHSTORE d k FROMLONLAT 15.087269 37.502669 BYBOX 1 2 KM DESC COUNT 1 ANY STOREDIST", One, "1"),
        Says(r => r.GeoSearchStore("d", "k", GeoArea.Circle("a", 5, GeoUnit.Feet)), "GEOSEARCHSTORE d k FROMMEMBER a BYRADIUS 5 FT", One, "1"),
        Says(r => r.GeoSearchStore("d", "k", GeoArea.Circle("a", 5, GeoUnit.Miles)), "GEOSEARCHSTORE d k FROMMEMBER a BYRADIUS 5 MI", One, "1"),

        Says(r => r.ZInter(new ZAggregateOptions { Weights = [2, 0.5] }, "k", "l"), "ZINTER 2 k l WEIGHTS 2 0.5 AGGREGATE SUM WITHSCORES", Scores3, "[{a 1}, {b 2.5}]", reads: true),
        Says(r => r.ZInter(ScoreAggregate.Min, "k"), "ZINTER 1 k AGGREGATE MIN WITHSCORES", Scores3, "[{a 1}, {b 2.5}]", reads: true),
        Says(r => r.ZInter(ScoreAggregate.Max, "k"), "ZINTER 1 k AGGREGATE MAX WITHSCORES", Scores3, "[{a 1}, {b 2.5}]", reads: true),
        Says(r => r.ZInterStore("d", new ZAggregateOptions { Weights = [2], Aggregate = ScoreAggregate.Max }, "k"), "ZINTERSTORE d 1 k WEIGHTS 2 AGGREGATE MAX", One, "1"),
        Says(r => r.ZInterStore("d", ScoreAggregate.Min, "k"), "ZINTERSTORE d 1 k AGGREGATE MIN", One, "1"),
        Says(r => r.ZInterStore("d", ScoreAggregate.Sum, "k"), "ZINTERSTORE d 1 k AGGREGATE SUM", One, "1"),
        Says(r => r.ZUnion(new ZAggregateOptions { Weights = [2] }, "k"), "ZUNION 1 k WEIGHTS 2 AGGREGATE SUM WITHSCORES", Scores3, "[{a 1}, {b 2.5}]", reads: true),
        Says(r => r.ZUnion(ScoreAggregate.Min, "k"), "ZUNION 1 k AGGREGATE MIN WITHSCORES", Scores3, "[{a 1}, {b 2.5}]", reads: true),
        Says(r => r.ZUnion(ScoreAggregate.Max, "k"), "ZUNION 1 k AGGREGATE MAX WITHSCORES", Scores3, "[{a 1}, {b 2.5}]", reads: true),
        Says(r => r.ZUnionStore("d", new ZAggregateOptions { Weights = [2], Aggregate = ScoreAggregate.Max }, "k"), "ZUNIONSTORE d 1 k WEIGHTS 2 AGGREGATE MAX", One, "1"),
        Says(r => r.ZUnionStore("d", ScoreAggregate.Min, "k"), "ZUNIONSTORE d 1 k AGGREGATE MIN", One, "1"),
        Says(r => r.ZUnionStore("d", ScoreAggregate.Sum, "k"), "ZUNIONSTORE d 1 k AGGREGATE SUM", One, "1"),
        Says(r => r.ZLexCount("k"), "ZLEXCOUNT k - +", One, "1", reads: true),
        Says(r => r.ZLexCount("k", new("a", "b", withoutMax: true)), "ZLEXCOUNT k [a (b", One, "1", reads: true),
        Says(r => r.ZRangeByLex("k", new("a", null)), "ZRANGE k [a + BYLEX LIMIT 0 -1", Ab, "[a, b]", reads: true),
        Says(r => r.ZRangeByLex("k", new(null, "b"), reversed: true, 1, 2), "ZRANGE k [b - BYLEX REV LIMIT 1 2", Ab, "[a, b]", reads: true),
        Says(r => r.ZRangeStore("d", "k", 1, 2, reversed: true), "ZRANGESTORE d k 1 2 REV", One, "1"),
        Says(r => r.ZRangeStoreByScore("d", "k", new(1, 2)), "ZRANGESTORE d k 1 2 BYSCORE LIMIT 0 -1", One, "1"),
        Says(r => r.ZRangeStoreByLex("d", "k", new("a", "b")), "ZRANGESTORE d k [a [b BYLEX LIMIT 0 -1", One, "1"),
        Says(r => r.ZRemRangeByLex("k", new("a", "b", withoutMin: true)), "ZREMRANGEBYLEX k (a [b", One, "1"),

        Says(r => r.Sort("k"), "SORT k ASC", Ab, "[a, b]"),
        Says(
            r => r.Sort("k", new() { By = "w*", Get = ["#", "o*"], Skip = 1, Count = 2, Descending = true, Alpha = true }), "SORT k BY w* LIMIT 1 2 GET # GET o* DESC ALPHA", "*2\r\n$1\r\nv\r\n_\r\n", "[v, null]"),
        Says(
            r => r.SortRo("k", new() { By = "w*", Get = ["#"], Count = 2, Descending = true, Alpha = true }), "SORT_RO k BY w* LIMIT 0 2 GET # DESC ALPHA", Ab, "[a, b]", reads: true),
        Says(r => r.SortRo("k"), "SORT_RO k ASC", Ab, "[a, b]", reads: true),
        Says(r => r.SortStore("k", "d", new() { Alpha = true }), "SORT k ASC ALPHA STORE d", One, "1"),

        Says(r => r.Scan("u*", "string", 5).ToAwaitable(), "SCAN 0 MATCH u* COUNT 5 TYPE string", PageOfA, "a", reads: true),
        Says(r => r.HScan("k", "f*", 5).ToAwaitable(), "HSCAN k 0 MATCH f* COUNT 5", $"*2\r\n$1\r\n0\r\n{Ab}", "{a b}", reads: true),
        Says(r => r.SScan("k", "f*", 5).ToAwaitable(), "SSCAN k 0 MATCH f* COUNT 5", PageOfA, "a", reads: true),
        Says(r => r.ZScan("k", "f*", 5).ToAwaitable(), "ZSCAN k 0 MATCH f* COUNT 5", "*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n", "{a 1}", reads: true),

        Says(r => r.Eval("return 1", ["k"], "a"), "EVAL return 1 1 k a", One, "1"),
        Says(r => r.EvalRo("return 1"), "EVAL_RO return 1 0", One, "1", reads: true),
        Says(r => r.EvalSha("e0e1f9fabfc9d4800c877a703b823ac0578ff8db", ["k"], "a"), "EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 1 k a", One, "1"),
        Says(r => r.EvalShaRo("e0e1f9fabfc9d4800c877a703b823ac0578ff8db"), "EVALSHA_RO e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0", One, "1", reads: true),
        Says(r => r.ScriptExists("e0", "e1"), "SCRIPT EXISTS e0 e1", "*2\r\n:1\r\n:0\r\n", "[true, false]", reads: true),
        Says(r => r.ScriptFlush(), "SCRIPT FLUSH SYNC", Ok, "()"),
        Says(r => r.ScriptFlush(wait: false), "SCRIPT FLUSH ASYNC", Ok, "()"),
        Says(r => r.ScriptKill(), "SCRIPT KILL", Ok, "()"),
        Says(r => r.ScriptLoad("return 1"), "SCRIPT LOAD return 1", V, "v"),
        Says(r => r.FCall("f", ["k"], "a"), "FCALL f 1 k a", One, "1"),
        Says(r => r.FCallRo("f"), "FCALL_RO f 0", One, "1", reads: true),
        Says(r => r.FunctionDelete("lib"), "FUNCTION DELETE lib", Ok, "()"),
        Says(r => r.FunctionDump(), "FUNCTION DUMP", V, "v", reads: true),
        Says(r => r.FunctionFlush(), "FUNCTION FLUSH SYNC", Ok, "()"),
        Says(r => r.FunctionFlush(wait: false), "FUNCTION FLUSH ASYNC", Ok, "()"),
        Says(r => r.FunctionKill(), "FUNCTION KILL", Ok, "()"),
        Says(r => r.FunctionList("l*", withCode: true), "FUNCTION LIST LIBRARYNAME l* WITHCODE", "*1\r\n%1\r\n$1\r\nn\r\n$1\r\nv\r\n", "[[{n v}]]", reads: true),
        Says(r => r.FunctionList(), "FUNCTION LIST", "*0\r\n", "[]", reads: true),
        Says(r => r.FunctionLoad("#!lua name=lib", replace: true), "FUNCTION LOAD REPLACE #!lua name=lib", V, "v"),
        Says(r => r.FunctionRestore("v", FunctionRestorePolicy.Flush), "FUNCTION RESTORE v FLUSH", Ok, "()"),
        Says(r => r.FunctionRestore("v", FunctionRestorePolicy.Replace), "FUNCTION RESTORE v REPLACE", Ok, "()"),
        Says(r => r.FunctionRestore("v"), "FUNCTION RESTORE v APPEND", Ok, "()"),
        Says(r => r.FunctionStats(), "FUNCTION STATS", "%1\r\n$1\r\nn\r\n_\r\n", "[{n (nil)}]", reads: true),

        Says(r => r.BLPop(Span, "j", "k"), "BLPOP j k 1.5", "*2\r\n$1\r\nk\r\n$1\r\nv\r\n", "(k, v)"),
        Says(r => r.BLPop(Timeout.InfiniteTimeSpan, "k"), "BLPOP k 0", Nil, "null"),
        Says(r => r.BLPop(TimeSpan.FromMicroseconds(1), "k"), "BLPOP k 0.001", "*-1\r\n", "null"),
        Says(r => r.BLPop(TimeSpan.Zero, "j", "k"), "LMPOP 2 j k LEFT", Popped, "(k, v)"),
        Says(r => r.BRPop(Span, "k"), "BRPOP k 1.5", "*2\r\n$1\r\nk\r\n$1\r\nv\r\n", "(k, v)"),
        Says(r => r.BRPop(TimeSpan.Zero, "k"), "LMPOP 1 k RIGHT", Nil, "null"),
        Says(r => r.BLMPop(Span, ListEnd.Left, 2, "k"), "BLMPOP 1.5 1 k LEFT COUNT 2", Popped, "(k, [v])"),
        Says(r => r.BLMPop(Span, ListEnd.Right, 2, "k"), "BLMPOP 1.5 1 k RIGHT COUNT 2", Nil, "null"),
        Says(r => r.BLMPop(TimeSpan.Zero, ListEnd.Right, 2, "k"), "LMPOP 1 k RIGHT COUNT 2", Nil, "null"),
        Says(r => r.BLMove("k", "l", Span, ListEnd.Right, ListEnd.Left), "BLMOVE k l RIGHT LEFT 1.5", V, "v"),
        Says(r => r.BLMove("k", "l", TimeSpan.Zero), "LMOVE k l LEFT RIGHT", Nil, "null"),
        Says(r => r.BZPopMax(Span, "k"), "BZPOPMAX k 1.5", KeyAndScore, "(k, {a 1.5})"),
        Says(r => r.BZPopMax(TimeSpan.Zero, "k"), "ZMPOP 1 k MAX", Nil, "null"),
        Says(r => r.BZPopMin(Span, "k"), "BZPOPMIN k 1.5", Nil, "null"),
        Says(r => r.BZPopMin(TimeSpan.Zero, "k"), "ZMPOP 1 k MIN", $"*2\r\n$1\r\nk\r\n{Scores3}", "(k, {a 1})"),
        Says(r => r.BZMPop(Span, highest: true, 2, "k"), "BZMPOP 1.5 1 k MAX COUNT 2", $"*2\r\n$1\r\nk\r\n{Scores3}", "(k, [{a 1}, {b 2.5}])"),
        Says(r => r.BZMPop(Span, highest: false, 2, "k"), "BZMPOP 1.5 1 k MIN COUNT 2", Nil, "null"),
        Says(r => r.BZMPop(TimeSpan.Zero, highest: false, 2, "k"), "ZMPOP 1 k MIN COUNT 2", Nil, "null"),
    ];
}
