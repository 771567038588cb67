using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class RedisClientTests : RedisStubFixture
{
    [Test]
    public void Sets_and_gets()
    {
        using var redis = Server.Client();
        var (set, get, missing) = (World.Watch(redis.Set("mykey", "myvalue")), World.Watch(redis.Get("mykey")), World.Watch(redis.Get("nokey")));
        Assert.That(($"{set}", $"{get}", $"{missing}"), Is.EqualTo(("True |", "myvalue |", "null |")));
    }

    [Test]
    public void Says_hello_once_and_then_what_it_is_asked()
    {
        using var redis = Server.Client();
        World.Watch(redis.Ping());
        World.Watch(redis.Ping());
        Assert.That(Server.Heard, Is.EqualTo(new[] { "HELLO 3", "PING", "PING" }));
    }

    [Test]
    public void Dials_nothing_before_it_is_asked()
    {
        using var redis = Server.Client();
        var get = redis.Get("k");
        World.Passes(1);
        Assert.That((Server.Dials, redis.Counts.Queued), Is.EqualTo((0, 0)));
        Assert.That(get, Is.Not.Null);
    }

    [Test]
    public void Sends_a_command_for_each_that_awaits_it()
    {
        using var redis = Server.Client();
        var incr = redis.Incr("n");
        Assert.That(($"{World.Watch(incr)}", $"{World.Watch(incr)}"), Is.EqualTo(("1 |", "2 |")));
    }

    [Test]
    public void An_error_is_its_callers_alone()
    {
        using var redis = Server.Client();
        var (bad, good) = (World.Watch(redis.Command("NONE", "x")), World.Watch(redis.Ping()));
        Assert.That((((RedisErrorException)bad.Error!).Code, bad.Error.Message, $"{good}"), Is.EqualTo(("ERR", "ERR unknown command 'NONE'", "PONG |")));
    }

    [Test]
    public void The_commands_of_a_turn_leave_in_one_write()
    {
        using var redis = Server.Client();
        World.Watch(redis.Ping());
        var before = World.Network.Trace.Entries.Count;
        World.Do(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                redis.Set($"k{i}", i).Subscribe();
            }
        });
        var sent = World.Network.Trace.Entries.Skip(before).Where(entry => entry.Kind == Testing.TraceKind.Sent).ToArray();
        Assert.That(sent.Count(entry => entry.Bytes.ToText().StartsWith('*')), Is.EqualTo(1));
    }

    [Test]
    public void Another_time_limit_shares_the_connection()
    {
        using var redis = Server.Client();
        using var quick = redis.With(options => options with { Timeout = TimeSpan.FromSeconds(1) });
        Server.Answers = command => command == "PING" ? [] : null;
        var (slow, fast) = (World.Watch(redis.Ping()), World.Watch(quick.Ping()));
        World.Passes(1);
        Assert.That((Server.Dials, $"{slow}", $"{fast}"), Is.EqualTo((1, "", "#TimeoutException")));
    }

    [TestCase(60)]
    [TestCase(-0.001)]
    public void A_longer_time_limit_holds_the_connection_that_long(double seconds)
    {
        using var redis = Server.Client();
        using var patient = redis.With(options => options with { Timeout = TimeSpan.FromSeconds(seconds) });
        Server.Answers = command => command is "PING" or "GET k" ? [] : null;
        var (ping, batch) = (World.Watch(patient.Ping()), World.Watch(patient.Batch(b => b.Get("k"))));
        World.Passes(50);
        Assert.That(($"{ping}", $"{batch}", Server.Connections.Count), Is.EqualTo(("", "", 1)));
    }

    [Test]
    public void Another_database_is_another_client() =>
        Assert.That(() => Server.Client().With(options => options with { Database = 1 }), Throws.ArgumentException);

    [Test]
    public void Disposed_it_answers_what_is_in_flight_and_refuses_the_rest()
    {
        var redis = Server.Client();
        World.Watch(redis.Ping());
        var (inFlight, late) = (new Story<string>(), default(Story<string>));
        World.Do(() =>
        {
            redis.Ping().Subscribe(inFlight);
            redis.Dispose();
        });
        late = World.Watch(redis.Ping());
        Assert.That(($"{inFlight}", $"{late}", Server.Connections.Count), Is.EqualTo(("PONG |", "#ObjectDisposedException", 0)));
    }

    [Test]
    public void Disposed_while_it_dials_it_leaves_nothing()
    {
        Server.Answers = _ => [];
        var redis = Server.Client();
        var ping = World.Watch(redis.Ping());
        redis.Dispose();
        World.Passes(1);
        Assert.That(($"{ping}", Server.Connections.Count, World.Trouble), Is.EqualTo(("#ObjectDisposedException", 0, "")));
    }

    [Test]
    public void Its_calls_end_with_their_hub()
    {
        Server.Answers = _ => [];
        var ping = World.Watch(Server.Client().Ping());
        World.Hub.Dispose();
        Assert.That(ping.Error, Is.InstanceOf<ObjectDisposedException>());
    }
}
