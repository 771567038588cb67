using System.Reactive;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A connection for one caller: leases, watched keys, looking on.</summary>
public class RedisLeaseTests
{
    private World _world = null!;
    private RedisStub _server = null!;
    private RedisClient _redis = null!;

    [SetUp]
    public void Begin()
    {
        _world = new World();
        _server = new RedisStub(_world);
        _redis = _server.Client();
    }

    [TearDown]
    public void End()
    {
        _redis.Dispose();
        _server.Dispose();
        _world.Dispose();
    }

    [Test]
    public void A_lease_has_a_connection_of_its_own()
    {
        var lease = _world.Watch(_redis.Lease(async session =>
        {
            await session.Set("k", "v");
            return await session.Get("k");
        }));
        Assert.That(($"{lease}", _server.Dials), Is.EqualTo(("v |", 2)));
        Assert.That(($"{_world.Watch(_redis.Lease(session => session.Ping().AsTask()))}", _server.Dials), Is.EqualTo(("PONG |", 2)), "It is lent again.");
    }

    [Test]
    public void A_connection_that_was_changed_is_not_lent_again()
    {
        _world.Watch(_redis.Lease(async session => await session.Select(3)));
        Assert.That(_server.Connections, Has.Count.EqualTo(1));
        _world.Watch(_redis.Lease(async session => await session.Watch("k")));
        _world.Watch(_redis.Lease(async session => await session.Command("watch", "k")));
        _world.Watch(_redis.Lease(async session => await session.ClientSetName("me")));
        Assert.That((_server.Connections.Count, _server.Dials), Is.EqualTo((1, 5)));
    }

    [TestCase(true, 2)]
    [TestCase(false, 1)]
    public void A_connection_on_which_keys_are_still_watched_is_not_lent_again(bool isSent, int open)
    {
        foreach (var ends in new Func<RedisSession, Awaitable<Unit>>[] { session => session.Unwatch(), session => session.Transaction(t => { t.Incr("k"); }) })
        {
            _world.Watch(_redis.Lease(async session =>
            {
                await session.Watch("k");
                var end = ends(session);
                if (isSent)
                {
                    await end;
                }
            }));
            Assert.That(_server.Connections, Has.Count.EqualTo(open));
        }
    }

    [Test]
    public void More_time_holds_for_leases_as_well()
    {
        using var patient = _redis.With(options => options with { Timeout = TimeSpan.FromSeconds(60) });
        _server.Answers = command => command == "GET k" ? [] : null;
        var (lease, pop) = (_world.Watch(patient.Lease(async session => await session.Get("k"))), _world.Watch(patient.BLPop(TimeSpan.FromSeconds(1), "jobs")));
        _world.Passes(50);
        Assert.That(($"{lease}", $"{pop}"), Is.EqualTo(("", "")));
        _world.Passes(20);
        Assert.That(($"{lease}", $"{pop}"), Is.EqualTo(("#TimeoutException", "#TimeoutException")));
    }

    [Test]
    public void What_was_asked_of_a_connection_that_ends_is_told_at_once()
    {
        _server.Answers = command => command == "GET k" ? [] : null;
        var lease = _world.Watch(_redis.Lease(async session => await session.Get("k")));
        _server.Resets();
        Assert.That($"{lease}", Is.EqualTo("#ReplyLostException"), "There is no next connection that it could be asked again of.");
    }

    [Test]
    public void A_connection_whose_work_failed_is_closed()
    {
        var lease = _world.Watch(_redis.Lease(async session =>
        {
            await session.Ping();
            throw new FormatException();
        }));
        Assert.That(($"{lease}", _server.Connections.Count), Is.EqualTo(("#FormatException", 1)));
    }

