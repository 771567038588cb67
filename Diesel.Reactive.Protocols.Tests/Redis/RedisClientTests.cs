using System.Net;
using System.Text;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class RedisClientTests
{
    private World _world = null!;
    private RedisStub _server = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _server = new RedisStub(_world);
    }

    [TearDown]
    public void TearDown()
    {
        _server.Dispose();
        _world.Dispose();
    }

    [Test]
    public void Sets_and_gets()
    {
        using var redis = _server.Client();
        var (set, get, missing) = (_world.Watch(redis.Set("mykey", "myvalue")), _world.Watch(redis.Get("mykey")), _world.Watch(redis.Get("nokey")));
        Assert.That(($"{set}", $"{get}", $"{missing}"), Is.EqualTo(("True |", "myvalue |", "null |")));
    }

    [Test]
    public void Says_hello_once_and_then_what_it_is_asked()
    {
        using var redis = _server.Client();
        _world.Watch(redis.Ping());
        _world.Watch(redis.Ping());
        Assert.That(_server.Heard, Is.EqualTo(new[] { "HELLO 3", "PING", "PING" }));
    }

    [Test]
    public void Dials_nothing_before_it_is_asked()
    {
        using var redis = _server.Client();
        var get = redis.Get("k");
        _world.Passes(1);
        Assert.That((_server.Dials, redis.Counts.Queued), Is.EqualTo((0, 0)));
        Assert.That(get, Is.Not.Null);
    }

    [Test]
    public void Sends_a_command_for_each_that_awaits_it()
    {
        using var redis = _server.Client();
        var incr = redis.Incr("n");
        Assert.That(($"{_world.Watch(incr)}", $"{_world.Watch(incr)}"), Is.EqualTo(("1 |", "2 |")));
    }

    [Test]
    public void Logs_in_and_chooses_a_database()
    {
        _server.Password = "pass word";
        using var redis = _server.Client("user:pass%20word@/2?client_name=web");
        Assert.That($"{_world.Watch(redis.Ping())}", Is.EqualTo("PONG |"));
        Assert.That(_server.Heard, Is.EqualTo(new[] { "HELLO 3 AUTH user pass word SETNAME web", "SELECT 2", "PING" }));
    }

    [TestCase("", new[] { "HELLO 3", "PING" })]
    [TestCase("?protocol=2", new[] { "PING" })]
    [TestCase(":p@/1?client_name=web", new[] { "HELLO 3 AUTH default p SETNAME web", "AUTH p", "CLIENT SETNAME web", "SELECT 1", "PING" })]
    [TestCase("u:p@?protocol=2", new[] { "AUTH u p", "PING" })]
    public void Speaks_the_older_protocol_with_an_older_server(string more, string[] heard)
    {
        using var server = new RedisStub(_world = new World()) { IsOld = true };
        server.Password = more.Contains('p', StringComparison.Ordinal) && more.Contains('@', StringComparison.Ordinal) ? "p" : null;
        using var redis = server.Client(more);
        Assert.That($"{_world.Watch(redis.Ping())}", Is.EqualTo("PONG |"));
        Assert.That(server.Heard, Is.EqualTo(heard));
    }

    [Test]
    public void An_error_is_its_callers_alone()
    {
        using var redis = _server.Client();
        var (bad, good) = (_world.Watch(redis.Command("NONE", "x")), _world.Watch(redis.Ping()));
        Assert.That((((RedisErrorException)bad.Error!).Code, bad.Error.Message, $"{good}"), Is.EqualTo(("ERR", "ERR unknown command 'NONE'", "PONG |")));
    }

    [TestCase(":wrong@", "WRONGPASS")]
    [TestCase("", "NOAUTH")]
    public void Who_may_not_log_in_is_told_so_at_once_and_dials_seldom(string more, string code)
    {
        _server.Password = "right";
        using var redis = _server.Client(more);
        var first = _world.Watch(redis.Ping());
        Assert.That(first.Error, Is.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo(code).And.Message.Not.Contains("wrong@"));
        for (var i = 0; i < 1000; i++)
        {
            _world.Watch(redis.Ping());
            _world.Passes(0.009);
        }

        Assert.That(_server.Dials, Is.LessThanOrEqualTo(20));
    }

    [Test]
    public void An_old_server_that_repeats_the_password_does_not_make_it_known()
    {
        using var server = new RedisStub(_world = new World()) { IsOld = true, Password = "other" };
        using var redis = server.Client(":topsecret@?protocol=3");
        var events = Story.Of(redis.Events);
        Assert.That((_world.Watch(redis.Ping()).Error!.Message, $"{events}"), Is.EqualTo(("NOPROTO the server does not speak RESP3.", events.ToString().Replace("topsecret", "", StringComparison.Ordinal))));
    }

    [TestCase("?protocol=2", "ERR unknown command 'AUTH', with args beginning with: 'topse")]
    [TestCase("", "NOPERM topsecret")]
    public void A_server_that_repeats_a_part_of_the_password_does_not_make_it_known(string more, string refuses)
    {
        _server.Answers = command => command.StartsWith("PING", StringComparison.Ordinal) ? null : Encoding.ASCII.GetBytes($"-{refuses}\r\n");
        using var redis = _server.Client($":topsecret@{more}");
        var events = Story.Of(redis.Events);
        Assert.That($"{_world.Watch(redis.Ping()).Error} {events}", Does.Contain("***").And.Not.Contain("topse"));
    }

    [Test]
    public void A_closed_port_is_told_when_the_time_is_up_and_dialled_seldom()
    {
        using var redis = new RedisClient("redis://10.0.0.1:1", hub: _world.Hub);
        var events = Story.Of(redis.Events);
        var first = _world.Watch(redis.Ping());
        for (var i = 0; i < 100; i++)
        {
            _world.Watch(redis.Ping());
            _world.Passes(0.099);
        }

        Assert.That(first.Error, Is.InstanceOf<TimeoutException>().With.Message.Contains("PING").And.Message.Contains("10.0.0.1:1").And.InnerException.InstanceOf<ConnectionException>());
        Assert.That(events.Values, Has.All.InstanceOf<ClientConnectFailed>());
        Assert.That(events.Values, Has.Count.InRange(3, 20));
    }

    [Test]
    public void A_closed_port_is_told_when_there_was_no_connection_for_long()
    {
        using var redis = new RedisClient("redis://10.0.0.1:1", new() { MaxReconnectTime = TimeSpan.FromSeconds(2) }, _world.Hub);
        var ping = _world.Watch(redis.Ping());
        _world.Passes(3);
        Assert.That(ping.Error, Is.InstanceOf<ConnectionException>());
    }

    [Test]
    public void A_server_that_says_nothing_is_told_when_the_time_is_up()
    {
        _server.Answers = _ => [];
        using var redis = _server.Client();
        var ping = _world.Watch(redis.Ping());
        _world.Passes(5);
        Assert.That(ping.Error, Is.InstanceOf<TimeoutException>().With.Message.Contains("PING").And.Message.Contains("1 queued"));
    }

    [Test]
    public void A_server_that_answers_garbage_is_told_so_at_once()
    {
        _server.Answers = _ => "HTTP/1.1 400 Bad Request\r\n"u8.ToArray();
        using var redis = _server.Client();
        Assert.That(_world.Watch(redis.Ping()).Error, Is.InstanceOf<ProtocolException>().With.Message.Contains("10.0.0.1:6379"));
    }

    [Test]
    public void A_command_that_reads_is_sent_again_after_a_lost_connection()
    {
        using var redis = _server.Client();
        var lost = Once("GET k", () => _server.Connections[0].Abort());
        var get = _world.Watch(redis.Get("k"));
        _world.Passes(0.1);
        Assert.That(($"{get}", _server.Dials, lost()), Is.EqualTo(("null |", 2, true)));
    }

    [Test]
    public void A_command_that_writes_is_not_sent_again_after_a_lost_connection()
    {
        using var redis = _server.Client();
        Once("INCR n", () => _server.Connections[0].Abort());
        var (incr, get) = (_world.Watch(redis.Incr("n")), _world.Watch(redis.Get("k")));
        _world.Passes(0.1);
        Assert.That(($"{incr}", $"{get}", _server.Heard.Count(one => one == "INCR n")), Is.EqualTo(("#ReplyLostException", "null |", 1)));
    }

    [Test]
    public void A_command_that_may_be_repeated_is()
    {
        using var redis = _server.Client();
        Once("INCR n", () => _server.Connections[0].Abort());
        var incr = _world.Watch(redis.Repeatable().Incr("n"));
        _world.Passes(0.1);
        Assert.That(($"{incr}", _server.Heard.Count(one => one == "INCR n")), Is.EqualTo(("1 |", 2)));
    }

    [Test]
    public void What_happens_to_the_connection_is_told()
    {
        using var redis = _server.Client();
        var events = Story.Of(redis.Events);
        _world.Watch(redis.Ping());
        _server.Resets();
        _world.Passes(0.1);
        _world.Watch(redis.Ping());
        Assert.That(events.Values.Select(one => (one.GetType().Name, one.Server)), Is.EqualTo(new[] { "ClientConnected", "ClientDisconnected", "ClientConnected" }.Select(name => (name, (EndPoint)new DnsEndPoint("10.0.0.1", 6379)))));
    }

    [Test]
    public void A_server_that_closes_an_idle_connection_costs_the_next_command_no_pause()
    {
        using var redis = _server.Client("", new() { ReconnectDelay = TimeSpan.FromSeconds(10) });
        for (var i = 0; i < 5; i++)
        {
            Assert.That($"{_world.Watch(redis.Ping())}", Is.EqualTo("PONG |"));
            _world.Passes(1);
            _server.Resets();
        }
    }

    [Test]
    public void An_observer_of_events_that_throws_harms_nobody()
    {
        using var redis = _server.Client();
        redis.Events.Subscribe(_ => throw new InvalidOperationException("no"));
        var events = Story.Of(redis.Events);
        Assert.That(($"{_world.Watch(redis.Ping())}", events.Values.Count, _world.Trouble), Is.EqualTo(("PONG |", 1, "InvalidOperationException")));
    }

    [Test]
    public void The_commands_of_a_turn_leave_in_one_write()
    {
        using var redis = _server.Client();
        _world.Watch(redis.Ping());
        var before = _world.Network.Trace.Entries.Count;
        _world.Do(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                redis.Set($"k{i}", i).Subscribe();
            }
        });
        var sent = _world.Network.Trace.Entries.Skip(before).Where(entry => entry.Kind == Testing.TraceKind.Sent).ToArray();
        Assert.That(sent.Count(entry => entry.Bytes.ToText().StartsWith('*')), Is.EqualTo(1));
    }

    [Test]
    public void Another_time_limit_shares_the_connection()
    {
        using var redis = _server.Client();
        using var quick = redis.With(options => options with { Timeout = TimeSpan.FromSeconds(1) });
        _server.Answers = command => command == "PING" ? [] : null;
        var (slow, fast) = (_world.Watch(redis.Ping()), _world.Watch(quick.Ping()));
        _world.Passes(1);
        Assert.That((_server.Dials, $"{slow}", $"{fast}"), Is.EqualTo((1, "", "#TimeoutException")));
    }

    [TestCase(60)]
    [TestCase(-0.001)]
    public void A_longer_time_limit_holds_the_connection_that_long(double seconds)
    {
        using var redis = _server.Client();
        using var patient = redis.With(options => options with { Timeout = TimeSpan.FromSeconds(seconds) });
        _server.Answers = command => command is "PING" or "GET k" ? [] : null;
        var (ping, batch) = (_world.Watch(patient.Ping()), _world.Watch(patient.Batch(b => b.Get("k"))));
        _world.Passes(50);
        Assert.That(($"{ping}", $"{batch}", _server.Connections.Count), Is.EqualTo(("", "", 1)));
    }

    [Test]
    public void Another_database_is_another_client() =>
        Assert.That(() => _server.Client().With(options => options with { Database = 1 }), Throws.ArgumentException);

    [TestCase("SUBSCRIBE")]
    [TestCase("multi")]
    [TestCase("BLPOP")]
    [TestCase("SELECT")]
    [TestCase("CLIENT REPLY")]
    [TestCase("client reply OFF")]
    [TestCase("script debug YES")]
    [TestCase("SUBSCRIBE channel")]
    public void What_needs_a_connection_of_its_own_is_refused(string name)
    {
        using var redis = _server.Client();
        Assert.That(() => redis.Command(name, "x"), Throws.InstanceOf<NotSupportedException>().With.Message.Contains(string.Join(' ', name.Split(' ').Take(2))));
        Assert.That(() => redis.Transaction(t => t.Command(name, "x")), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void What_is_written_behind_a_commands_name_is_sent_and_not_shown()
    {
        _server.Answers = command => command.StartsWith("CONFIG", StringComparison.Ordinal) ? [] : null;
        using var redis = _server.Client();
        var set = _world.Watch(redis.Command("CONFIG SET requirepass secret", "timeout", 0));
        _world.Passes(6);
        Assert.That((_server.Heard[^1], set.Error!.Message), Is.EqualTo(("CONFIG SET requirepass secret timeout 0", set.Error.Message.Replace("secret", "***", StringComparison.Ordinal))));
        Assert.That(set.Error.Message, Does.StartWith("CONFIG SET got no reply"));
    }

    [TestCase("REPLY")]
    [TestCase("tracking")]
    public void What_needs_a_connection_of_its_own_is_refused_however_it_is_written(string subcommand)
    {
        using var redis = _server.Client();
        Assert.That(() => _world.Watch(redis.Command("client", subcommand, "SKIP")), Throws.InstanceOf<NotSupportedException>());
        Assert.That(_world.Watch(redis.Command("CLIENT", "INFO")).Error, Is.Null);
        Assert.That(() => _world.Watch(redis.Command("xread", "COUNT", 1, "block", 0, "STREAMS", "s", "$")), Throws.InstanceOf<NotSupportedException>());
        Assert.That(_world.Watch(redis.Command("XREAD", "STREAMS", "BLOCK", "$")).Error, Is.InstanceOf<RedisErrorException>());
    }

    [Test]
    public void A_group_may_be_called_as_it_likes()
    {
        using var redis = _server.Client();
        Assert.That(_world.Watch(redis.XReadGroup("block", "block", count: 1, noAck: false, ("s", ">"))).Error, Is.InstanceOf<RedisErrorException>());
        Assert.That(() => _world.Watch(redis.Command("XREADGROUP", "GROUP", "streams", "c", "BLOCK", 0, "STREAMS", "s", ">")), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void Disposed_it_answers_what_is_in_flight_and_refuses_the_rest()
    {
        var redis = _server.Client();
        _world.Watch(redis.Ping());
        var (inFlight, late) = (new Story<string>(), default(Story<string>));
        _world.Do(() =>
        {
            redis.Ping().Subscribe(inFlight);
            redis.Dispose();
        });
        late = _world.Watch(redis.Ping());
        Assert.That(($"{inFlight}", $"{late}", _server.Connections.Count), Is.EqualTo(("PONG |", "#ObjectDisposedException", 0)));
    }

    [Test]
    public void Disposed_while_it_dials_it_leaves_nothing()
    {
        _server.Answers = _ => [];
        var redis = _server.Client();
        var ping = _world.Watch(redis.Ping());
        redis.Dispose();
        _world.Passes(1);
        Assert.That(($"{ping}", _server.Connections.Count, _world.Trouble), Is.EqualTo(("#ObjectDisposedException", 0, "")));
    }

    [Test]
    public void Its_calls_end_with_their_hub()
    {
        _server.Answers = _ => [];
        var ping = _world.Watch(_server.Client().Ping());
        _world.Hub.Dispose();
        Assert.That(ping.Error, Is.InstanceOf<ObjectDisposedException>());
    }

    // The first time a command comes, the server does something else; tells whether it has.
    private Func<bool> Once(string command, Action does)
    {
        var done = false;
        _server.Answers = heard =>
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
