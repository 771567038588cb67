using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class SocketDatagramTests(Func<Hub> newHub)
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void A_service_answers_each_sender()
    {
        var service = _live.Starts(new UdpService(new IPEndPoint(IPAddress.Loopback, 0), static socket => socket.Datagrams().Select(static d => d.Reply(d.Payload.ToUpper()))));
        var answers = _live.Run(() => Task.WhenAll(Enumerable.Range(0, 20).Select(n => Ask(service, $"q{n}"))));
        Assert.That(answers, Is.EqualTo(Enumerable.Range(0, 20).Select(static n => $"Q{n}")));
    }

    [Test]
    public void Datagrams_keep_their_bounds_also_of_no_bytes()
    {
        var service = _live.Starts(new UdpService(new IPEndPoint(IPAddress.Loopback, 0), static socket => socket.Datagrams().Select(static d => d.Reply($"{d.Payload.Length}".ToBytes()))));
        var answers = _live.Run(async () => new[] { await Ask(service, ""), await Ask(service, "abc"), await Ask(service, new string('x', 60_000)) });
        Assert.That(answers, Is.EqualTo(new[] { "0", "3", "60000" }));
    }

    [Test]
    public void A_burst_is_received_in_order_with_its_empty_datagrams()
    {
        var received = _live.Run(async () =>
        {
            using var socket = await Udp.Bind(Loopback);
            using var sender = await Udp.Connect("127.0.0.1", ((IPEndPoint)socket.LocalEndPoint).Port);
            for (var n = 0; n < 90; n++)
            {
                sender.Send(n % 3 == 0 ? default : $"{n}".ToBytes());
            }

            return await socket.Datagrams().Take(90).Select(static d => d.Payload.ToText()).ToList();
        });
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, 90).Select(static n => n % 3 == 0 ? "" : $"{n}")));
    }

    [Test]
    public void Nobody_at_the_other_end_is_an_entry_of_Errors_and_not_the_end()
    {
        var (error, local, reply) = _live.Run(async () =>
        {
            var (gone, port) = await Bound();
            gone.Dispose();
            using var socket = await Udp.Connect("127.0.0.1", port);
            var errors = socket.Errors.FirstAsync().PublishLast();
            using var watching = errors.Connect();
            socket.Send("A".ToBytes());
            var refused = await errors;
            using var back = await Udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            back.Select(static d => d.Reply(d.Payload.ToUpper())).Subscribe(back);
            socket.Send("b".ToBytes());
            return (refused, socket.LocalEndPoint, (await socket.Receive()).Payload.ToText());
        });
        Assert.That((error.Message, reply), Is.EqualTo(
            ($"A datagram sent from {local} was refused: nobody listens at its port (ICMP port unreachable).", "B")));
    }

    [Test]
    public void A_datagram_after_one_that_was_refused_is_sent()
    {
        var received = _live.Run(async () =>
        {
            var (gone, port) = await Bound();
            gone.Dispose();
            using var socket = await Udp.Connect("127.0.0.1", port);
            socket.Send("A".ToBytes());
            await _live.Hub.Sleep();
            using var back = await Udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Send("B".ToBytes());
            return (await back.Receive()).Payload.ToText();
        });
        Assert.That(received, Is.EqualTo("B"));
    }

    [Test]
    public void A_datagram_too_large_is_an_entry_of_Errors()
    {
        var error = _live.Run(async () =>
        {
            var (socket, port) = await Bound();
            var errors = socket.Errors.FirstAsync().PublishLast();
            using var watching = errors.Connect();
            socket.OnNext(new Datagram(new byte[70_000], new IPEndPoint(IPAddress.Loopback, port)));
            return await errors;
        });
        Assert.That(error.Message, Does.Match(
            @"^Cannot send a datagram of 70000 bytes to 127\.0\.0\.1:\d+: it is too large for the network; send at most 65507 bytes, and below 1200 to be safe\.$"));
    }

    [TestCase("127.0.0.1")]
    [TestCase("0.0.0.0")]
    [TestCase("::")]
    public void A_datagram_to_itself_is_counted_and_not_answered(string local)
    {
        var (received, dropped) = _live.Run(async () =>
        {
            using var socket = await Udp.Bind(new IPEndPoint(IPAddress.Parse(local), 0));
            var port = ((IPEndPoint)socket.LocalEndPoint).Port;
            using var sender = await Udp.Connect("127.0.0.1", port);
            socket.OnNext(new Datagram("A".ToBytes(), new IPEndPoint(IPAddress.Loopback, port)));
            sender.Send("B".ToBytes());
            return ((await socket.Receive()).Payload.ToText(), socket.Dropped);
        });
        Assert.That((received, dropped), Is.EqualTo(("B", 1L)));
    }

    [Test]
    public void A_datagram_to_port_0_is_an_entry_of_Errors()
    {
        var error = _live.Run(async () =>
        {
            using var socket = await Udp.Bind(Loopback);
            var errors = socket.Errors.FirstAsync().PublishLast();
            using var watching = errors.Connect();
            socket.OnNext(new Datagram("A".ToBytes(), new IPEndPoint(IPAddress.Loopback, 0)));
            return await errors;
        });
        Assert.That(error.Message, Is.EqualTo(
            "Cannot send a datagram to 127.0.0.1:0: nobody can listen at port 0. Give the receiver's port; who sent from port 0 cannot be answered."));
    }

    [Test]
    public void A_port_in_use()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(Loopback);
        Assert.That(() => _live.Await(Udp.Bind((IPEndPoint)taken.LocalEndPoint!, hub: _live.Hub)), Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
            $"Cannot bind to {taken.LocalEndPoint}: the port is in use. Stop the program that has it, or choose another port (0 lets the system choose)."));
    }

    [Test]
    public void Disposing_the_hub_closes_the_sockets()
    {
        var socket = _live.Await(Udp.Bind(Loopback, hub: _live.Hub));
        _live.Hub.Dispose();
        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.That(() => next.Bind(socket.LocalEndPoint), Throws.Nothing);
    }

    private static async Task<(IDatagramSocket Socket, int Port)> Bound()
    {
        var socket = await Udp.Bind(Loopback);
        return (socket, ((IPEndPoint)socket.LocalEndPoint).Port);
    }

    private static async Task<string> Ask(UdpService service, string question)
    {
        using var socket = await Udp.Connect("127.0.0.1", service.Port);
        socket.Send(question.ToBytes());
        return (await socket.Receive()).Payload.ToText();
    }
}
