using System.Diagnostics;
using System.Globalization;
using System.Text;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>The same commands through redis-cli, which must print what our client read.</summary>
[TestFixture(RespVersion.Resp2)]
[TestFixture(RespVersion.Resp3)]
public class RedisCliTests(RespVersion version)
{
    private const string Program = "/usr/bin/redis-cli";
    private const string Mark = "--- next ---";

    [Test]
    public void Redis_cli_reads_the_same()
    {
        SampleTool.Require(Program, "redis-tools");
        using var server = RedisServer.Start();
        using var live = new Live();
        using var redis = new RedisClient(server.Uri(), new() { Protocol = version }, live.Hub);
        var commands = Commands.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.That(commands.Select(command => command.Split(' ')[0]).Distinct().Count(), Is.GreaterThanOrEqualTo(140));
        Assert.That(commands, Has.Length.GreaterThanOrEqualTo(150));
        var theirs = Cli(server.Port, commands);
        live.Await(redis.Batch(b =>
        {
            b.FlushAll();
            b.ScriptFlush();
            b.FunctionFlush();
        }));
        var ours = commands.Select(command => Ask(live, redis, command)).ToArray();
        Assert.That(theirs, Has.Length.EqualTo(ours.Length));
        Assert.That(ours.Zip(commands, (reply, command) => $"{command}\n{reply}").ToArray(), Is.EqualTo(theirs.Zip(commands, (reply, command) => $"{command}\n{Shortest(reply)}").ToArray()));
    }

    private static string Ask(Live live, RedisClient redis, string command)
    {
        var words = Words(command);
        try
        {
            return Shown(live.Await(redis.Command(words[0], [.. words[1..].Select(word => (Bytes)word)])), "").TrimEnd('\n');
        }
        catch (RedisErrorException no)
        {
            return $"(error) {no.Message}";
        }
    }

    // The server sends more digits of a double than it has.
    private static string Shortest(string reply) => System.Text.RegularExpressions.Regex.Replace(
        reply, @"\(double\) (-?[\d.e+-]+)", match => $"(double) {((Bytes)match.Groups[1].Value).ToDouble().ToString(CultureInfo.InvariantCulture)}");

