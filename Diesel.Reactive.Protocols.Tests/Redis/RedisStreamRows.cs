using Diesel.Reactive.Protocols.Redis;
using static Diesel.Reactive.Tests.RedisRow;

namespace Diesel.Reactive.Tests;

/// <summary>Streams and their groups.</summary>
internal static class RedisStreamRows
{
    private const string Ok = "+OK\r\n";
    private const string One = ":1\r\n";
    private const string Id = "$3\r\n5-1\r\n";
    private const string Entry = $"*2\r\n{Id}*2\r\n$1\r\na\r\n$1\r\nb\r\n";
    private const string Entries = $"*1\r\n{Entry}";
    private const string Shown = "5-1 {a: b}";
    private const string ByKey3 = $"%1\r\n$1\r\nk\r\n{Entries}";
    private const string ByKey2 = $"*1\r\n*2\r\n$1\r\nk\r\n{Entries}";
    private const string Ids = $"*1\r\n{Id}";

    private static readonly StreamId At = new(5, 1);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(1.5);

    public static readonly RedisRow[] All =
    [
        Says(r => r.XAdd("k", ("a", 1), ("b", "x")), "XADD k * a 1 b x", Id, "5-1"),
        Says(r => r.XAdd("k", new XAddOptions { Id = At, OnlyExisting = true }, ("a", 1)), "XADD k NOMKSTREAM 5-1 a 1", "_\r\n", "null"),
        Says(r => r.XAdd("k", StreamTrim.MaxLength(100), ("a", 1)), "XADD k MAXLEN ~ 100 * a 1", Id, "5-1"),
        Says(r => r.XAdd("k", StreamTrim.MaxLength(100, exactly: true), ("a", 1)), "XADD k MAXLEN = 100 * a 1", Id, "5-1"),
        Says(r => r.XAdd("k", StreamTrim.MinId(At, limit: 10), ("a", 1)), "XADD k MINID ~ 5-1 LIMIT 10 * a 1", Id, "5-1"),
        Says(r => r.XDel("k", At, new(6)), "XDEL k 5-1 6-0", One, "1"),
        Says(r => r.XLen("k"), "XLEN k", One, "1", reads: true),
        Says(r => r.XRange("k"), "XRANGE k - +", Entries, $"[{Shown}]", reads: true),
        Says(r => r.XRange("k", At, "(7", 9), "XRANGE k 5-1 (7 COUNT 9", Entries, $"[{Shown}]", reads: true),
        Says(r => r.XRevRange("k", count: 1), "XREVRANGE k + - COUNT 1", Entries, $"[{Shown}]", reads: true),
        Says(r => r.XRead(2, ("k", At), ("l", 0)), "XREAD COUNT 2 STREAMS k l 5-1 0", ByKey3, $"[{{k [{Shown}]}}]", reads: true),
        Says(r => r.XRead(null, ("k", 0)), "XREAD STREAMS k 0", ByKey2, $"[{{k [{Shown}]}}]", reads: true),
        Says(r => r.XRead(Span, 2, ("k", "$")), "XREAD COUNT 2 BLOCK 1500 STREAMS k $", "*-1\r\n", "[]", reads: true),
        Says(r => r.XRead(Timeout.InfiniteTimeSpan, null, ("k", "$")), "XREAD BLOCK 0 STREAMS k $", "_\r\n", "[]", reads: true),
        Says(r => r.XRead(TimeSpan.Zero, null, ("k", 0)), "XREAD STREAMS k 0", "_\r\n", "[]", reads: true),
        Says(r => r.XSetId("k", new(9, 9), 20, At), "XSETID k 9-9 ENTRIESADDED 20 MAXDELETEDID 5-1", Ok, "()"),
        Says(r => r.XSetId("k", new(9, 9)), "XSETID k 9-9", Ok, "()"),
        Says(r => r.XTrim("k", StreamTrim.MaxLength(9, exactly: true)), "XTRIM k MAXLEN = 9", One, "1"),
        Says(r => r.XTrim("k", StreamTrim.MinId(At, limit: 10)), "XTRIM k MINID ~ 5-1 LIMIT 10", One, "1"),
        Says(
            r => r.XInfoStream("k"), "XINFO STREAM k",
            $"*14\r\n$6\r\nlength\r\n:1\r\n$17\r\nlast-generated-id\r\n{Id}$20\r\nmax-deleted-entry-id\r\n$3\r\n0-0\r\n$13\r\nentries-added\r\n:2\r\n$6\r\ngroups\r\n:3\r\n$11\r\nfirst-entry\r\n{Entry}$10\r\nlast-entry\r\n_\r\n",
            $"{{1 5-1 0-0 2 3 {Shown} null}}", reads: true),
        Says(r => r.XInfoStreamFull("k", 5), "XINFO STREAM k FULL COUNT 5", "%1\r\n$6\r\nlength\r\n:1\r\n", "[{length 1}]", reads: true),

        Says(r => r.XAck("k", "g", At), "XACK k g 5-1", One, "1"),
        Says(r => r.XAutoClaim("k", "g", "c", Span, At, 7), "XAUTOCLAIM k g c 1500 5-1 COUNT 7", $"*3\r\n$3\r\n0-0\r\n{Entries}{Ids}", $"{{0-0 [{Shown}] [5-1]}}"),
        Says(r => r.XAutoClaimJustId("k", "g", "c", Span), "XAUTOCLAIM k g c 1500 0-0 JUSTID", $"*3\r\n$3\r\n0-0\r\n{Ids}*0\r\n", "(0-0, [5-1])"),
        Says(
            r => r.XClaim("k", "g", "c", Span, new() { Idle = Span, Deliveries = 3, Force = true, LastId = At }, At),
            "XCLAIM k g c 1500 5-1 IDLE 1500 RETRYCOUNT 3 FORCE LASTID 5-1", Entries, $"[{Shown}]"),
        Says(
            r => r.XClaimJustId("k", "g", "c", Span, new() { IdleSince = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123) }, At, new(6)),
            "XCLAIM k g c 1500 5-1 6-0 TIME 1700000000123 JUSTID", Ids, "[5-1]"),
        Says(r => r.XGroupCreate("k", "g"), "XGROUP CREATE k g $", Ok, "()"),
        Says(r => r.XGroupCreate("k", "h", StreamId.Zero, makeStream: true, entriesRead: 0), "XGROUP CREATE k h 0-0 MKSTREAM ENTRIESREAD 0", Ok, "()"),
        Says(r => r.XGroupCreateConsumer("k", "g", "c"), "XGROUP CREATECONSUMER k g c", One, "true"),
        Says(r => r.XGroupDelConsumer("k", "g", "c"), "XGROUP DELCONSUMER k g c", One, "1"),
        Says(r => r.XGroupDestroy("k", "g"), "XGROUP DESTROY k g", One, "true"),
        Says(r => r.XGroupSetId("k", "g"), "XGROUP SETID k g $", Ok, "()"),
        Says(r => r.XGroupSetId("k", "g", At, 3), "XGROUP SETID k g 5-1 ENTRIESREAD 3", Ok, "()"),
        Says(r => r.XInfoConsumers("k", "g"), "XINFO CONSUMERS k g", "*1\r\n*6\r\n$4\r\nname\r\n$1\r\nc\r\n$7\r\npending\r\n:1\r\n$4\r\nidle\r\n:90\r\n", "[{c 1 90ms}]", reads: true),
        Says(
            r => r.XInfoGroups("k"), "XINFO GROUPS k",
            $"*1\r\n%6\r\n$4\r\nname\r\n$1\r\ng\r\n$9\r\nconsumers\r\n:2\r\n$7\r\npending\r\n:1\r\n$17\r\nlast-delivered-id\r\n{Id}$12\r\nentries-read\r\n:9\r\n$3\r\nlag\r\n_\r\n", "[{g 2 1 5-1 9 null}]", reads: true),
        Says(r => r.XPending("k", "g"), "XPENDING k g", $"*4\r\n:1\r\n{Id}{Id}*1\r\n*2\r\n$1\r\nc\r\n$1\r\n1\r\n", "{1 5-1 5-1 [{c 1}]}", reads: true),
        Says(r => r.XPending("k", "g"), "XPENDING k g", "*4\r\n:0\r\n$-1\r\n$-1\r\n*-1\r\n", "{0 null null []}", reads: true),
        Says(r => r.XPending("k", "g", 10, minIdle: Span), "XPENDING k g IDLE 1500 - + 10", $"*1\r\n*4\r\n{Id}$1\r\nc\r\n:90\r\n:2\r\n", "[{5-1 c 90ms 2}]", reads: true),
        Says(r => r.XPending("k", "g", 10, At, At, "c"), "XPENDING k g 5-1 5-1 10 c", "*0\r\n", "[]", reads: true),
        Says(r => r.XReadGroup("g", "c", 2, noAck: true, ("k", ">")), "XREADGROUP GROUP g c COUNT 2 NOACK STREAMS k >", ByKey3, $"[{{k [{Shown}]}}]"),
        Says(r => r.XReadGroup("g", "c", null, noAck: false, ("k", 0)), "XREADGROUP GROUP g c STREAMS k 0", $"*1\r\n*2\r\n$1\r\nk\r\n*1\r\n*2\r\n{Id}*-1\r\n", "[{k [5-1 {}]}]"),
        Says(r => r.XReadGroup("g", "c", Span, 2, noAck: false, ("k", ">")), "XREADGROUP GROUP g c COUNT 2 BLOCK 1500 STREAMS k >", "_\r\n", "[]"),
        Says(r => r.XReadGroup("g", "c", TimeSpan.Zero, 2, noAck: false, ("k", ">")), "XREADGROUP GROUP g c COUNT 2 STREAMS k >", "_\r\n", "[]"),
    ];
}
