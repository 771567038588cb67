using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Clients of conversations that come back.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ClientReconnectTests : IDisposable
{
    private static readonly ReconnectOptions Even = new() { Backoff = new() { First = TimeSpan.FromSeconds(1), Jitter = false }, MaxWait = TimeSpan.FromSeconds(10) };
    private static readonly EndPoint[] Servers = [.. new[] { 7, 8, 9 }.Select(port => new IPEndPoint(World.Here, port))];

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Test]
    public void A_call_waits_for_the_server_to_come_up()
    {
        using var client = Client(Even);
        var call = _world.Watch(client.Ask("a"));
        _world.Passes(2);
        using var server = Server(7);
        _world.Passes(1.1);
        Assert.That(($"{call}", server.Count), Is.EqualTo(("A |", 1)));
    }

    [Test]
    public void Each_call_waits_for_its_own_time_and_not_longer()
    {
        using var client = Client(Even);
        var (first, second) = (_world.Watch(client.Ask("a")), _world.Watch(client.Ask("b")));
        _world.Passes(10);
        Assert.That($"{first} {second}", Is.EqualTo("#ConnectionException "));
        _world.Passes(10);
        Assert.That($"{second}", Is.EqualTo("#ConnectionException"));
    }

    [Test]
    public void Each_connection_is_prepared_before_a_conversation_gets_it()
    {
        using var server = Server(7);
        using var client = Client(Even, greets: true);
        var first = _world.Watch(client.Ask("a"));
        server[0].Resets();
        var second = _world.Watch(client.Ask("b"));
        Assert.That(($"{first} {second}", server[0].Received, server[1].Received), Is.EqualTo(("A | B |", "hello\r\na\r\n", "hello\r\nb\r\n")));
    }

    [Test]
    public void A_server_that_dies_under_a_conversation_is_dialled_after_a_pause_and_one_that_closes_between_two_at_once()
    {
        using var server = _world.Listens(7);
        using var client = Client(Even);
        var first = _world.Watch(client.Ask("a"));
        server[0].Sends("A\r\n").Resets();
        _world.Watch(client.Ask("b"));
        Assert.That(($"{first}", server.Count), Is.EqualTo(("A |", 2)));
        server[1].Resets();
        _world.Watch(client.Ask("c"));
        _world.Passes(0.9);
        Assert.That(server.Count, Is.EqualTo(2));
        _world.Passes(0.2);
        Assert.That(server.Count, Is.EqualTo(3));
    }

    [Test]
    public void Kept_connected_it_notices_between_calls_that_the_connection_is_gone()
    {
        using var server = Server(7);
        using var client = Client(Even with { KeepConnected = true });
        var states = _world.Watch(client.State.Select(static state => state.Phase));
        _world.Passes(11);
        server[0].Ends();
        _world.Settle();
        Assert.That(($"{states}", server.Count), Is.EqualTo(("Connecting Preparing Ready Disconnected Connecting Preparing Ready", 2)).Or.EqualTo((
            "Ready Disconnected Connecting Preparing Ready", 2)));
    }

    [Test]
    public void That_the_server_has_ended_a_connection_at_rest_is_told_so()
    {
        using var server = Server(7);
        using var client = Client(Even);
        var lost = _world.Watch(client.State.Where(static state => state is { Phase: ClientPhase.Disconnected, Reason: not null }).Select(static state => state.Reason!.GetType().Name));
        _world.Watch(client.Ask("a"));
        server[0].Ends();
        _world.Settle();
        Assert.That($"{lost}", Is.EqualTo(nameof(ConnectionException)));
    }

    [Test]
    public void A_state_is_one_line_whatever_the_reason() =>
        Assert.That($"{new ClientState(ClientPhase.Disconnected, Servers[0], new ObjectDisposedException("a", "b"))}", Does.Not.Contain('\n'));

    [Test]
    public void Of_several_servers_the_next_serves_when_one_does_not()
    {
        using var server = Server(9);
        using var client = Client(null, Servers);
        Assert.That(($"{_world.Watch(client.Ask("a"))}", server.Count), Is.EqualTo(("A |", 1)));
    }

    [Test]
    public void When_none_of_several_serves_the_call_is_told_once_each_was_tried()
    {
        using var client = Client(null, Servers);
        var states = _world.Watch(client.State.Where(static state => state.Phase == ClientPhase.Connecting));
        Assert.That(($"{_world.Watch(client.Ask("a"))}", states.Values.Count), Is.EqualTo(("#ConnectionException", 3)));
    }

    [Test]
    public void Retargeted_the_conversation_under_way_comes_to_its_end_and_the_next_goes_there()
    {
        using var old = _world.Listens(7);
        using var other = Server(8);
        using var client = Client(Even);
        var (running, next) = (_world.Watch(client.Ask("a")), _world.Watch(client.Ask("b")));
        _world.Do(() => client.Retarget(Servers[1]));
        var wasOpen = !old[0].HasEnded && !old[0].IsReset;
        old[0].Sends("A\r\n");
        Assert.That(($"{running} {next}", wasOpen, old[0].HasEnded, other.Count), Is.EqualTo(("A | B |", true, true, 1)));
    }

    [Test]
    public void Retargeted_between_two_the_connection_is_closed_at_once()
    {
        using var old = Server(7);
        using var other = Server(8);
        using var client = Client(Even);
        _world.Watch(client.Ask("a"));
        _world.Do(() => client.Retarget(Servers[1]));
        var closed = old[0].HasEnded;
        Assert.That(($"{_world.Watch(client.Ask("b"))} {client}", closed), Is.EqualTo(("B | Lines of 10.0.0.1:8", true)));
    }

    [Test]
    public void Retargeted_under_load_each_call_is_answered()
    {
        using var one = Server(7);
        using var other = Server(8);
        _world.Network.Conditions = new() { Latency = TimeSpan.FromMilliseconds(3) };
        using var client = Client(Even);
        var calls = new List<Story<string>>();
        for (var i = 0; i < 200; i++)
        {
            calls.Add(_world.Watch(client.Ask($"x{i}")));
            if (i % 20 == 19)
            {
                _world.Do(() => client.Retarget(Servers[i / 20 % 2]));
            }
        }

        _world.Passes(5);
        Assert.That(calls.Select(static call => $"{call}"), Is.EqualTo(Enumerable.Range(0, 200).Select(static i => $"X{i} |")));
        Assert.That((one.Count > 1, other.Count > 1, _world.Trouble), Is.EqualTo((true, true, "")));
    }

    [Test]
    public void A_caller_that_leaves_while_it_connects_leaves_the_connection_to_the_next()
    {
        using var server = Server(7);
        _world.Network.Conditions = new() { Latency = TimeSpan.FromSeconds(1) };
        using var client = Client(Even);
        var left = _world.Watch(client.Ask("a"));
        _world.Do(left.Subscription!.Dispose);
        var next = _world.Watch(client.Ask("b"));
        _world.Passes(5);
        Assert.That(($"{left} {next}", server.Count, server[0].Received), Is.EqualTo((" B |", 1, "b\r\n")));
    }

    private Peers Server(int port) => _world.Listens(port, static peer => peer.Answers(static line => line.ToUpperInvariant() + "\r\n"));

    private Lines Client(ReconnectOptions? reconnect, EndPoint[]? servers = null, bool greets = false) => new(servers ?? Servers[..1], reconnect, greets, _world.Hub);

    private sealed class Lines(EndPoint[] servers, ReconnectOptions? reconnect, bool greets, Hub hub) : Client(servers, new() { Reconnect = reconnect }, hub)
    {
        public Awaitable<string> Ask(string question) => Call(connection => Ask(connection, question));

        protected override Task Prepare(Connection connection) => greets ? Ask(connection, "hello") : base.Prepare(connection);

        private static async Task<string> Ask(Connection connection, string question)
        {
            connection.OnNext((question + "\r\n").ToBytes());
            return (await connection.Read(Framing.UntilEol())).TrimEol().ToText();
        }
    }
}
