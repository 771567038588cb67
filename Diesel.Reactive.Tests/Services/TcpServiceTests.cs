using System.Net;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

public class TcpServiceTests
{
    [Test]
    public void The_handler_of_the_readme_shouts_back()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(4321, connection =>
            connection.UntilEol().Select(line => line.ToUpper())));
        Assert.That(world.Dials(service).Sends("hello\r\nwor").Sends("ld\r\n").Ends().Story, Is.EqualTo("HELLO WORLD |"));
    }

    [Test]
    public void Each_connection_has_a_handler_of_its_own()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, c => c.UntilEol().Select((line, n) => $"{n} {line.ToText()}".ToBytes())));
        var (one, two) = (world.Dials(service), world.Dials(service));
        one.Sends("A\r\nB\r\n");
        two.Sends("C\r\n");
        Assert.That((one.Story, two.Story), Is.EqualTo(("0 A 1 B ", "0 C ")));
    }

    [Test]
    public void The_completion_of_the_replies_flushes_and_closes()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, c => c.UntilEol().Take(1)));
        Assert.That(world.Dials(service).Sends("A\r\nB\r\n").Story, Is.EqualTo("A |"));
    }

    [Test]
    public void A_sequential_handler_converses_and_its_end_closes()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, async connection =>
        {
            await connection.Send("name? ".ToBytes());
            var name = (await connection.Read(Framing.UntilEol())).TrimEol().ToText();
            await world.Hub.Sleep(TimeSpan.FromSeconds(1));
            connection.OnNext($"hello {name}".ToBytes());
        }));
        var peer = world.Dials(service).Sends("Bob\r\n");
        Assert.That(peer.Story, Is.EqualTo("name? "));
        world.Passes(1);
        Assert.That(peer.Story, Is.EqualTo("name? hello Bob|"));
    }

    [Test]
    public void A_handler_that_throws_flushes_what_it_had_sent_closes_and_shows_in_Errors()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, connection =>
        {
            connection.OnNext("500 sorry\r\n".ToBytes());
            throw new FormatException();
#pragma warning disable CS0162 // Makes it a handler of replies.
            return connection;
#pragma warning restore CS0162
        }));
        Assert.That((world.Dials(service).Story, world.Trouble), Is.EqualTo(("500 sorry |", nameof(FormatException))));
        Assert.That(world.Errors[0].Source, Is.EqualTo("handler of connection 10.0.0.1:7 to 10.0.0.1:40000"));
    }

    [Test]
    public void A_sequential_handler_that_throws_flushes_closes_and_shows_in_Errors()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, async connection =>
        {
            connection.OnNext(await connection.Read(Framing.UntilEol()));
            throw new FormatException();
        }));
        Assert.That((world.Dials(service).Sends("A\r\n").Story, world.Trouble), Is.EqualTo(("A |", nameof(FormatException))));
    }

    [Test]
    public void A_reply_that_cannot_be_made_harms_its_own_connection_only()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, c => c.UntilEol().Select(line => $"{1 / int.Parse(line.TrimEol().ToText())}\r\n".ToBytes())));
        var (good, bad) = (world.Dials(service), world.Dials(service).Sends("1\r\n0\r\n1\r\n"));
        good.Sends("1\r\n");
        Assert.That((bad.Story, good.Story, world.Trouble), Is.EqualTo(("1 |", "1 ", nameof(DivideByZeroException))));
        Assert.That(world.Dials(service).Sends("1\r\n").Story, Is.EqualTo("1 "));
    }

    [Test]
    public void A_protocol_error_closes_its_connection_and_shows_in_Errors()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, c => c.UntilEol(maxLength: 3)));
        Assert.That((world.Dials(service).Sends("A\r\nABCDEF\r\n").Story, world.Trouble), Is.EqualTo(("A |", nameof(FrameTooLongException))));
    }

    [Test]
    public void That_a_peer_ended_or_reset_its_connection_is_no_error()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, async c =>
        {
            while (true)
            {
                c.OnNext(await c.Read(Framing.UntilEol()));
            }
        }));
        world.Dials(service).Ends();
        world.Dials(service).Sends("A\r\n").Resets();
        Assert.That((world.Trouble, service.ConnectionCount), Is.EqualTo(("", 0)));
    }

    [Test]
    public void A_handler_that_only_pushes_is_unsubscribed_when_its_peer_is_gone()
    {
        using var world = new World();
        using var ticks = new Subject<string>();
        var service = world.Starts(new TcpService(7, _ => ticks.Select(tick => tick.ToBytes())));
        var peer = world.Dials(service);
        world.Do(() => ticks.OnNext("tick"));
        Assert.That(peer.Resets().Received, Is.EqualTo("tick"));
        world.Do(() => ticks.OnNext("tick"));
        Assert.That((ticks.HasObservers, world.Trouble), Is.EqualTo((false, "")));
    }

    [Test]
    public void Port_0_lets_the_system_choose_and_EndPoint_tells()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(0, static c => c));
        Assert.That((service.EndPoint, world.Dials(service).Sends("A").Received), Is.EqualTo((new IPEndPoint(World.Here, 40000), "A")));
    }

    [Test]
    public void EndPoint_before_Start_says_what_to_do() => Assert.That(
        () => new TcpService(0, static c => c).EndPoint,
        Throws.InvalidOperationException.With.Message.EqualTo("The service has no endpoint before it was started: call Start, or run it in an Application."));

    [Test]
    public void Starting_twice_is_starting_once()
    {
        using var world = new World();
        Assert.That(() => world.Starts(world.Starts(new TcpService(7, static c => c))), Throws.Nothing);
    }

    [Test]
    public void A_port_in_use_is_thrown_by_Start()
    {
        using var world = new World();
        world.Starts(new TcpService(7, static c => c));
        Assert.That(() => world.Starts(new TcpService(7, static c => c)), Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
            "Cannot listen at 0.0.0.0:7: the port is in use. Stop the program that has it, or choose another port (0 lets the system choose)."));
    }

    [Test]
    public void Connections_gives_those_that_are_open_then_each_new_one()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c));
        var first = world.Dials(service);
        var connections = world.Watch(service.Connections.Select(c => ((IPEndPoint)c.RemoteEndPoint).Port));
        world.Dials(service);
        Assert.That((connections.ToString(), service.ConnectionCount), Is.EqualTo(("40000 40001", 2)));
        first.Ends();
        Assert.That((world.Watch(service.Connections).Values.Count, service.ConnectionCount), Is.EqualTo((1, 1)));
    }

    [Test]
    public void An_observer_of_Connections_that_throws_does_not_end_the_service()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c));
        world.Do(() => service.Connections.Subscribe(static _ => throw new FormatException()));
        world.Dials(service);
        Assert.That((world.Dials(service).Sends("A").Received, world.Errors[0].Exception.GetType()), Is.EqualTo(("A", typeof(FormatException))));
    }

    [Test]
    public void Connections_are_looked_at_in_a_turn_whatever_thread_asks()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c));
        world.Dials(service);
        var asked = Story.Of(service.Connections);
        Assert.That(asked.Values, Is.Empty);
        world.Settle();
        Assert.That(asked.Values, Has.Count.EqualTo(1));
    }
}
