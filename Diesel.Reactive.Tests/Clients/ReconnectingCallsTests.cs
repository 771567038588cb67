using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary>Many callers of one connection that is made again when it is lost.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReconnectingCallsTests : IDisposable
{
    private readonly World _world = new();
    private readonly Peers _server;
    private readonly ReconnectingCalls<Said> _calls;
    private Func<Connection, Task> _prepare = static _ => Task.CompletedTask;

    public ReconnectingCallsTests()
    {
        _server = _world.Listens(7, static peer => peer.Answers(line => line switch
        {
            "die" => Die(peer),
            "hang" => null,
            _ => $"{line}!\r\n",
        }));
        _calls = new ReconnectingCalls<Said>(
            [IPEndPoint.Parse("10.0.0.1:7")], Begin, options: new() { Backoff = new() { First = TimeSpan.FromSeconds(1), Jitter = false }, MaxWait = TimeSpan.FromSeconds(5) }, hub: _world.Hub);
    }

    public void Dispose()
    {
        _calls.Dispose();
        _server.Dispose();
        _world.Dispose();
    }

    [Test]
    public void The_first_call_connects_and_others_go_along()
    {
        var before = _server.Count;
        Assert.That(($"{Says("a")} {Says("b")}", before, _server.Count), Is.EqualTo(("a! | b! |", 0, 1)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_server_that_closes_an_idle_connection_costs_the_next_caller_no_pause(bool gracefully)
    {
        for (var i = 0; i < 5; i++)
        {
            Says("a");
            _world.Passes(0.5);
            _ = gracefully ? _server.Last.Ends() : _server.Last.Resets();
        }

        Assert.That(($"{Says("b")}", _server.Count), Is.EqualTo(("b! |", 6)));
    }

    [Test]
    public void A_server_that_dies_under_a_call_is_dialled_again_after_a_pause()
    {
        var die = Says("die");
        var next = Says("a");
        _world.Passes(0.9);
        Assert.That(($"{die}", $"{next}", _server.Count), Is.EqualTo(("#ReplyLostException", "", 1)));
        _world.Passes(0.2);
        Assert.That(($"{next}", _server.Count), Is.EqualTo(("a! |", 2)));
    }

    [Test]
    public void A_call_that_may_be_repeated_kills_each_connection_and_is_not_sent_more_often_than_the_pauses_allow()
    {
        var call = _world.Watch(_calls.Ask(new Say(Tongue.InOrder, "die") { Repeats = true }));
        _world.Passes(7.5);
        Assert.That(_server.Count, Is.EqualTo(4), "at 0, 1, 3 and 7 s");
        call.Subscription!.Dispose();
    }

    [Test]
    public void Calls_wait_for_as_long_as_they_may_and_are_told_what_the_last_attempt_came_to()
    {
        _server.Dispose();
        var calls = new[] { Says("a"), Says("b") };
        _world.Passes(4.9);
        var before = string.Join(' ', (object[])calls);
        _world.Passes(0.2);
        Assert.That((before, string.Join(' ', (object[])calls)), Is.EqualTo((" ", "#ConnectionException #ConnectionException")));
    }

    [Test]
    public void When_all_callers_have_left_nobody_dials_on()
    {
        _server.Dispose();
        var states = Story.Of(_calls.State.Where(static state => state.Phase == ClientPhase.Connecting));
        var call = Says("a");
        _world.Passes(0.5);
        _world.Do(call.Subscription!.Dispose);
        _world.Passes(60);
        Assert.That(states.Values, Has.Count.InRange(1, 2));
    }

    [Test]
    public void No_call_is_sent_before_the_connection_is_ready()
    {
        var ready = new AwaitableSource<int>();
        _prepare = async connection =>
        {
            connection.OnNext("hello\r\n".ToBytes());
            await connection.Read(Framing.UntilEol());
            await ready;
        };
        var call = Says("a");
        _world.Passes(1);
        var before = _server[0].Received;
        _world.Do(() => ready.TrySetResult(1));
        Assert.That((before, _server[0].Received, $"{call}"), Is.EqualTo(("hello\r\n", "hello\r\na\r\n", "a! |")));
    }

    [Test]
    public void Retargeted_new_calls_go_there_and_what_is_in_flight_is_answered_where_it_is()
    {
        using var other = _world.Listens(8, static peer => peer.Answers(static line => $"{line}?\r\n"));
        Says("a");
        var hanging = Says("hang");
        _world.Do(() => _calls.Retarget(IPEndPoint.Parse("10.0.0.1:8")));
        var next = Says("b");
        _server[0].Sends("late\r\n");
        Assert.That(($"{hanging} {next}", _server[0].HasEnded, other.Count), Is.EqualTo(("late | b? |", true, 1)));
    }

    [Test]
    public void Retargeted_under_load_each_call_is_answered()
    {
        using var other = _world.Listens(8, static peer => peer.Answers(static line => $"{line}!\r\n"));
        _world.Network.Conditions = new() { Latency = TimeSpan.FromMilliseconds(3) };
        var says = new List<Story<string>>();
        for (var i = 0; i < 200; i++)
        {
            says.Add(Says($"{i}"));
            if (i % 20 == 19)
            {
                _world.Do(() => _calls.Retarget(IPEndPoint.Parse(i / 20 % 2 == 0 ? "10.0.0.1:8" : "10.0.0.1:7")));
            }
        }

        _world.Passes(5);
        Assert.That(says.Select(static each => $"{each}"), Is.EqualTo(Enumerable.Range(0, 200).Select(static i => $"{i}! |")));
        Assert.That((_server.Count > 1, other.Count > 1, _world.Trouble), Is.EqualTo((true, true, "")));
    }

    [Test]
    public void A_call_from_another_thread_at_the_moment_of_a_loss_is_answered()
    {
        using var live = new Live();
        var listening = Tcp.Listen(new IPEndPoint(IPAddress.Loopback, 0), hub: live.Hub);
        var count = 0;
        using var listens = listening.Subscribe(connection => connection.Lines().Subscribe(line =>
        {
            connection.OnNext($"{line}!\r\n".ToBytes());
            if (++count % 3 == 0)
            {
                connection.Dispose();
            }
        }));
        using var calls = new ReconnectingCalls<Said>([listening.EndPoint], Begin, hub: live.Hub);
        for (var i = 0; i < 300; i++)
        {
            Assert.That(live.Await(calls.Ask(new Say(Tongue.InOrder, $"{i}") { Repeats = true })), Is.EqualTo($"{i}!"));
        }
    }

    private Story<string> Says(string text) => _world.Watch(_calls.Ask(new Say(Tongue.InOrder, text)));

    private async Task<Pipeline<Said>> Begin(Connection connection, CallQueue<Said> queue)
    {
        await _prepare(connection);
        return new Pipeline<Said>(connection, Tongue.InOrder.Framing, Tongue.InOrder.Correlation, queue: queue);
    }

    private static string? Die(Peer peer)
    {
        Hub.Current!.Schedule(peer.Transport.Abort);
        return null;
    }
}
