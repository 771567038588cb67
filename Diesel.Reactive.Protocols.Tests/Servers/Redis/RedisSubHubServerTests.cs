using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Subscriptions and Debian's redis-server, in both versions of the protocol.</summary>
[TestFixture(RespVersion.Resp2)]
[TestFixture(RespVersion.Resp3)]
public class RedisSubHubServerTests(RespVersion version)
{
    private RedisServer _server = null!;
    private Live _live = null!;
    private RedisClient _redis = null!;
    private RedisSubHub _hub = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start("--notify-keyspace-events", "KA");
        _live = new Live();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _live?.Dispose();
        _server?.Dispose();
    }

    [SetUp]
    public void Connect()
    {
        _redis = Client();
        _hub = new RedisSubHub(_redis);
        _live.Await(_redis.Command("FLUSHALL"));
    }

    [TearDown]
    public void Leave()
    {
        _hub.Dispose();
        _redis.Dispose();
    }

    [Test]
    public void Messages_of_all_kinds_arrive() => _live.Run(async () =>
    {
        var (channels, patterns, shards, keys) = (_hub.Channels("a", "b"), _hub.Patterns("a*"), _hub.Shards("a"), _hub.KeyEvents("k*", "set", "del"));
        var got = new List<string>();
        using var all = Observable.Merge(
            channels.Select(message => $"{message}"), patterns.Select(message => $"{message.Pattern} {message}"),
            shards.Select(message => $"shard {message}"), keys.Select(each => $"{each.Key} {each.Event}")).Subscribe(got.Add);
        await Awaitable.All(channels.Opened, patterns.Opened, shards.Opened, keys.Opened);
        await _redis.Command("PUBLISH", "a", "1");
        await _redis.Command("PUBLISH", "b", "2");
        await _redis.Command("SPUBLISH", "a", "3");
        await _redis.Set("key", "x");
        await _redis.Expire("key", TimeSpan.FromHours(1));
        await _redis.Del("key");
        await Until(() => got.Count == 6);
        Assert.That(got, Is.EquivalentTo(new[] { "a: 1", "a* a: 1", "b: 2", "shard a: 3", "key set", "key del" }));
    });

    [Test]
    public void The_server_has_one_subscription_of_many_observers() => _live.Run(async () =>
    {
        var channel = _hub.Channels("many");
        var all = Enumerable.Range(0, 100).Select(_ => channel.Subscribe(_ => { })).ToArray();
        await channel.Opened;
        Assert.That((await _redis.Command("PUBSUB NUMSUB", "many")).Items[1].ToInt64(), Is.EqualTo(1));
        Array.ForEach(all, each => each.Dispose());
        await Until(async () => (await _redis.Command("PUBSUB NUMSUB", "many")).Items[1].ToInt64() == 0);
    });

    [Test]
    public void A_refusal_reaches_who_subscribed_and_each_reply_its_own_caller() => _live.Run(async () =>
    {
        await _redis.Command("ACL SETUSER", "bob", "on", ">secret", "~*", "+@all", "resetchannels", "&open*");
        using var redis = new RedisClient(_server.Uri("bob:secret@"), new() { Protocol = version }, _live.Hub);
        using var hub = new RedisSubHub(redis);
        await redis.Batch(b => Enumerable.Range(0, 100).Select(n => b.Set($"k{n}", n)));
        var refused = new List<string>();
        var gets = Enumerable.Range(0, 100).Select(n =>
        {
            var get = redis.Get($"k{n}").AsTask();
            (n % 2 == 0 ? hub.Channels($"closed{n}") : hub.Shards($"closed{n}")).Subscribe(_ => { }, error => refused.Add(((RedisErrorException)error).Code));
            return get;
        }).ToArray();
        var open = hub.Channels("open");
        using var messages = open.Subscribe(_ => { });
        await open.Opened;
        Assert.That((await Task.WhenAll(gets)).Select(value => value!.Value.ToInt64()), Is.EqualTo(Enumerable.Range(0, 100)));
        await Until(() => refused.Count == 100);
        Assert.That(refused, Is.All.EqualTo("NOPERM"));
    });

    [TestCase("SUBSCRIBE")]
    [TestCase("SSUBSCRIBE")]
    [TestCase("PUNSUBSCRIBE")]
    public void In_a_transaction_it_is_refused_here(string command) =>
        Assert.That(() => _redis.Transaction(t => (t.Command(command, "x"), t.Ping())), Throws.InstanceOf<NotSupportedException>());

    [Test]
    public void A_connection_that_the_server_ends_is_back_with_a_gap() => _live.Run(async () =>
    {
        var channel = _hub.Channels("a");
        var (got, gaps) = (new List<string>(), 0);
        using var told = channel.Gaps.Subscribe(_ => gaps++);
        using var messages = channel.Subscribe(message => got.Add(message.Text));
        await channel.Opened;
        using var other = Client();
        await other.Command("CLIENT KILL", "TYPE", "pubsub");
        await Until(() => gaps == 1);
        await other.Command("PUBLISH", "a", "back");
        await Until(() => got.Count > 0);
        Assert.That((got, gaps), Is.EqualTo((new[] { "back" }, 1)));
    });

    [Test]
    public void Ten_thousand_channels_are_back_within_two_seconds() => _live.Run(async () =>
    {
        var count = Live.IsSoak ? 10_000 : 2_000;
        var channels = _hub.Channels([.. Enumerable.Range(0, count).Select(n => $"c{n}")]);
        var gap = default(Gap?);
        using var told = channels.Gaps.Subscribe(each => gap = each);
        using var messages = channels.Subscribe(_ => { });
        await channels.Opened;
        using var other = Client();
        await other.Command("CLIENT KILL", "TYPE", "pubsub");
        await Until(() => gap is not null);
        Assert.That((await other.Command("PUBSUB CHANNELS", "c*")).Items, Has.Length.EqualTo(count));
        Assert.That(gap!.Value.Duration, Is.LessThan(TimeSpan.FromSeconds(2)));
    });

    [Test]
    public void A_hundred_subscribers_get_everything_in_order_and_one_that_does_not_read_loses_its_own() => _live.Run(async () =>
    {
        const int Subscribers = 100;
        var messages = Live.IsSoak ? 100_000 : 2_000;
        var (channel, seen, wrong) = (_hub.Channels("flood"), new int[Subscribers], 0);
        for (var i = 0; i < Subscribers; i++)
        {
            var mine = i;
            _ = channel.Subscribe(message => wrong += BitConverter.ToInt32(message.Payload.Span) == seen[mine]++ ? 0 : 1);
        }

        using var idle = channel.ToInbox(1000, Overflow.DropOldest);
        await channel.Opened;
        var before = Environment.WorkingSet;
        using var publisher = Client();
        for (var sent = 0; sent < messages;)
        {
            var (from, next) = (sent, Math.Min(sent + 500, messages));
            await publisher.Batch(b => Enumerable.Range(from, next - from).Select(n => b.Command("PUBLISH", "flood", Numbered(n))));
            sent = next;
        }

        await Until(() => seen.All(count => count == messages));
        Assert.That((wrong, idle.Count, idle.Dropped), Is.EqualTo((0, 1000, messages - 1000L)));
        Assert.That(BitConverter.ToInt32((await idle.Get()).Payload.Span), Is.EqualTo(messages - 1000));
        Assert.That(Environment.WorkingSet - before, Is.LessThan(64 * 1024 * 1024));
    });

    private static Bytes Numbered(int number)
    {
        var payload = new byte[100];
        BitConverter.TryWriteBytes(payload, number);
        return payload;
    }

    private RedisClient Client() => new(_server.Uri(), new() { Protocol = version }, _live.Hub);

    private Task Until(Func<bool> isSo) => Until(() => Task.FromResult(isSo()));

    private async Task Until(Func<Task<bool>> isSo)
    {
        for (var attempt = 0; !await isSo(); attempt++)
        {
            Assert.That(attempt, Is.LessThan(2000), "It does not become so.");
            await _live.Hub.Sleep(TimeSpan.FromMilliseconds(5));
        }
    }
}
