using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>The client and Debian's redis-server, in both versions of the protocol.</summary>
[TestFixture(RespVersion.Resp2)]
[TestFixture(RespVersion.Resp3)]
public class RedisServerTests(RespVersion version) : RedisFamilies(version)
{
    protected override RedisOptions Options => base.Options with { ClientName = "tests" };

    [Test]
    public void The_protocol_is_the_one_asked_for() =>
        Assert.That(Get(Redis.Command("CLIENT LIST")).ToText(), Does.Match($"name=tests .* resp={(int)Version!}"));

    [Test]
    public void Keys()
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(4_000_000_000_123);
        Get(Redis.MSet(("a", 1), ("b", 2)));
        Assert.That((Get(Redis.Exists("a", "a", "c")), Get(Redis.Type("a")), Get(Redis.Type("c")), Get(Redis.ObjectEncoding("a"))), Is.EqualTo((2L, "string", "none", "int")));
        Assert.That((Get(Redis.ExpireAt("a", moment)), Get(Redis.ExpireTime("a")), Get(Redis.Expire("a", TimeSpan.FromSeconds(1), ExpireWhen.Later)), Get(Redis.Persist("a"))), Is.EqualTo((true, (DateTimeOffset?)moment, false, true)));
        Assert.That((Get(Redis.Copy("a", "c")), Get(Redis.RenameNx("a", "b")), Get(Redis.Keys("[bc]")).Order()), Is.EqualTo((true, false, new Bytes[] { "b", "c" })));
        var dump = Get(Redis.Dump("a"))!.Value;
        Assert.That((Get(Redis.Del("a", "none")), Get(Redis.Restore("a", dump)), Get(Redis.Get("a")), Get(Redis.Unlink("b")), Get(Redis.DbSize())), Is.EqualTo((1L, System.Reactive.Unit.Default, (Bytes?)"1", 1L, 2L)));
        Assert.That((Get(Redis.Move("a", 1)), Get(Redis.RandomKey()), Get(Redis.Touch("a", "c")), Get(Redis.ObjectIdleTime("none"))), Is.EqualTo((true, (Bytes?)"c", 1L, (TimeSpan?)null)));
    }

    [Test]
    public void A_command_that_is_refused_beforehand_undoes_its_transaction()
    {
        Assert.That(() => Get(Redis.Transaction(t => (t.Set("b", "x"), t.Command("NONE")))), Throws.InstanceOf<RedisBatchException>().With.Property("Index").EqualTo(1));
        Assert.That(Get(Redis.Get("b")), Is.Null);
    }

    [Test]
    public void Many_callers_of_many_threads_get_their_own_replies()
    {
        const int Callers = 2000;
        var all = Task.WhenAll(Enumerable.Range(0, Callers).Select(async n =>
        {
            await Task.Yield();
            await Redis.Set($"k{n}", n);
            return (await Redis.Get($"k{n}"))!.Value.ToInt64();
        }));
        Assert.That(Live.Await(all), Is.EqualTo(Enumerable.Range(0, Callers).Select(n => (long)n)));
    }

    [Test]
    public void The_server_says_no()
    {
        Get(Redis.Set("k", "v"));
        Assert.That(() => Get(Redis.LPush("k", "x")), Throws.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("WRONGTYPE"));
        using var far = new RedisClient(Server.Uri("", "/99"), new() { Protocol = Version }, Live.Hub);
        Assert.That(() => Get(far.Ping()), Throws.InstanceOf<RedisErrorException>().With.Message.Contains("DB index"));
    }

    [Test]
    public void Who_may_not_is_told_so()
    {
        Get(Redis.Command("ACL SETUSER", "alice", "on", ">secret", "~*", "+ping"));
        using var alice = new RedisClient(Server.Uri("alice:secret@"), new() { Protocol = Version }, Live.Hub);
        using var wrong = new RedisClient(Server.Uri("alice:wrongsecret@"), new() { Protocol = Version }, Live.Hub);
        Assert.That(Get(alice.Ping()), Is.EqualTo("PONG"));
        Assert.That(() => Get(alice.Get("k")), Throws.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("NOPERM"));
        Assert.That(() => Get(wrong.Ping()), Throws.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("WRONGPASS").And.Message.Not.Contains("wrongsecret"));
    }

    [Test]
    public void A_connection_that_the_server_ends_is_made_again()
    {
        var before = Get(Redis.Command("CLIENT ID")).ToInt64();
        using var other = new RedisClient(Server.Uri(), hub: Live.Hub);
        Get(other.Command("CLIENT KILL", "ID", before));
        Assert.That(Get(Redis.Repeatable().Command("CLIENT ID")).ToInt64(), Is.GreaterThan(before));
    }
}
