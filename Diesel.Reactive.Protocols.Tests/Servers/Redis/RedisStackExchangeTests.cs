using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;
using Theirs = StackExchange.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>StackExchange.Redis reads what we wrote, and the reverse, in each version of the protocol on each side.</summary>
[TestFixture(RespVersion.Resp2, RespVersion.Resp2)]
[TestFixture(RespVersion.Resp2, RespVersion.Resp3)]
[TestFixture(RespVersion.Resp3, RespVersion.Resp2)]
[TestFixture(RespVersion.Resp3, RespVersion.Resp3)]
public class RedisStackExchangeTests(RespVersion ours, RespVersion theirs) : RedisFixture(ours)
{
    private static readonly byte[] All = [.. Enumerable.Range(0, 256).Select(one => (byte)one)];

    private Theirs.ConnectionMultiplexer _multiplexer = null!;
    private Theirs.IDatabase _db = null!;

    [OneTimeSetUp]
    public void Connect()
    {
        var options = Theirs.ConfigurationOptions.Parse($"127.0.0.1:{Server.Port}");
        options.Protocol = theirs == RespVersion.Resp3 ? Theirs.RedisProtocol.Resp3 : Theirs.RedisProtocol.Resp2;
        _multiplexer = Theirs.ConnectionMultiplexer.Connect(options);
        _db = _multiplexer.GetDatabase();
    }

    [OneTimeTearDown]
    public void Leave() => _multiplexer?.Dispose();

    [Test]
    public void They_read_what_we_wrote()
    {
        Get(Redis.Set("bytes", All));
        Get(Redis.Set("expiring", "v", TimeSpan.FromMinutes(1)));
        Get(Redis.HSet("h", ("a", 1), ("ü", 2.5)));
        Get(Redis.RPush("l", "a", "b"));
        Get(Redis.SAdd("s", "a", "b"));
        Get(Redis.ZAdd("z", default, new Scored("a", 1.5), new Scored("b", double.PositiveInfinity)));
        Get(Redis.XAdd("x", new XAddOptions { Id = new(5, 1) }, ("f", "v")));
        Get(Redis.XGroupCreate("x", "g", StreamId.Zero));
        Assert.That((byte[]?)_db.StringGet("bytes"), Is.EqualTo(All));
        Assert.That(_db.KeyTimeToLive("expiring"), Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        Assert.That(_db.HashGetAll("h").Select(each => $"{each.Name}={each.Value}").Order(StringComparer.Ordinal), Is.EqualTo(new[] { "a=1", "ü=2.5" }));
        Assert.That((_db.ListRange("l").Select(each => $"{each}"), _db.SetMembers("s").Select(each => $"{each}").Order()), Is.EqualTo((new[] { "a", "b" }, new[] { "a", "b" })));
        Assert.That(_db.SortedSetRangeByRankWithScores("z").Select(each => ($"{each.Element}", each.Score)), Is.EqualTo(new[] { ("a", 1.5), ("b", double.PositiveInfinity) }));
        Assert.That(_db.StreamRange("x").Select(each => $"{each.Id} {each["f"]}"), Is.EqualTo(new[] { "5-1 v" }));
        Assert.That(_db.StreamReadGroup("x", "g", "c", ">").Select(each => $"{each.Id}"), Is.EqualTo(new[] { "5-1" }));
        Assert.That(Get(Redis.XPending("x", "g")).Consumers, Is.EqualTo(new Dictionary<Bytes, long> { ["c"] = 1 }));
        var script = Get(Redis.ScriptLoad("return ARGV[1]"));
        Assert.That($"{_db.ScriptEvaluate(Convert.FromHexString(script), values: ["x"])}", Is.EqualTo("x"));
    }

    [Test]
    public void We_read_what_they_wrote()
    {
        _db.StringSet("bytes", All);
        _db.StringSet("expiring", "v", TimeSpan.FromMinutes(1));
        _db.HashSet("h", [new("a", 1), new("ü", 2.5)]);
        _db.ListRightPush("l", ["a", "b"]);
        _db.SetAdd("s", ["a", "b"]);
        _db.SortedSetAdd("z", [new("a", 1.5), new("b", double.PositiveInfinity)]);
        _db.StreamAdd("x", "f", "v", messageId: "5-1");
        _db.StreamCreateConsumerGroup("x", "g", "0");
        _db.StreamReadGroup("x", "g", "c", ">");
        Assert.That(Get(Redis.Get("bytes"))!.Value.ToArray(), Is.EqualTo(All));
        Assert.That(Get(Redis.Ttl("expiring")), Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        Assert.That(Get(Redis.HGetAll("h")), Is.EquivalentTo(new Dictionary<Bytes, Bytes> { ["a"] = 1, ["ü"] = 2.5 }));
        Assert.That((Get(Redis.LRange("l")), Get(Redis.SMembers("s")).Order()), Is.EqualTo((new Bytes[] { "a", "b" }, new Bytes[] { "a", "b" })));
        Assert.That(Get(Redis.ZRangeWithScores("z")), Is.EqualTo(new Scored[] { new("a", 1.5), new("b", double.PositiveInfinity) }));
        Assert.That($"{Get(Redis.XRange("x")).Single()}", Is.EqualTo("5-1 {f: v}"));
        Assert.That(Get(Redis.XPending("x", "g", 10)).Single().Consumer, Is.EqualTo((Bytes)"c"));
        _db.ScriptEvaluate("return ARGV[1]", values: ["x"]);
        Assert.That(Get(Script.Of("return ARGV[1]").Run(Redis, reply => reply.ToText(), arguments: "x")), Is.EqualTo("x"));
    }

    [Test]
    public void They_hear_us_and_we_hear_them() => Live.Run(async () =>
    {
        var (subscriber, heard, got) = (_multiplexer.GetSubscriber(), new List<string>(), new List<string>());
        using var hub = new RedisSubHub(Redis);
        var channel = hub.Channels("ours");
        using var messages = channel.Subscribe(message => got.Add(message.Text));
        await channel.Opened;

        // A queue: handlers that are given to it directly run beside each other.
        (await subscriber.SubscribeAsync(Theirs.RedisChannel.Literal("theirs"))).OnMessage(message =>
        {
            lock (heard)
            {
                heard.Add($"{message.Message}");
            }
        });
        for (var n = 0; n < 20; n++)
        {
            await Redis.Publish("theirs", n);
            await subscriber.PublishAsync(Theirs.RedisChannel.Literal("ours"), n);
        }

        await Becomes(() => got.Count == 20 && heard.Count == 20);
        string[] all = [.. Enumerable.Range(0, 20).Select(n => $"{n}")];
        Assert.That((got, heard), Is.EqualTo((all, all)));
        await subscriber.UnsubscribeAllAsync();
    });
}
