using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>The client and Debian's redis-server, in both versions of the protocol.</summary>
[TestFixture(RespVersion.Resp2)]
[TestFixture(RespVersion.Resp3)]
public class RedisServerTests(RespVersion version)
{
    private RedisServer _server = null!;
    private Live _live = null!;
    private RedisClient _redis = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _live = new Live();
        _redis = new RedisClient(_server.Uri(), new() { Protocol = version, ClientName = "tests" }, _live.Hub);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _redis?.Dispose();
        _live?.Dispose();
        _server?.Dispose();
    }

    [SetUp]
    public void Empty() => _live.Await(_redis.FlushAll());

    [Test]
    public void The_protocol_is_the_one_asked_for() =>
        Assert.That(Get(_redis.Command("CLIENT LIST")).ToText(), Does.Match($"name=tests .* resp={(int)version}"));

    [Test]
    public void Strings()
    {
        Assert.That((Get(_redis.Set("k", "v")), Get(_redis.Get("k")), Get(_redis.Get("none"))), Is.EqualTo((true, (Bytes?)"v", (Bytes?)null)));
        Assert.That((Get(_redis.Set("k", "w", When.NotExists)), Get(_redis.SetGet("k", "w")), Get(_redis.GetDel("k"))), Is.EqualTo((false, (Bytes?)"v", (Bytes?)"w")));
        Assert.That((Get(_redis.Incr("n")), Get(_redis.IncrBy("n", 9)), Get(_redis.IncrByFloat("n", 0.5)), Get(_redis.StrLen("n"))), Is.EqualTo((1L, 10L, 10.5, 4L)));
        Assert.That((Get(_redis.MSetNx(("a", 1), ("b", 2))), Get(_redis.MSetNx(("b", 3), ("c", 4)))), Is.EqualTo((true, false)));
        Assert.That(Get(_redis.MGet("a", "c", "b")), Is.EqualTo(new Bytes?[] { "1", null, "2" }));
        Assert.That((Get(_redis.Append("s", "hello")), Get(_redis.SetRange("s", 1, "a")), Get(_redis.GetRange("s", 0, 2)), Get(_redis.Lcs("s", "s"))), Is.EqualTo((5L, 5L, (Bytes)"hal", (Bytes)"hallo")));
        Get(_redis.Set("x", "y", TimeSpan.FromMinutes(1)));
        Assert.That(Get(_redis.Ttl("x")), Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        Assert.That((Get(_redis.GetExPersist("x")), Get(_redis.Ttl("x"))), Is.EqualTo(((Bytes?)"y", (TimeSpan?)null)));
    }

    [Test]
    public void Keys()
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(4_000_000_000_123);
        Get(_redis.MSet(("a", 1), ("b", 2)));
        Assert.That((Get(_redis.Exists("a", "a", "c")), Get(_redis.Type("a")), Get(_redis.Type("c")), Get(_redis.ObjectEncoding("a"))), Is.EqualTo((2L, "string", "none", "int")));
        Assert.That((Get(_redis.ExpireAt("a", moment)), Get(_redis.ExpireTime("a")), Get(_redis.Expire("a", TimeSpan.FromSeconds(1), ExpireWhen.Later)), Get(_redis.Persist("a"))), Is.EqualTo((true, (DateTimeOffset?)moment, false, true)));
        Assert.That((Get(_redis.Copy("a", "c")), Get(_redis.RenameNx("a", "b")), Get(_redis.Keys("[bc]")).Order()), Is.EqualTo((true, false, new Bytes[] { "b", "c" })));
        var dump = Get(_redis.Dump("a"))!.Value;
        Assert.That((Get(_redis.Del("a", "none")), Get(_redis.Restore("a", dump)), Get(_redis.Get("a")), Get(_redis.Unlink("b")), Get(_redis.DbSize())), Is.EqualTo((1L, System.Reactive.Unit.Default, (Bytes?)"1", 1L, 2L)));
        Assert.That((Get(_redis.Move("a", 1)), Get(_redis.RandomKey()), Get(_redis.Touch("a", "c")), Get(_redis.ObjectIdleTime("none"))), Is.EqualTo((true, (Bytes?)"c", 1L, (TimeSpan?)null)));
    }

    [Test]
    public void Hashes()
    {
        Assert.That((Get(_redis.HSet("h", ("a", 1), ("b", 2))), Get(_redis.HSet("h", "a", 3)), Get(_redis.HSetNx("h", "a", 4)), Get(_redis.HIncrBy("h", "b", 5))), Is.EqualTo((2L, false, false, 7L)));
        Assert.That(Get(_redis.HGetAll("h")), Is.EquivalentTo(new Dictionary<Bytes, Bytes> { ["a"] = "3", ["b"] = "7" }));
        Assert.That(Get(_redis.HMGet("h", "b", "c")), Is.EqualTo(new Bytes?[] { "7", null }));
        Assert.That((Get(_redis.HKeys("h")).Order(), Get(_redis.HVals("h")).Order()), Is.EqualTo((new Bytes[] { "a", "b" }, new Bytes[] { "3", "7" })));
        Assert.That(Get(_redis.HRandFieldWithValues("h", 9)).OrderBy(pair => pair.Key), Is.EqualTo(new[] { KeyValuePair.Create<Bytes, Bytes>("a", "3"), KeyValuePair.Create<Bytes, Bytes>("b", "7") }));
        Assert.That((Get(_redis.HIncrByFloat("h", "a", 0.5)), Get(_redis.HStrLen("h", "a")), Get(_redis.HExists("h", "c")), Get(_redis.HLen("h")), Get(_redis.HDel("h", "a", "c"))), Is.EqualTo((3.5, 3L, false, 2L, 1L)));
        Assert.That((Get(_redis.HGetAll("none")).Count, Get(_redis.HRandField("none")), Get(_redis.HGet("h", "b"))), Is.EqualTo((0, (Bytes?)null, (Bytes?)"7")));
    }

    [Test]
    public void Lists()
    {
        Assert.That((Get(_redis.RPush("l", "a", "b", "c")), Get(_redis.LPush("l", 1)), Get(_redis.LPushX("none", 1)), Get(_redis.LRange("l"))), Is.EqualTo((3L, 4L, 0L, new Bytes[] { "1", "a", "b", "c" })));
        Assert.That((Get(_redis.LInsertBefore("l", "b", "x")), Get(_redis.LPos("l", "x")), Get(_redis.LPos("l", "y")), Get(_redis.LPosAll("l", "x"))), Is.EqualTo((5L, (long?)2, (long?)null, new[] { 2L })));
        Assert.That((Get(_redis.LMove("l", "m")), Get(_redis.RPopLPush("l", "m")), Get(_redis.LRange("m")), Get(_redis.LRem("l", "x"))), Is.EqualTo(((Bytes?)"1", (Bytes?)"c", new Bytes[] { "c", "1" }, 1L)));
        var popped = Get(_redis.LMPop(ListEnd.Left, 9, "none", "l"))!.Value;
        Assert.That((popped.Key, popped.Items, Get(_redis.LMPop(ListEnd.Left, 9, "none"))), Is.EqualTo(((Bytes)"l", new Bytes[] { "a", "b" }, default((Bytes, IReadOnlyList<Bytes>)?))));
        Assert.That((Get(_redis.LPop("m")), Get(_redis.RPop("m", 5)), Get(_redis.LPop("m", 5)), Get(_redis.RPop("m"))), Is.EqualTo(((Bytes?)"c", new Bytes[] { "1" }, Array.Empty<Bytes>(), (Bytes?)null)));
        Assert.That(() => Get(_redis.LSet("none", 1, "v")), Throws.InstanceOf<RedisErrorException>());
    }

    [Test]
    public void Sets()
    {
        Assert.That((Get(_redis.SAdd("s", "a", "b", "b")), Get(_redis.SAdd("t", "b", "c")), Get(_redis.SCard("s")), Get(_redis.SIsMember("s", "a"))), Is.EqualTo((2L, 2L, 2L, true)));
        Assert.That(
            (Get(_redis.SInter("s", "t")).Single(), Get(_redis.SDiff("s", "t")).Single(), Get(_redis.SUnion("s", "t")).Count, Get(_redis.SInterCard(0, "s", "t"))),
            Is.EqualTo(((Bytes)"b", (Bytes)"a", 3, 1L)));
        Assert.That((Get(_redis.SMIsMember("s", "a", "c")), Get(_redis.SMove("s", "t", "a")), Get(_redis.SMembers("t")).Order()), Is.EqualTo((new[] { true, false }, true, new Bytes[] { "a", "b", "c" })));
        Assert.That((Get(_redis.SPop("s")), Get(_redis.SPop("s")), Get(_redis.SPop("t", 9)).Count, Get(_redis.SRandMember("t", -3)).Count), Is.EqualTo(((Bytes?)"b", (Bytes?)null, 3, 0)));
    }

    [Test]
    public void Sorted_sets()
    {
        Scored[] all = [new("a", 1), new("b", 2.5), new("c", double.PositiveInfinity)];
        Assert.That((Get(_redis.ZAdd("z", default, all)), Get(_redis.ZAdd("z", 1, "a")), Get(_redis.ZCard("z")), Get(_redis.ZCount("z", new(1, 2.5, withoutMin: true)))), Is.EqualTo((3L, false, 3L, 1L)));
        Assert.That((Get(_redis.ZRangeWithScores("z")), Get(_redis.ZRangeByScore("z", default, reversed: true, 1, 1)), Get(_redis.ZRange("z", reversed: true))), Is.EqualTo((all, all[1..2], new Bytes[] { "c", "b", "a" })));
        Assert.That((Get(_redis.ZScore("z", "c")), Get(_redis.ZScore("z", "d")), Get(_redis.ZMScore("z", "b", "d"))), Is.EqualTo(((double?)double.PositiveInfinity, (double?)null, new double?[] { 2.5, null })));
        Assert.That((Get(_redis.ZRank("z", "b")), Get(_redis.ZRevRank("z", "d")), Get(_redis.ZIncrBy("z", 0.5, "b"))), Is.EqualTo(((long?)1, (long?)null, 3.0)));
        Assert.That((Get(_redis.ZUnion("z", "z")), Get(_redis.ZInterStore("y", "z", "z")), Get(_redis.ZDiff("z", "none"))), Is.EqualTo((new Scored[] { new("a", 2), new("b", 6), all[2] }, 3L, new Bytes[] { "a", "b", "c" })));
        Assert.That((Get(_redis.ZAddIncr("z", -1, "b", new ZAddOptions { OnlyHigher = true })), Get(_redis.ZPopMin("z")), Get(_redis.ZPopMax("z", 9)), Get(_redis.ZPopMin("z"))), Is.EqualTo(((double?)null, (Scored?)all[0], new Scored[] { all[2], new("b", 3) }, (Scored?)null)));
        var popped = Get(_redis.ZMPop(highest: true, 1, "none", "y"))!.Value;
        Assert.That((popped.Key, popped.Members, Get(_redis.ZRandMember("y", 9)).Count), Is.EqualTo(((Bytes)"y", all[2..], 2)));
    }

    [Test]
    public void Bytes_and_large_values_come_back_as_they_went()
    {
        var (all, large) = (Enumerable.Range(0, 256).Select(one => (byte)one).ToArray(), new byte[5 * 1024 * 1024]);
        new Random(1).NextBytes(large);
        Assert.That((Get(_redis.Set(all, large)), Get(_redis.Get(all))), Is.EqualTo((true, (Bytes?)large)));
    }

    [Test]
    public void Batches_and_transactions()
    {
        Assert.That(Get(_redis.Batch(b => (b.Set("k", "v"), b.Get("k"), b.Incr("n")))), Is.EqualTo((true, (Bytes?)"v", 1L)));
        Assert.That(Get(_redis.Transaction(t => (t.Incr("hits"), t.Expire("hits", TimeSpan.FromMinutes(1))))), Is.EqualTo((1L, true)));
        Assert.That(() => Get(_redis.Transaction(t => (t.Set("a", "x"), t.Incr("a")))), Throws.InstanceOf<RedisBatchException>().With.Property("Index").EqualTo(1));
        Assert.That(() => Get(_redis.Transaction(t => (t.Set("b", "x"), t.Command("NONE")))), Throws.InstanceOf<RedisBatchException>().With.Property("Index").EqualTo(1));
        Assert.That((Get(_redis.Get("a")), Get(_redis.Get("b"))), Is.EqualTo(((Bytes?)"x", (Bytes?)null)));
    }

    [Test]
    public void Many_callers_of_many_threads_get_their_own_replies()
    {
        const int Callers = 2000;
        var all = Task.WhenAll(Enumerable.Range(0, Callers).Select(async n =>
        {
            await Task.Yield();
            await _redis.Set($"k{n}", n);
            return (await _redis.Get($"k{n}"))!.Value.ToInt64();
        }));
        Assert.That(_live.Await(all), Is.EqualTo(Enumerable.Range(0, Callers).Select(n => (long)n)));
    }

    [Test]
    public void The_server_says_no()
    {
        Get(_redis.Set("k", "v"));
        Assert.That(() => Get(_redis.LPush("k", "x")), Throws.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("WRONGTYPE"));
        using var far = new RedisClient(_server.Uri("", "/99"), new() { Protocol = version }, _live.Hub);
        Assert.That(() => Get(far.Ping()), Throws.InstanceOf<RedisErrorException>().With.Message.Contains("DB index"));
    }

    [Test]
    public void Who_may_not_is_told_so()
    {
        Get(_redis.Command("ACL SETUSER", "alice", "on", ">secret", "~*", "+ping"));
        using var alice = new RedisClient(_server.Uri("alice:secret@"), new() { Protocol = version }, _live.Hub);
        using var wrong = new RedisClient(_server.Uri("alice:wrongsecret@"), new() { Protocol = version }, _live.Hub);
        Assert.That(Get(alice.Ping()), Is.EqualTo("PONG"));
        Assert.That(() => Get(alice.Get("k")), Throws.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("NOPERM"));
        Assert.That(() => Get(wrong.Ping()), Throws.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("WRONGPASS").And.Message.Not.Contains("wrongsecret"));
    }

    [Test]
    public void A_connection_that_the_server_ends_is_made_again()
    {
        var before = Get(_redis.Command("CLIENT ID")).ToInt64();
        using var other = new RedisClient(_server.Uri(), hub: _live.Hub);
        Get(other.Command("CLIENT KILL", "ID", before));
        Assert.That(Get(_redis.Repeatable().Command("CLIENT ID")).ToInt64(), Is.GreaterThan(before));
    }

    private T Get<T>(Awaitable<T> asked) => _live.Await(asked);
}
