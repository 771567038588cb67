using System.Globalization;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Sequences that are asked for page by page, and scripts that are sent once.</summary>
public class RedisSequenceTests
{
    private World _world = null!;
    private RedisStub _server = null!;
    private RedisClient _redis = null!;
    private List<string> _asked = null!;

    [SetUp]
    public void Begin()
    {
        _world = new World();
        _server = new RedisStub(_world);
        _redis = _server.Client();
        _asked = [];
        _server.Answers = command => command.StartsWith("SCAN ", StringComparison.Ordinal) ? Page(command) : null;
    }

    [TearDown]
    public void End()
    {
        _redis.Dispose();
        _server.Dispose();
        _world.Dispose();
    }

    [Test]
    public void All_pages_are_one_sequence()
    {
        var keys = _world.Watch(_redis.Scan("k*", pageSize: 3));
        Assert.That(_asked, Is.EqualTo(new[] { "SCAN 0 MATCH k* COUNT 3", "SCAN 1 MATCH k* COUNT 3", "SCAN 2 MATCH k* COUNT 3", "SCAN 3 MATCH k* COUNT 3" }));
        Assert.That((keys.Values.Count, keys.IsCompleted, $"{keys.Values[0]}"), Is.EqualTo((12, true, "0.0")));
    }

    [Test]
    public void Who_has_enough_asks_no_further()
    {
        Assert.That(_world.Watch(_redis.Scan().Take(4)).Values, Has.Count.EqualTo(4));
        Assert.That(_asked, Has.Count.EqualTo(2));
    }

    [Test]
    public void No_page_is_asked_for_before_all_of_the_last_was_taken()
    {
        var taken = new List<string>();
        var loop = _world.Hub.Fork(async () =>
        {
            await foreach (var key in _redis.Scan().ReadAllAsync(1))
            {
                taken.Add($"{key}");
                await _world.Hub.Sleep(TimeSpan.FromSeconds(1));
            }
        });
        _world.Passes(1.5);
        Assert.That((_asked.Count, taken.Count), Is.EqualTo((1, 2)));
        _world.Passes(60);
        Assert.That((_asked.Count, taken.Count), Is.EqualTo((4, 12)));
    }