    [Test]
    public void Work_that_is_given_up_takes_its_connection_with_it()
    {
        var lease = _world.Watch(_redis.Lease(async session => await session.BLPop(Timeout.InfiniteTimeSpan, "jobs")));
        Assert.That(_server.Blocked, Has.Count.EqualTo(1));
        _world.Do(lease.Subscription!.Dispose);
        Assert.That((_server.Blocked.Count, _server.Connections.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public void A_session_is_over_with_its_work()
    {
        RedisSession kept = null!;
        _world.Watch(_redis.Lease(session =>
        {
            kept = session;
            return Task.CompletedTask;
        }));
        Assert.That(() => kept.Ping(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [TestCase("MULTI")]
    [TestCase("SUBSCRIBE")]
    [TestCase("MONITOR")]
    [TestCase("CLIENT REPLY")]
    public void What_is_no_command_for_callers_is_refused_in_a_session(string name)
    {
        var lease = _world.Watch(_redis.Lease(async session => await session.Command(name, "x")));
        Assert.That(lease.Error, Is.InstanceOf<NotSupportedException>().With.Message.Contains(name));
    }

    [Test]
    public void What_a_lease_waits_for_is_told_when_there_is_no_server()
    {
        using var redis = new RedisClient("redis://10.0.0.1:1", hub: _world.Hub);
        var lease = _world.Watch(redis.Lease(session => session.Ping().AsTask()));
        _world.Passes(6);
        Assert.That(lease.Error, Is.InstanceOf<TimeoutException>());
    }

    [Test]
    public void There_is_at_least_one_lease() => Assert.That(() => new RedisOptions { MaxLeases = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Work_is_done_again_when_a_watched_key_has_changed()
    {
        _server.Changes = 2;
        var watch = _world.Watch(_redis.Watch(["k"], async session =>
        {
            var value = (await session.Get("k"))?.ToInt64() ?? 0;
            return await session.Transaction(t => t.Set("k", value + 1));
        }));
        Assert.That(($"{watch}", _server.Heard.Count(heard => heard == "WATCH k"), _server.Dials), Is.EqualTo(("True |", 3, 2)));
    }

    [Test]
    public void Work_is_not_done_for_ever()
    {
        _server.Changes = 9;
        var watch = _world.Watch(_redis.Watch(["k"], async session => await session.Transaction(t => t.Incr("k")), attempts: 3));
        Assert.That(($"{watch}", _server.Heard.Count(heard => heard == "WATCH k")), Is.EqualTo(("#RedisTransactionException", 3)));
    }

    [Test]
    public void Work_without_a_transaction_watches_no_longer()
    {
        var watch = _world.Watch(_redis.Watch(["k"], async session => await session.Get("k")));
        Assert.That(($"{watch}", _server.Heard[^1], _server.Connections.Count), Is.EqualTo(("null |", "UNWATCH", 2)));
    }

    [Test]
    public void Looking_on_has_a_connection_of_its_own_until_it_is_unsubscribed()
    {
        _server.Answers = command => command == "MONITOR"
            ? "+OK\r\n+1339518083.107412 [2 127.0.0.1:60866] \"set\" \"a\\\"b\\\\\" \"\\x00\\n\"\r\n+1339518083.107413 [0 lua] \"get\" \"k\"\r\n"u8.ToArray()
            : null;
        var monitor = _world.Watch(_redis.Monitor());
        Assert.That($"{monitor}", Is.EqualTo("set a\"b\\ \0\n get k"));
        Assert.That((monitor.Values[0].Database, monitor.Values[0].Client, monitor.Values[1].Client), Is.EqualTo((2, "127.0.0.1:60866", "lua")));
        Assert.That(monitor.Values[0].Time, Is.EqualTo(DateTimeOffset.FromUnixTimeMilliseconds(1339518083107).AddTicks(4120)));
        _world.Passes(100);
        _world.Do(monitor.Subscription!.Dispose);
        Assert.That(_server.Connections, Has.Count.EqualTo(1));
    }

    [Test]
    public void Who_may_not_look_on_is_told_so()
    {
        _server.Answers = command => command == "MONITOR" ? "-NOPERM no\r\n"u8.ToArray() : null;
        Assert.That(($"{_world.Watch(_redis.Monitor())}", _server.Connections.Count), Is.EqualTo(("#RedisErrorException", 1)));
    }
}
