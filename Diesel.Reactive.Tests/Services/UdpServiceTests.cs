using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

public class UdpServiceTests
{
    [Test]
    public void Replies_go_to_their_senders()
    {
        using var world = new World();
        world.Starts(new UdpService(9, static socket => socket.Datagrams().Select(d => d.Reply(d.Payload.ToUpper()))));
        var (one, two) = (world.Mate(), world.Mate());
        one.Sends("a", 9);
        two.Sends("b", 9);
        Assert.That((one.Story, two.Story), Is.EqualTo(("A", "B")));
    }

    [Test]
    public void A_sequential_handler_serves_all_senders()
    {
        using var world = new World();
        world.Starts(new UdpService(9, async socket =>
        {
            while (true)
            {
                var datagram = await socket.Receive();
                socket.OnNext(datagram.Reply(datagram.Payload.ToUpper()));
            }
        }));
        Assert.That(world.Mate().Sends("a", 9).Sends("b", 9).Story, Is.EqualTo("A B"));
    }

    [Test]
    public void A_handler_that_throws_shows_and_is_started_again_at_once()
    {
        using var world = new World();
        world.Starts(new UdpService(9, static socket => socket.Datagrams().Select(d => d.Reply($"{int.Parse(d.Payload.ToText())}".ToBytes()))));
        Assert.That(world.Mate().Sends("1", 9).Sends("x", 9).Sends("2", 9).Story, Is.EqualTo("1 2"));
        Assert.That(world.Trouble, Is.EqualTo(nameof(FormatException)));
    }

    [Test]
    public void A_handler_that_throws_from_the_start_is_started_again_after_a_pause()
    {
        using var world = new World();
        var starts = 0;
        world.Starts(new UdpService(9, socket => ++starts < 3 ? throw new FormatException() : socket.Datagrams()));
        Assert.That(starts, Is.EqualTo(1));
        world.Passes(2);
        Assert.That((starts, world.Mate().Sends("A", 9).Story), Is.EqualTo((3, "A")));
    }

    [Test]
    public void A_datagram_of_no_bytes_is_a_datagram()
    {
        using var world = new World();
        world.Starts(new UdpService(9, static socket => socket.Datagrams().Select(d => d.Reply($"{d.Payload.Length}".ToBytes()))));
        Assert.That(world.Mate().Sends("", 9).Sends("ab", 9).Story, Is.EqualTo("0 2"));
    }

    [Test]
    public void An_error_of_the_network_does_not_end_the_service()
    {
        using var world = new World();
        IDatagramSocket? socket = null;
        world.Starts(new UdpService(9, s => (socket = s).Datagrams()));
        var errors = world.Watch(socket!.Errors);
        world.Do(() => socket.OnNext(new Datagram("lost".ToBytes(), IPEndPoint.Parse("10.9.9.9:9"))));
        Assert.That((world.Mate().Sends("A", 9).Story, errors.Last.Message, world.Trouble), Is.EqualTo(
            ("A", $"Cannot send a datagram to 10.9.9.9:9: {new SocketException((int)SocketError.HostUnreachable).Message}.", "")));
    }

    [Test]
    public void Stop_closes_the_socket_and_ends_the_handler()
    {
        using var world = new World();
        IDatagramSocket? socket = null;
        var service = world.Starts(new UdpService(9, async s => await (socket = s).Receive()));
        Assert.That(world.Watch(service.Stop()).ToString(), Is.EqualTo("() |"));
        Assert.That((socket!.Closed.IsCancellationRequested, world.Trouble), Is.EqualTo((true, "")));
        Assert.That(() => world.Starts(new UdpService(9, static s => s.Datagrams())), Throws.Nothing);
    }

    [Test]
    public void A_handler_that_completes_ends_the_service()
    {
        using var world = new World();
        var service = world.Starts(new UdpService(9, static socket => socket.Datagrams().Take(1)));
        Assert.That(world.Mate().Sends("A", 9).Sends("B", 9).Story, Is.EqualTo("A"));
        Assert.That(world.Watch(service.Stop()).ToString(), Is.EqualTo("() |"));
    }

    [Test]
    public void A_port_in_use_is_thrown_by_Start()
    {
        using var world = new World();
        world.Mate(9);
        Assert.That(() => world.Starts(new UdpService(9, static s => s)), Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
            "Cannot bind to 0.0.0.0:9: the port is in use. Stop the program that has it, or choose another port (0 lets the system choose)."));
    }

    [Test]
    public void Port_0_lets_the_system_choose_and_EndPoint_tells()
    {
        using var world = new World();
        var service = new UdpService(0, static s => s);
        Assert.That(() => service.EndPoint, Throws.InvalidOperationException);
        Assert.That(world.Starts(service).EndPoint, Is.EqualTo(new IPEndPoint(World.Here, 40000)));
    }

    [Test]
    public void Lost_datagrams_are_lost_and_the_service_goes_on()
    {
        using var world = new World();
        world.Starts(new UdpService(9, static socket => socket.Datagrams()));
        world.Network.Conditions = new() { Loss = 0.5 };
        var mate = world.Mate();
        for (var i = 0; i < 100; i++)
        {
            mate.Sends($"{i}", 9);
        }

        Assert.That(mate.Received, Has.Count.InRange(10, 40));
    }
}
