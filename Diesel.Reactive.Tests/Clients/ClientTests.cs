using System.Reactive;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class ClientTests
{
    [Test]
    public void A_client_connects_when_the_first_call_needs_it()
    {
        using var world = new World();
        using var server = Server(world);
        var client = new Lines(world);
        world.Settle();
        Assert.That(server.Count, Is.Zero);
        Assert.That((world.Watch(client.Ask("a")).ToString(), server.Count), Is.EqualTo(("A |", 1)));
    }

    [Test]
    public void Calls_share_one_connection_one_after_the_other()
    {
        using var world = new World();
        using var server = Server(world);
        var client = new Lines(world);
        var calls = world.Do(() => new[] { "a", "b", "c" }.Select(q => Story.Of(client.Ask(q))).ToList());
        Assert.That((string.Join(' ', calls), server.Count, server.Last.Received), Is.EqualTo(("A | B | C |", 1, "a\r\nb\r\nc\r\n")));
    }

    [Test]
    public void The_next_call_is_not_sent_before_the_last_was_answered()
    {
        using var world = new World();
        using var server = world.Listens(7);
        var client = new Lines(world);
        var (a, b) = (world.Watch(client.Ask("a")), world.Watch(client.Ask("b")));
        Assert.That(server.Last.Received, Is.EqualTo("a\r\n"));
        server.Last.Sends("A\r\n");
        Assert.That((a.ToString(), server.Last.Received), Is.EqualTo(("A |", "a\r\nb\r\n")));
        server.Last.Sends("B\r\n");
        Assert.That(b.ToString(), Is.EqualTo("B |"));
    }

    [Test]
    public void Replies_are_never_mixed_however_they_are_cut()
    {
        using var world = new World();
        world.Network.Conditions = new() { Cut = Cut.Random(3), Window = 5 };
        using var server = Server(world);
        var client = new Lines(world);
        var calls = world.Do(() => Enumerable.Range(0, 100).Select(n => Story.Of(n % 3 == 0 ? client.Two($"x{n}", "y") : client.Ask($"x{n}"))).ToList());
        world.Passes(0.1);
        Assert.That(calls.Select(c => c.ToString()), Is.EqualTo(Enumerable.Range(0, 100).Select(n => n % 3 == 0 ? $"X{n}+Y |" : $"X{n} |")));
    }

    [Test]
    public void A_call_is_cold_and_each_await_is_one_call()
    {
        using var world = new World();
        using var server = Server(world);
        var call = new Lines(world).Ask("a");
        world.Runs(async () =>
        {
            await call;
            await call;
        });
        Assert.That(server.Last.Received, Is.EqualTo("a\r\na\r\n"));
    }

    [Test]
    public void A_call_may_give_a_stream()
    {
        using var world = new World();
        using var server = world.Listens(7);
        var client = new Lines(world);
        var (stream, next) = (world.Watch(client.Subscribed(3)), world.Watch(client.Ask("b")));
        server.Last.Sends("1\r\n2\r\n");
        Assert.That(stream.ToString(), Is.EqualTo("1 2"));
        server.Last.Sends("3\r\n").Sends("B\r\n");
        Assert.That((stream.ToString(), next.ToString()), Is.EqualTo(("1 2 3 |", "B |")));
    }

    [Test]
    public void A_conversation_that_fails_tells_its_caller_and_the_next_call_dials_anew()
    {
        using var world = new World();
        using var server = Server(world);
        var client = new Lines(world);
        var (bad, good) = (world.Watch(client.Fails()), world.Watch(client.Ask("b")));
        Assert.That((bad.Error!.Message, good.ToString(), server.Count, server[0].IsReset), Is.EqualTo(("no such thing", "B |", 2, true)));
        Assert.That(world.Errors, Is.Empty);
    }

    [Test]
    public void A_conversation_given_up_closes_its_connection_and_the_next_call_dials_anew()
    {
        using var world = new World();
        using var server = world.Listens(7);
        var client = new Lines(world);
        var slow = world.Watch(client.Ask("a").Timeout(TimeSpan.FromSeconds(1), world.Hub));
        world.Passes(1);
        var next = world.Watch(client.Ask("b"));
        server[0].Sends("A\r\n");
        server[1].Sends("B\r\n");
        Assert.That((slow.ToString(), next.ToString(), server[0].IsReset), Is.EqualTo(("#TimeoutException", "B |", true)));
    }

    [Test]
    public void A_call_given_up_before_its_turn_is_never_made()
    {
        using var world = new World();
        using var server = world.Listens(7);
        var client = new Lines(world);
        var (a, b, c) = (world.Watch(client.Ask("a")), world.Watch(client.Ask("b")), world.Watch(client.Ask("c")));
        world.Do(b.Subscription!.Dispose);
        server.Last.Sends("A\r\n");
        server.Last.Sends("C\r\n");
        Assert.That(($"{a} {b} {c}", server.Count, server.Last.Received), Is.EqualTo(("A |  C |", 1, "a\r\nc\r\n")));
    }

    [Test]
    public void A_reset_fails_the_call_under_way_and_the_next_dials_anew()
    {
        using var world = new World();
        using var server = world.Listens(7);
        var client = new Lines(world);
        var (a, b) = (world.Watch(client.Ask("a")), world.Watch(client.Ask("b")));
        server[0].Resets();
        server[1].Sends("B\r\n");
        Assert.That(($"{a} {b}", server.Count), Is.EqualTo(("#ConnectionException B |", 2)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_server_that_closes_between_calls_is_noticed(bool gracefully)
    {
        using var world = new World();
        using var server = Server(world);
        var client = new Lines(world);
        world.Watch(client.Ask("a"));
        _ = gracefully ? server[0].Ends() : server[0].Resets();
        Assert.That((world.Watch(client.Ask("b")).ToString(), server.Count), Is.EqualTo(("B |", 2)));
    }

    [Test]
    public void A_server_that_sends_unasked_without_end_is_dropped()
    {
        using var world = new World();
        using var server = Server(world);
        var client = new Lines(world);
        world.Watch(client.Ask("a"));
        server[0].Sends(new string('x', 200_000));
        Assert.That((server[0].IsReset, world.Watch(client.Ask("b")).ToString()), Is.EqualTo((true, "B |")));
    }

    [Test]
    public void Connect_tells_whether_it_works()
    {
        using var world = new World();
        var client = new Lines(world);
        Assert.That(world.Watch(client.Connect()).Error, Is.InstanceOf<ConnectionException>().With.Message.EqualTo(
            "Cannot connect to 10.0.0.1:7: connection refused. Is something listening there?"));
        using var server = Server(world);
        Assert.That((world.Watch(client.Connect()).ToString(), server.Count), Is.EqualTo(("() |", 1)));
        Assert.That((world.Watch(client.Ask("a")).ToString(), server.Count), Is.EqualTo(("A |", 1)));
    }

    [Test]
    public void A_failed_dial_fails_its_own_call_only()
    {
        using var world = new World();
        var client = new Lines(world);
        var failed = world.Watch(client.Ask("a"));
        using var server = Server(world);
        Assert.That(($"{failed} {world.Watch(client.Ask("b"))}"), Is.EqualTo("#ConnectionException B |"));
    }

    [Test]
    public void Calls_past_the_bound_are_refused()
    {
        using var world = new World();
        using var server = world.Listens(7);
        var client = new Lines(world, new() { MaxQueuedCalls = 2 });
        var calls = world.Do(() => Enumerable.Range(0, 4).Select(n => Story.Of(client.Ask($"{n}"))).ToList());
        Assert.That(calls[3].Error, Is.InstanceOf<InvalidOperationException>().With.Message.EqualTo(
            "2 calls already wait for Lines of 10.0.0.1:7: it answers too slowly, or calls come too fast. Raise MaxQueuedCalls, or use more clients."));
        Assert.That(calls.Take(3).Any(c => c.IsOver), Is.False);
    }

    [Test]
    public void Dispose_closes_gracefully_and_fails_the_calls_that_wait()
    {
        using var world = new World();
        using var server = Server(world);
        var client = new Lines(world);
        world.Watch(client.Ask("a"));
        world.Do(client.Dispose);
        Assert.That((server[0].Story, world.Watch(client.Ask("b")).Error!.Message.Split('\n')[0]), Is.EqualTo(
            ("a |", "The Lines of 10.0.0.1:7 was disposed.")));
    }

    [Test]
    public void Dispose_fails_all_calls_though_an_observer_throws()
    {
        using var world = new World();
        using var server = world.Listens(7);
        var client = new Lines(world);
        var running = world.Watch(client.Ask("a"));
        world.Do(() => client.Ask("b").Subscribe(static _ => { }));
        var last = world.Watch(client.Ask("c"));
        world.Do(client.Dispose);
        Assert.That(($"{running} {last}", world.Trouble), Is.EqualTo(("#ObjectDisposedException #ObjectDisposedException", "ObjectDisposedException")));
    }

    [Test]
    public void An_observer_that_throws_does_not_keep_the_next_calls()
    {
        using var world = new World();
        using var server = Server(world);
        var client = new Lines(world);
        world.Do(() => client.Ask("a").Subscribe(static _ => throw new FormatException()));
        world.Do(() => client.Subscribed(1).Subscribe(static _ => throw new FormatException()));
        server.Last.Sends("1\r\n");
        Assert.That((world.Watch(client.Ask("b")).ToString(), world.Trouble), Is.EqualTo(("B |", "FormatException FormatException")));
    }

    [Test]
    public void Many_short_calls_do_not_grow_the_stack()
    {
        using var world = new World();
        using var server = Server(world);
        var (client, count) = (new Lines(world, new() { MaxQueuedCalls = 100_000 }), 0);
        world.Do(() => Array.ForEach(Enumerable.Range(0, 50_000).ToArray(), _ => client.Connect().Subscribe(_ => count++)));
        world.Passes(1);
        Assert.That(count, Is.EqualTo(50_000));
    }

    private static Peers Server(World world) => world.Listens(7, static peer => peer.Answers(static line => line.ToUpperInvariant() + "\r\n"));

    private sealed class Lines(World world, ClientOptions? options = null) : Client("10.0.0.1", 7, options, world.Hub)
    {
        public Awaitable<string> Ask(string question) => Call(connection => Ask(connection, question));

        public Awaitable<string> Two(string first, string second) => Call(async connection =>
            $"{await Ask(connection, first)}+{await Ask(connection, second)}");

        public Awaitable<Unit> Fails() => Call<Unit>(async connection =>
        {
            await Ask(connection, "x");
            throw new KeyNotFoundException("no such thing");
        });

        public IObservable<string> Subscribed(int count) => Call(connection => connection.Lines().Take(count));

        private static async Task<string> Ask(Connection connection, string question)
        {
            connection.OnNext((question + "\r\n").ToBytes());
            return (await connection.Read(Framing.UntilEol())).TrimEol().ToText();
        }
    }
}