    // Words between spaces; in double quotes there may be spaces.
    private static string[] Words(string command) =>
        [.. System.Text.RegularExpressions.Regex.Matches(command, "\"([^\"]*)\"|(\\S+)").Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Value)];

    private string[] Cli(int port, string[] commands)
    {
        using var cli = Process.Start(new ProcessStartInfo(Program, ["-p", $"{port}", "--no-raw", .. version == RespVersion.Resp3 ? new[] { "-3" } : []])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var output = cli.StandardOutput.ReadToEndAsync();
        foreach (var command in commands)
        {
            cli.StandardInput.WriteLine(command);
            cli.StandardInput.WriteLine($"ECHO \"{Mark}\"");
        }

        cli.StandardInput.Close();
        Assert.That(cli.WaitForExit(Live.Patience), Is.True);
        return [.. output.Result.Split($"\"{Mark}\"\n")[..^1].Select(reply => reply.TrimEnd('\n'))];
    }

    // As redis-cli prints on a terminal.
    private static string Shown(RespValue value, string indent) => value.Kind switch
    {
        RespKind.Null => "(nil)\n",
        RespKind.Integer => $"(integer) {value.ToInt64()}\n",
        RespKind.Double => $"(double) {value.ToText()}\n",
        RespKind.Boolean => value.ToBoolean() ? "(true)\n" : "(false)\n",
        RespKind.Error or RespKind.BulkError => $"(error) {value.ToException()!.Message}\n",
        RespKind.SimpleString or RespKind.Verbatim => $"{value.ToText()}\n",
        RespKind.Array => Several(value, indent, ')', "(empty array)\n"),
        RespKind.Set => Several(value, indent, '~', "(empty set)\n"),
        RespKind.Map => Several(value, indent, '#', "(empty hash)\n"),
        _ => $"{Quoted(value.ToBytes().Span)}\n",
    };

    private static string Several(RespValue value, string indent, char sign, string empty)
    {
        var items = value.Items;
        var step = value.Kind == RespKind.Map ? 2 : 1;
        if (items.Length == 0)
        {
            return empty;
        }

        var text = new StringBuilder();
        var width = (items.Length / step).ToString(CultureInfo.InvariantCulture).Length;
        var further = indent + new string(' ', width + 2);
        for (var i = 0; i < items.Length; i += step)
        {
            text.Append(i == 0 ? "" : indent).Append(CultureInfo.InvariantCulture, $"{((i / step) + 1).ToString(CultureInfo.InvariantCulture).PadLeft(width)}{sign} ");
            text.Append(step == 2 ? $"{Shown(items[i], further).TrimEnd('\n')} => {Below(Shown(items[i + 1], further), further)}" : Shown(items[i], further));
        }

        return text.ToString();
    }

    // What takes several lines begins on one of its own.
    private static string Below(string shown, string indent) => shown.TrimEnd('\n').Contains('\n', StringComparison.Ordinal) ? $"\n{indent}{shown}" : shown;

    private static string Quoted(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (var one in bytes)
        {
            text.Append(one switch
            {
                (byte)'"' => "\\\"",
                (byte)'\\' => "\\\\",
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'\t' => "\\t",
                7 => "\\a",
                8 => "\\b",
                >= 32 and < 127 => ((char)one).ToString(),
                _ => $"\\x{one:x2}",
            });
        }

        return text.Append('"').ToString();
    }

    private const string Commands = """
        PING
        ECHO "a b"
        SET s hello
        GET s
        GET none
        APPEND s " world"
        STRLEN s
        GETRANGE s 0 4
        SUBSTR s 0 4
        SETRANGE s 6 there
        SET s v NX
        SET s v XX GET
        SETNX s w
        SETNX s2 w
        SETEX s3 100 w
        PSETEX s4 100000 w
        TTL s
        PTTL none
        PERSIST s3
        TTL s3
        EXPIRE s3 100 XX
        EXPIREAT s3 4000000000
        EXPIRETIME s3
        PEXPIREAT s3 4000000000123
        PEXPIRETIME s3
        PEXPIRE none 1
        GETEX s3 PERSIST
        GETDEL s4
        GETSET s2 x
        MSET a 1 b 2
        MGET a b c
        MSETNX a 1 z 2
        INCR a
        INCRBY a 10
        INCRBYFLOAT a 0.5
        DECR b
        DECRBY b 5
        INCR s
        LCS s s2
        LCS a b IDX
        EXISTS a b c
        TYPE a
        TOUCH a b
        OBJECT ENCODING b
        OBJECT REFCOUNT none
        RENAME a a2
        RENAMENX a2 b
        COPY a2 a3
        MOVE a3 1
        DEL a2 none
        UNLINK b
        RPUSH l a b c a
        LPUSH l z
        LPUSHX none z
        RPUSHX l y
        LRANGE l 0 -1
        LRANGE none 0 -1
        LLEN l
        LINDEX l 1
        LINSERT l BEFORE b x
        LPOS l a COUNT 0
        LPOS l none
        LSET l 0 zz
        LREM l 1 a
        LTRIM l 0 3
        LMOVE l m LEFT RIGHT
        RPOPLPUSH l m
        LMPOP 2 none m LEFT COUNT 2
        LPOP l 2
        RPOP l
        RPOP none
        LPOP s
        HSET h f 1 g 2
        HMSET h i 3
        HSETNX h f 2
        HGET h f
        HGET h none
        HMGET h f none
        HGETALL h
        HGETALL none
        HKEYS h
        HVALS h
        HLEN h
        HEXISTS h f
        HSTRLEN h f
        HINCRBY h f 5
        HINCRBYFLOAT h f 0.25
        HDEL h g
        HRANDFIELD none
        HSCAN h 0
        SADD t 1 2 3
        SADD u 2 3 4
        SCARD t
        SISMEMBER t 1
        SMISMEMBER t 1 9
        SMEMBERS t
        SINTER t u
        SINTERCARD 2 t u
        SINTERSTORE v t u
        SUNION t u
        SUNIONSTORE v t u
        SDIFF t u
        SDIFFSTORE v t u
        SMOVE t u 1
        SREM u 1
        SPOP none
        SRANDMEMBER none
        SSCAN u 0
        SMEMBERS none
        ZADD q 1 a 2.5 b inf c
        ZADD q XX CH 2 a
        ZADD q INCR 1 a
        ZCARD q
        ZSCORE q b
        ZSCORE q c
        ZSCORE q none
        ZMSCORE q a none
        ZRANK q b
        ZREVRANK q b
        ZRANK q none
        ZCOUNT q -inf +inf
        ZRANGE q 0 -1 WITHSCORES
        ZRANGE q 0 -1 REV
        ZREVRANGE q 0 0
        ZRANGEBYSCORE q 1 3
        ZREVRANGEBYSCORE q 3 1 WITHSCORES
        ZINCRBY q 0.5 b
        ZADD y 0 a 0 b 0 c
        ZRANGEBYLEX y [a (c
        ZREVRANGEBYLEX y + -
        ZLEXCOUNT y - +
        ZUNION 2 q y WITHSCORES
        ZUNIONSTORE w 2 q y
        ZINTER 2 q y
        ZINTERCARD 2 q y
        ZINTERSTORE w 2 q y WEIGHTS 1 2
        ZDIFF 2 q none WITHSCORES
        ZDIFFSTORE w 2 q none
        ZRANGESTORE w q 0 1
        ZPOPMIN w
        ZPOPMAX w 5
        ZPOPMIN none
        ZMPOP 1 y MIN
        ZREM y b
        ZREMRANGEBYLEX y - +
        ZREMRANGEBYRANK q 0 0
        ZREMRANGEBYSCORE q 0 1
        ZRANDMEMBER none
        ZSCAN q 0
        SETBIT bits 7 1
        GETBIT bits 7
        BITCOUNT bits
        BITPOS bits 1
        BITOP NOT bits2 bits
        GET bits2
        BITFIELD bits SET u8 0 200 INCRBY u8 0 100
        BITFIELD_RO bits GET u8 0
        PFADD p a b c
        PFCOUNT p
        PFMERGE p2 p
        GEOADD geo 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
        GEODIST geo Palermo Catania KM
        GEOHASH geo Palermo none
        GEOPOS geo Palermo none
        GEOSEARCH geo FROMLONLAT 15 37 BYRADIUS 200 KM ASC WITHDIST
        GEOSEARCHSTORE geo2 geo FROMMEMBER Palermo BYBOX 400 400 KM
        GEORADIUS geo 15 37 200 km ASC
        XADD x 1-1 f v g w
        XADD x 2-1 f v
        XADD x 1-1 f v
        XLEN x
        XRANGE x - +
        XREVRANGE x + - COUNT 1
        XREAD COUNT 1 STREAMS x 0
        XREAD STREAMS x $
        XGROUP CREATE x g 0
        XGROUP CREATECONSUMER x g c
        XREADGROUP GROUP g c COUNT 1 STREAMS x >
        XPENDING x g
        XACK x g 1-1
        XAUTOCLAIM x g c 0 0
        XCLAIM x g c 0 2-1
        XSETID x 9-9
        XDEL x 1-1
        XTRIM x MAXLEN 1
        XINFO GROUPS x
        XINFO NONE x
        SORT t
        SORT t DESC LIMIT 0 1
        SORT_RO l ALPHA
        EVAL "return {1, 'a', {2, 3}, false, redis.status_reply('fine')}" 0
        EVAL "return redis.error_reply('MY no')" 0
        EVAL_RO "return KEYS[1]" 1 a
        EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
        EVALSHA_RO e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
        SCRIPT LOAD "return 1"
        SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db ffff
        FUNCTION LIST
        FCALL none 0
        FCALL_RO none 0
        PUBLISH ch m
        SPUBLISH ch m
        PUBSUB CHANNELS
        PUBSUB NUMSUB a
        ACL WHOAMI
        ACL DRYRUN default get a
        CLIENT GETNAME
        CLIENT GETREDIR
        CONFIG GET maxmemory
        COMMAND COUNT
        COMMAND INFO get
        COMMAND GETKEYS MGET a b
        COMMAND GETKEYSANDFLAGS SET a b
        LATENCY LATEST
        MEMORY USAGE none
        OBJECT HELP
        ROLE
        SWAPDB 0 0
        DBSIZE
        KEYS geo2
        SCAN 0 MATCH none
        FLUSHDB
        RANDOMKEY
        DUMP none
        RESTORE r 0 garbage
        MODULE LIST
        NONE a b
        GET
        """;
}
