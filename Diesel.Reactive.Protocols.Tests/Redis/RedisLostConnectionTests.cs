using System.Net;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Connections that do not come about, are lost, or are not what they should be.</summary>
public class RedisLostConnectionTests : RedisStubFixture
{
    [Test]
    public void A_closed_port_is_told_when_the_time_is_up_and_dialled_seldom()
    {
        using var redis = new RedisClient("redis://10.0.0.1:1", hub: World.Hub);
        var events = Story.Of(redis.Events);
        var first = World.Watch(redis.Ping());
        for (var i = 0; i < 100; i++)
        {
            World.Watch(redis.Ping());
            World.Passes(0.099);
        }

        Assert.That(first.Error, Is.InstanceOf<TimeoutException>().With.Message.Contains("PING").And.Message.Contains("10.0.0.1:1").And.InnerException.InstanceOf<ConnectionException>());
        Assert.That(events.Values, Has.All.InstanceOf<ClientConnectFailed>());
        Assert.That(events.Values, Has.Count.InRange(3, 20));
    }

    [Test]
    public void A_closed_port_is_told_when_there_was_no_connection_for_long()
    {
        using var redis = new RedisClient("redis://10.0.0.1:1", new() { MaxReconnectTime = TimeSpan.FromSeconds(2) }, World.Hub);
        var ping = World.Watch(redis.Ping());
        World.Passes(3);
        Assert.That(ping.Error, Is.InstanceOf<ConnectionException>());
    }

    [Test]
    public void A_server_that_says_nothing_is_told_when_the_time_is_up()
    {
        Server.Answers = _ => [];
        using var redis = Server.Client();
        var ping = World.Watch(redis.Ping());
        World.Passes(5);
        Assert.That(ping.Error, Is.InstanceOf<TimeoutException>().With.Message.Contains("PING").And.Message.Contains("1 queued"));
    }

    [Test]
    public void A_server_that_answers_garbage_is_told_so_at_once()
    {
        Server.Answers = _ => "HTTP/1.1 400 Bad Request\r\n"u8.ToArray();
        using var redis = Server.Client();
        Assert.That(World.Watch(redis.Ping()).Error, Is.InstanceOf<ProtocolException>().With.Message.Contains("10.0.0.1:6379"));
    }

    [Test]
    public void A_command_that_reads_is_sent_again_after_a_lost_connection()
    {
        using var redis = Server.Client();
        var lost = Once("GET k", () => Server.Connections[0].Abort());
        var get = World.Watch(redis.Get("k"));
        World.Passes(0.1);
        Assert.That(($"{get}", Server.Dials, lost()), Is.EqualTo(("null |", 2, true)));
    }

    [Test]
    public void A_command_that_writes_is_not_sent_again_after_a_lost_connection()
    {
        using var redis = Server.Client();
        Once("INCR n", () => Server.Connections[0].Abort());
        var (incr, get) = (World.Watch(redis.Incr("n")), World.Watch(redis.Get("k")));
        World.Passes(0.1);
        Assert.That(($"{incr}", $"{get}", Server.Heard.Count(one => one == "INCR n")), Is.EqualTo(("#ReplyLostException", "null |", 1)));
    }

    [Test]
    public void A_command_that_may_be_repeated_is()
    {
        using var redis = Server.Client();
        Once("INCR n", () => Server.Connections[0].Abort());
        var incr = World.Watch(redis.Repeatable().Incr("n"));
        World.Passes(0.1);
        Assert.That(($"{incr}", Server.Heard.Count(one => one == "INCR n")), Is.EqualTo(("1 |", 2)));
    }

    [Test]
    public void What_happens_to_the_connection_is_told()
    {
        using var redis = Server.Client();
        var events = Story.Of(redis.Events);
        World.Watch(redis.Ping());
        Server.Resets();
        World.Passes(0.1);
        World.Watch(redis.Ping());
        Assert.That(events.Values.Select(one => (one.GetType().Name, one.Server)), Is.EqualTo(new[] { "ClientConnected", "ClientDisconnected", "ClientConnected" }.Select(name => (name, (EndPoint)new DnsEndPoint("10.0.0.1", 6379)))));
    }

    [Test]
    public void A_server_that_closes_an_idle_connection_costs_the_next_command_no_pause()
    {
        using var redis = Server.Client("", new() { ReconnectDelay = TimeSpan.FromSeconds(10) });
        for (var i = 0; i < 5; i++)
        {
            Assert.That($"{World.Watch(redis.Ping())}", Is.EqualTo("PONG |"));
            World.Passes(1);
            Server.Resets();
        }
    }

    [Test]
    public void An_observer_of_events_that_throws_harms_nobody()
    {
        using var redis = Server.Client();
        redis.Events.Subscribe(_ => throw new InvalidOperationException("no"));
        var events = Story.Of(redis.Events);
        Assert.That(($"{World.Watch(redis.Ping())}", events.Values.Count, World.Trouble), Is.EqualTo(("PONG |", 1, "InvalidOperationException")));
    }

    // The first time a command comes, the server does something else; tells whether it has.
    private Func<bool> Once(string command, Action does)
    {
        var done = false;
        Server.Answers = heard =>
        {
            if (done || heard != command)
            {
                return null;
            }

            done = true;
            does();
            return [];
        };
        return () => done;
    }
}
