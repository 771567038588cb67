namespace Diesel.Reactive.Tests;

/// <summary>What a server says that nobody asked for is no answer to the next question.</summary>
public class UnaskedBytesTests
{
    private static readonly ClientOptions Starred = new() { Tolerates = Framing.Lines().Select(static line => line.StartsWith('*')) };

    [TestCase("x")]
    [TestCase("stale\r\n")]
    public void What_comes_between_calls_closes_the_connection(string unasked)
    {
        using var world = new World();
        using var server = Server(world);
        var client = new Asker(world);
        world.Watch(client.Ask("a"));
        server[0].Sends(unasked);
        Assert.That((server[0].IsReset, world.Watch(client.Ask("b")).ToString(), server.Count), Is.EqualTo((true, "B |", 2)));
    }

    [Test]
    public void What_comes_right_behind_an_answer_closes_the_connection()
    {
        using var world = new World();
        using var server = world.Listens(7, static peer => peer.Answers(static line => $"{line.ToUpperInvariant()}\r\nstale\r\n"));
        var client = new Asker(world);
        var answers = Asks(world, client, "a", "b", "c");
        Assert.That((string.Join(' ', answers), server.Count), Is.EqualTo(("A | B | C |", 3)));
    }

    [Test]
    public void What_a_stream_has_left_unread_closes_the_connection()
    {
        using var world = new World();
        using var server = world.Listens(7, static peer => peer.Answers(static line => $"{line.ToUpperInvariant()}\r\n"));
        var client = new Asker(world);
        var (lines, next) = (world.Watch(client.Lines(1)), world.Watch(client.Ask("b")));
        server[0].Sends("1\r\n2\r\n");
        Assert.That(($"{lines} {next}", server.Count), Is.EqualTo(("1 | B |", 2)));
    }

    [Test]
    public void A_reader_that_was_left_behind_takes_no_answer_of_the_next_call()
    {
        using var world = new World();
        using var server = Server(world);
        var (client, taken) = (new Asker(world), new List<string>());
        var calls = world.Do(() => new[] { client.Forgets(taken), client.Ask("b") }.Select(Story.Of).ToList());
        Assert.That((calls[1].ToString(), server.Count, taken), Is.EqualTo(("B |", 2, new List<string>())).UsingPropertiesComparer());
    }

    [Test]
    public void Chatter_that_is_tolerated_is_dropped()
    {
        using var world = new World();
        using var server = world.Listens(7, static peer => peer.Answers(static line => $"{line.ToUpperInvariant()}\r\n* right behind\r\n"));
        var client = new Asker(world, Starred);
        var first = Asks(world, client, "a", "b");
        server[0].Sends("* one\r\n* two\r\n* th").Sends("ree\r\n");
        Assert.That(($"{string.Join(' ', first)} {world.Watch(client.Ask("c"))}", server.Count), Is.EqualTo(("A | B | C |", 1)));
    }

    [TestCase("* half of i")]
    [TestCase("* one\r\nBYE\r\n")]
    public void Chatter_that_is_not_whole_or_of_another_kind_closes_the_connection(string unasked)
    {
        using var world = new World();
        using var server = Server(world);
        var client = new Asker(world, Starred);
        world.Watch(client.Ask("a"));
        server[0].Sends(unasked);
        Assert.That((world.Watch(client.Ask("b")).ToString(), server.Count, server[0].IsReset), Is.EqualTo(("B |", 2, true)));
    }

    [Test]
    public void A_judge_of_chatter_that_throws_shows_and_closes_the_connection()
    {
        using var world = new World();
        using var server = Server(world);
        var client = new Asker(world, new() { Tolerates = Framing.Lines().Select<bool>(static _ => throw new FormatException()) });
        world.Watch(client.Ask("a"));
        server[0].Sends("* one\r\n");
        Assert.That((world.Watch(client.Ask("b")).ToString(), server.Count, world.Trouble), Is.EqualTo(("B |", 2, "FormatException")));
    }

    [Test]
    public void Datagrams_that_come_between_calls_are_dropped()
    {
        using var world = new World();
        var (asked, server) = (default(Datagram), default(IDatagramSocket));
        world.Starts(new UdpService(9, socket => (server = socket).Datagrams().Do(d => asked = d).Select(d => d.Reply(d.Payload.ToUpper()))));
        var client = new DatagramAsker(world);
        world.Watch(client.Ask("a"));
        world.Do(() => server!.OnNext(asked!.Reply("late".ToBytes())));
        Assert.That(world.Watch(client.Ask("b")).ToString(), Is.EqualTo("B |"));
    }

    [Test]
    public void A_datagram_that_comes_twice_answers_once()
    {
        using var world = new World();
        world.Starts(new UdpService(9, static socket => socket.Datagrams().SelectMany(d => new[] { d.Reply(d.Payload.ToUpper()), d.Reply("twice".ToBytes()) })));
        var client = new DatagramAsker(world);
        world.Watch(client.Ask("a"));
        Assert.That(world.Watch(client.Ask("b")).ToString(), Is.EqualTo("B |"));
    }

    private static List<Story<string>> Asks(World world, Asker client, params string[] questions) =>
        world.Do(() => questions.Select(q => Story.Of(client.Ask(q))).ToList());

    private static Peers Server(World world) => world.Listens(7, static peer => peer.Answers(static line => line.ToUpperInvariant() + "\r\n"));

    private sealed class Asker(World world, ClientOptions? options = null) : Client("10.0.0.1", 7, options, world.Hub)
    {
        public Awaitable<string> Ask(string question) => Call(async connection =>
        {
            connection.OnNext((question + "\r\n").ToBytes());
            return (await connection.Read(Framing.UntilEol())).TrimEol().ToText();
        });

        public IObservable<string> Lines(int count) => Call(connection => connection.Lines().Take(count));

        public Awaitable<string> Forgets(List<string> taken) => Call(connection =>
        {
            connection.Lines().Subscribe(taken.Add, static _ => { });
            return Task.FromResult("");
        });
    }

    private sealed class DatagramAsker(World world) : DatagramClient("10.0.0.1", 9, hub: world.Hub)
    {
        public Awaitable<string> Ask(string question) => Call(async socket =>
        {
            socket.Send(question.ToBytes());
            return (await socket.Receive()).Payload.ToText();
        });
    }
}