    [Test]
    public void A_loop_that_stops_asks_no_further()
    {
        _world.Runs(async () =>
        {
            await foreach (var key in _redis.Scan().ReadAllAsync(1).Take(4))
            {
                await _world.Hub.Sleep(TimeSpan.FromSeconds(1));
            }
        });
        _world.Passes(60);
        Assert.That(_asked, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_page_that_is_refused_ends_the_sequence()
    {
        _server.Answers = command => command == "SCAN 1" ? "-NOPERM no\r\n"u8.ToArray() : command.StartsWith("SCAN ", StringComparison.Ordinal) ? Page(command) : null;
        Assert.That($"{_world.Watch(_redis.Scan())}", Is.EqualTo("0.0 0.1 0.2 #RedisErrorException"));
    }

    [Test]
    public void A_lost_connection_does_not_end_it()
    {
        var isFirst = true;
        _server.Answers = command =>
        {
            if (command == "SCAN 2" && isFirst)
            {
                isFirst = false;
                _server.Connections[0].Abort();
                return [];
            }

            return command.StartsWith("SCAN ", StringComparison.Ordinal) ? Page(command) : null;
        };
        var keys = _world.Watch(_redis.Scan());
        _world.Passes(1);
        Assert.That((keys.Values.Count, keys.IsCompleted), Is.EqualTo((12, true)));
    }

    [Test]
    public void A_stream_goes_on_behind_its_newest_entry()
    {
        _server.Answers = command => command switch
        {
            "XREVRANGE s + - COUNT 1" => Entries("5-1"),
            _ when command.StartsWith("XREAD ", StringComparison.Ordinal) => Read(command),
            _ => null,
        };
        var entries = _world.Watch(_redis.XReadAll("s").Take(4));
        Assert.That(($"{entries}", _asked), Is.EqualTo(("6-0 {a: b} 7-0 {a: b} 8-0 {a: b} 9-0 {a: b} |", new[]
        {
            "XREAD COUNT 100 BLOCK 30000 STREAMS s 5-1", "XREAD COUNT 100 BLOCK 30000 STREAMS s 7-0",
        })));
    }

    [Test]
    public void A_consumer_gets_first_what_it_has_not_acknowledged()
    {
        _server.Answers = command =>
        {
            if (!command.StartsWith("XREADGROUP", StringComparison.Ordinal))
            {
                return null;
            }

            _asked.Add(command[^7..]);
            return command[^3..] switch
            {
                "0-0" => ByKey("1-0", "2-0"),
                "2-0" => ByKey(),
                _ => ByKey($"{_asked.Count}-5"),
            };
        };
        var entries = _world.Watch(_redis.XReadGroupAll("g", "c", "s", pageSize: 2).Take(4).Select(entry => entry.Id));
        Assert.That(($"{entries}", _asked), Is.EqualTo(("1-0 2-0 3-5 4-5 |", new[] { "S s 0-0", "S s 2-0", "AMS s >", "AMS s >" })));
    }

    [Test]
    public void A_script_is_sent_once()
    {
        var script = Script.Of("return 1");
        var isKnown = false;
        _server.Answers = command => command switch
        {
            _ when command.StartsWith("EVALSHA ", StringComparison.Ordinal) => isKnown ? ":1\r\n"u8.ToArray() : "-NOSCRIPT No matching script.\r\n"u8.ToArray(),
            _ when command.StartsWith("EVAL ", StringComparison.Ordinal) => Known(),
            _ => null,
        };
        byte[] Known()
        {
            isKnown = true;
            return ":1\r\n"u8.ToArray();
        }

        for (var n = 0; n < 3; n++)
        {
            Assert.That($"{_world.Watch(script.Run(_redis, reply => reply.ToInt64(), ["k"], "a"))}", Is.EqualTo("1 |"));
        }

        isKnown = false;
        Assert.That($"{_world.Watch(script.Run(_redis, reply => reply.ToInt64()))}", Is.EqualTo("1 |"), "After a restart it is sent again.");
        Assert.That(_server.Heard.Where(heard => heard.StartsWith("EVAL", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 1 k a", "EVAL return 1 1 k a",
            "EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 1 k a", "EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 1 k a",
            "EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0", "EVAL return 1 0",
        }));
    }

    [Test]
    public void A_script_is_sent_whole_within_a_batch()
    {
        var script = Script.Of("return 1", isReadOnly: true);
        _server.Answers = command => command.StartsWith("EVAL_RO", StringComparison.Ordinal) ? ":1\r\n"u8.ToArray() : null;
        Assert.That($"{_world.Watch(_redis.Batch(b => (b.Ping(), script.Run(b, reply => reply.ToInt64()))))}", Is.EqualTo("(PONG, 1) |"));
        Assert.That((_server.Heard[^1], $"{script}", script.Sha1), Is.EqualTo(("EVAL_RO return 1 0", "return 1", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db")));
    }

    // Four pages of three.
    private byte[] Page(string command)
    {
        _asked.Add(command);
        var page = int.Parse(command.Split(' ')[1], CultureInfo.InvariantCulture);
        return $"*2\r\n$1\r\n{(page + 1) % 4}\r\n*3\r\n$3\r\n{page}.0\r\n$3\r\n{page}.1\r\n$3\r\n{page}.2\r\n".ToBytes().ToArray();
    }

    private byte[] Read(string command)
    {
        _asked.Add(command);
        var after = int.Parse(command.Split(' ')[^1].Split('-')[0], CultureInfo.InvariantCulture);
        return ByKey($"{after + 1}-0", $"{after + 2}-0");
    }

    private static byte[] ByKey(params string[] ids) => $"*1\r\n*2\r\n$1\r\ns\r\n{((ReadOnlyMemory<byte>)Entries(ids)).ToText()}".ToBytes().ToArray();

    private static byte[] Entries(params string[] ids) =>
        $"*{ids.Length}\r\n{string.Concat(ids.Select(id => $"*2\r\n$3\r\n{id}\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n"))}".ToBytes().ToArray();
}
