using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What every server that calls itself Redis can do: strings, hashes, lists, sets, sorted sets, what is published, batches.</summary>
public abstract class RedisFamilies(RespVersion? version) : RedisFixture(version)
{
    [Test]
    public void Strings()
    {
        Assert.That((Get(Redis.Set("k", "v")), Get(Redis.Get("k")), Get(Redis.Get("none"))), Is.EqualTo((true, (Bytes?)"v", (Bytes?)null)));
        Assert.That((Get(Redis.Set("k", "w", When.NotExists)), Get(Redis.SetGet("k", "w")), Get(Redis.GetDel("k"))), Is.EqualTo((false, (Bytes?)"v", (Bytes?)"w")));
        Assert.That((Get(Redis.Incr("n")), Get(Redis.IncrBy("n", 9)), Get(Redis.IncrByFloat("n", 0.5)), Get(Redis.StrLen("n"))), Is.EqualTo((1L, 10L, 10.5, 4L)));
        Assert.That((Get(Redis.MSetNx(("a", 1), ("b", 2))), Get(Redis.MSetNx(("b", 3), ("c", 4)))), Is.EqualTo((true, false)));
        Assert.That(Get(Redis.MGet("a", "c", "b")), Is.EqualTo(new Bytes?[] { "1", null, "2" }));
        Assert.That((Get(Redis.Append("s", "hello")), Get(Redis.SetRange("s", 1, "a")), Get(Redis.GetRange("s", 0, 2)), Get(Redis.Lcs("s", "s"))), Is.EqualTo((5L, 5L, (Bytes)"hal", (Bytes)"hallo")));
        Get(Redis.Set("x", "y", TimeSpan.FromMinutes(1)));
        Assert.That(Get(Redis.Ttl("x")), Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        Assert.That((Get(Redis.GetExPersist("x")), Get(Redis.Ttl("x"))), Is.EqualTo(((Bytes?)"y", (TimeSpan?)null)));
    }

    [Test]
    public void Hashes()
    {
        Assert.That((Get(Redis.HSet("h", ("a", 1), ("b", 2))), Get(Redis.HSet("h", "a", 3)), Get(Redis.HSetNx("h", "a", 4)), Get(Redis.HIncrBy("h", "b", 5))), Is.EqualTo((2L, false, false, 7L)));
        Assert.That(Get(Redis.HGetAll("h")), Is.EquivalentTo(new Dictionary<Bytes, Bytes> { ["a"] = "3", ["b"] = "7" }));
        Assert.That(Get(Redis.HMGet("h", "b", "c")), Is.EqualTo(new Bytes?[] { "7", null }));
        Assert.That((Get(Redis.HKeys("h")).Order(), Get(Redis.HVals("h")).Order()), Is.EqualTo((new Bytes[] { "a", "b" }, new Bytes[] { "3", "7" })));
        Assert.That(Get(Redis.HRandFieldWithValues("h", 9)).OrderBy(pair => pair.Key), Is.EqualTo(new[] { KeyValuePair.Create<Bytes, Bytes>("a", "3"), KeyValuePair.Create<Bytes, Bytes>("b", "7") }));
        Assert.That((Get(Redis.HIncrByFloat("h", "a", 0.5)), Get(Redis.HStrLen("h", "a")), Get(Redis.HExists("h", "c")), Get(Redis.HLen("h")), Get(Redis.HDel("h", "a", "c"))), Is.EqualTo((3.5, 3L, false, 2L, 1L)));
        Assert.That((Get(Redis.HGetAll("none")).Count, Get(Redis.HRandField("none")), Get(Redis.HGet("h", "b"))), Is.EqualTo((0, (Bytes?)null, (Bytes?)"7")));
    }

    [Test]
    public void Lists()
    {
        Assert.That((Get(Redis.RPush("l", "a", "b", "c")), Get(Redis.LPush("l", 1)), Get(Redis.LPushX("none", 1)), Get(Redis.LRange("l"))), Is.EqualTo((3L, 4L, 0L, new Bytes[] { "1", "a", "b", "c" })));
        Assert.That((Get(Redis.LInsertBefore("l", "b", "x")), Get(Redis.LPos("l", "x")), Get(Redis.LPos("l", "y")), Get(Redis.LPosAll("l", "x"))), Is.EqualTo((5L, (long?)2, (long?)null, new[] { 2L })));
        Assert.That((Get(Redis.LMove("l", "m")), Get(Redis.RPopLPush("l", "m")), Get(Redis.LRange("m")), Get(Redis.LRem("l", "x"))), Is.EqualTo(((Bytes?)"1", (Bytes?)"c", new Bytes[] { "c", "1" }, 1L)));
        var popped = Get(Redis.LMPop(ListEnd.Left, 9, "none", "l"))!.Value;
        Assert.That((popped.Key, popped.Items, Get(Redis.LMPop(ListEnd.Left, 9, "none"))), Is.EqualTo(((Bytes)"l", new Bytes[] { "a", "b" }, default((Bytes, IReadOnlyList<Bytes>)?))));
        Assert.That((Get(Redis.LPop("m")), Get(Redis.LPush("m", "0")), Get(Redis.RPop("m", 5)), Get(Redis.LPop("m", 5)), Get(Redis.RPop("m"))), Is.EqualTo(((Bytes?)"c", 2L, new Bytes[] { "1", "0" }, Array.Empty<Bytes>(), (Bytes?)null)));
        Assert.That(() => Get(Redis.LSet("none", 1, "v")), Throws.InstanceOf<RedisErrorException>());
    }

    [Test]
    public void Sets()
    {
        Assert.That((Get(Redis.SAdd("s", "a", "b", "b")), Get(Redis.SAdd("t", "b", "c")), Get(Redis.SCard("s")), Get(Redis.SIsMember("s", "a"))), Is.EqualTo((2L, 2L, 2L, true)));
        Assert.That(
            (Get(Redis.SInter("s", "t")).Single(), Get(Redis.SDiff("s", "t")).Single(), Get(Redis.SUnion("s", "t")).Count, Get(Redis.SInterCard(0, "s", "t"))),
            Is.EqualTo(((Bytes)"b", (Bytes)"a", 3, 1L)));
        Assert.That((Get(Redis.SMIsMember("s", "a", "c")), Get(Redis.SMove("s", "t", "a")), Get(Redis.SMembers("t")).Order()), Is.EqualTo((new[] { true, false }, true, new Bytes[] { "a", "b", "c" })));
        Assert.That((Get(Redis.SPop("s")), Get(Redis.SPop("s")), Get(Redis.SPop("t", 9)).Count, Get(Redis.SRandMember("t", -3)).Count), Is.EqualTo(((Bytes?)"b", (Bytes?)null, 3, 0)));
    }

    [Test]
    public void Sorted_sets()
    {
        Scored[] all = [new("a", 1), new("b", 2.5), new("c", double.PositiveInfinity)];
        Assert.That((Get(Redis.ZAdd("z", default, all)), Get(Redis.ZAdd("z", 1, "a")), Get(Redis.ZCard("z")), Get(Redis.ZCount("z", new(1, 2.5, withoutMin: true)))), Is.EqualTo((3L, false, 3L, 1L)));
        Assert.That((Get(Redis.ZRangeWithScores("z")), Get(Redis.ZRangeByScore("z", default, reversed: true, 1, 1)), Get(Redis.ZRange("z", reversed: true))), Is.EqualTo((all, all[1..2], new Bytes[] { "c", "b", "a" })));
        Assert.That((Get(Redis.ZScore("z", "c")), Get(Redis.ZScore("z", "d")), Get(Redis.ZMScore("z", "b", "d"))), Is.EqualTo(((double?)double.PositiveInfinity, (double?)null, new double?[] { 2.5, null })));
        Assert.That((Get(Redis.ZRank("z", "b")), Get(Redis.ZRevRank("z", "d")), Get(Redis.ZIncrBy("z", 0.5, "b"))), Is.EqualTo(((long?)1, (long?)null, 3.0)));
        Assert.That((Get(Redis.ZUnion("z", "z")), Get(Redis.ZInterStore("y", "z", "z")), Get(Redis.ZDiff("z", "none"))), Is.EqualTo((new Scored[] { new("a", 2), new("b", 6), all[2] }, 3L, new Bytes[] { "a", "b", "c" })));
        Assert.That((Get(Redis.ZAddIncr("z", -1, "b", new ZAddOptions { OnlyHigher = true })), Get(Redis.ZPopMin("z")), Get(Redis.ZPopMax("z", 9)), Get(Redis.ZPopMin("z"))), Is.EqualTo(((double?)null, (Scored?)all[0], new Scored[] { all[2], new("b", 3) }, (Scored?)null)));
        var popped = Get(Redis.ZMPop(highest: true, 1, "none", "y"))!.Value;
        Assert.That((popped.Key, popped.Members, Get(Redis.ZRandMember("y", 9)).Count), Is.EqualTo(((Bytes)"y", all[2..], 2)));
    }

    [Test]
    public void Bytes_and_large_values_come_back_as_they_went()
    {
        var (all, large) = (Enumerable.Range(0, 256).Select(one => (byte)one).ToArray(), new byte[5 * 1024 * 1024]);
        new Random(1).NextBytes(large);
        Assert.That((Get(Redis.Set(all, large)), Get(Redis.Get(all))), Is.EqualTo((true, (Bytes?)large)));
    }

    [Test]
    public void Batches_and_transactions()
    {
        Assert.That(Get(Redis.Batch(b => (b.Set("k", "v"), b.Get("k"), b.Incr("n")))), Is.EqualTo((true, (Bytes?)"v", 1L)));
        Assert.That(Get(Redis.Transaction(t => (t.Incr("hits"), t.Expire("hits", TimeSpan.FromMinutes(1))))), Is.EqualTo((1L, true)));
        Assert.That(() => Get(Redis.Transaction(t => (t.Set("a", "x"), t.Incr("a")))), Throws.InstanceOf<RedisBatchException>().With.Property("Index").EqualTo(1));
        Assert.That(Get(Redis.Get("a")), Is.EqualTo((Bytes?)"x"));
    }

    [Test]
    public void What_is_published_arrives_in_order() => Live.Run(async () =>
    {
        using var hub = new RedisSubHub(Redis);
        var (channel, pattern, got) = (hub.Channels("news"), hub.Patterns("n?ws"), new List<string>());
        using var both = channel.Select(message => $"{message}").Merge(pattern.Select(message => $"{message.Pattern} {message}")).Subscribe(got.Add);
        await Awaitable.All(channel.Opened, pattern.Opened);
        for (var n = 0; n < 10; n++)
        {
            Assert.That(await Redis.Publish("news", n), Is.EqualTo(2));
        }

        await Becomes(() => got.Count == 20);
        Assert.That(got.Where(text => text[0] == 'n' && text[1] == 'e'), Is.EqualTo(Enumerable.Range(0, 10).Select(n => $"news: {n}")));
        Assert.That(got.Where(text => text.StartsWith("n?ws ", StringComparison.Ordinal)), Is.EqualTo(Enumerable.Range(0, 10).Select(n => $"n?ws news: {n}")));
    });
}
