using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class TcpTests
{
    private static readonly IPEndPoint Port7 = new(IPAddress.Any, 7);

    [Test]
    public void Listen_gives_a_connection_per_peer()
    {
        using var world = new World();
        var connections = world.Watch(Tcp.Listen(Port7, hub: world.Hub));
        world.Dials(7);
        world.Dials(7);
        Assert.That(connections.Values.Select(c => c.RemoteEndPoint.ToString()), Is.EqualTo(new[] { "10.0.0.1:40000", "10.0.0.1:40001" }));
    }

    [Test]
    public void Listen_is_cold_and_unsubscribing_leaves_the_connections_open()
    {
        using var world = new World();
        var connections = world.Watch(Tcp.Listen(Port7, hub: world.Hub));
        var peer = world.Dials(7);
        world.Do(() => connections.Subscription!.Dispose()).Do(() => connections.Last.OnNext("A".ToBytes()));
        Assert.That(peer.Received, Is.EqualTo("A"));
        Assert.That(() => world.Dials(7), Throws.InstanceOf<ConnectionException>());
    }

    [Test]
    public void Listen_tells_the_port_it_was_given()
    {
        using var world = new World();
        var listening = Tcp.Listen(new IPEndPoint(IPAddress.Any, 0), hub: world.Hub);
        Assert.That(() => listening.EndPoint, Throws.InvalidOperationException.With.Message.EqualTo(
            "Nothing listens at 0.0.0.0:0 yet, and the port may be the system's to choose: subscribe first."));
        world.Watch(listening);
        Assert.That((listening.EndPoint, listening.Port), Is.EqualTo((new IPEndPoint(World.Here, 40000), 40000)));
    }

    [Test]
    public void Listen_takes_no_name() =>
        Assert.That(() => Tcp.Listen(new DnsEndPoint("localhost", 7)), Throws.ArgumentException.With.Message.StartsWith(
            "localhost:7 is a name, and may have many addresses. Say at which of this machine's: an IPEndPoint."));

    [Test]
    public void Connect_takes_an_address_or_a_name_as_an_endpoint()
    {
        using var world = new World();
        world.Watch(Tcp.Listen(Port7, hub: world.Hub));
        foreach (var remote in new EndPoint[] { new IPEndPoint(World.Here, 7), new DnsEndPoint("10.0.0.1", 7) })
        {
            Assert.That(world.Watch(Tcp.Connect(remote, hub: world.Hub)).Last.RemoteEndPoint, Is.EqualTo(new IPEndPoint(World.Here, 7)));
        }

        Assert.That(() => Tcp.Connect(new IPEndPoint(World.Here, 0)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Listen_fails_where_the_port_is_in_use()
    {
        using var world = new World();
        world.Watch(Tcp.Listen(Port7, hub: world.Hub));
        Assert.That(world.Watch(Tcp.Listen(Port7, hub: world.Hub)).Error, Is.InstanceOf<ConnectionException>().With.Message.EqualTo(
            "Cannot listen at 0.0.0.0:7: the port is in use. Stop the program that has it, or choose another port (0 lets the system choose)."));
    }

    [Test]
    public void An_observer_of_Listen_that_throws_harms_the_connection_it_was_given_only()
    {
        using var world = new World();
        var count = 0;
        world.Do(() => Tcp.Listen(Port7, hub: world.Hub).Subscribe(c =>
        {
            if (count++ == 0)
            {
                throw new FormatException();
            }

            c.Subscribe(c);
        }));
        var (first, second) = (world.Dials(7), world.Dials(7).Sends("A"));
        Assert.That((first.Story, second.Story, world.Trouble), Is.EqualTo(("#", "A", nameof(FormatException))));
    }

    [Test]
    public void Connect_is_cold_and_dials_once_per_subscription()
    {
        using var world = new World();
        using var peers = world.Listens(7);
        var dial = Tcp.Connect("10.0.0.1", 7, hub: world.Hub);
        Assert.That((world.Watch(dial).IsCompleted, world.Watch(dial).IsCompleted, peers.Count), Is.EqualTo((true, true, 2)));
    }

    [Test]
    public void Connect_tries_the_addresses_of_a_name_in_turn()
    {
        using var world = new World();
        var db = world.Network.Host("db", IPAddress.Parse("10.0.0.8"), IPAddress.Parse("10.0.0.9"));
        using (world.Listens(db, Port7))
        {
            Assert.That(world.Watch(Tcp.Connect("db", 7, hub: world.Hub)).Last.RemoteEndPoint, Is.EqualTo(IPEndPoint.Parse("10.0.0.8:7")));
        }

        using (world.Listens(db, IPEndPoint.Parse("10.0.0.9:7")))
        {
            Assert.That(world.Watch(Tcp.Connect("db", 7, hub: world.Hub)).Last.RemoteEndPoint, Is.EqualTo(IPEndPoint.Parse("10.0.0.9:7")));
        }

        Assert.That(Dialled(world), Is.EqualTo(new[] { "10.0.0.8:7", "10.0.0.8:7", "10.0.0.9:7" }));
        Assert.That(world.Watch(Tcp.Connect("db", 7, hub: world.Hub)).Error!.Message, Is.EqualTo(
            "Cannot connect to db:7. Tried 2 addresses: 10.0.0.8:7 (connection refused), 10.0.0.9:7 (connection refused). Is something listening there?"));
    }

    [Test]
    public void Connect_fails_for_a_name_that_is_not_known()
    {
        using var world = new World();
        var error = (ConnectionException)world.Watch(Tcp.Connect("nosuchhost.invalid", 7, hub: world.Hub)).Error!;
        Assert.That(error.Message, Is.EqualTo(
            "Cannot find the host 'nosuchhost.invalid': it is not on this virtual network. Declare it with network.Host(\"nosuchhost.invalid\"). There are: local."));
        Assert.That(((SocketException)error.InnerException!).SocketErrorCode, Is.EqualTo(SocketError.HostNotFound));
    }

    [Test]
    public void Connect_gives_up_after_its_timeout()
    {
        using var world = new World();
        world.Network.Host("far", IPAddress.Parse("10.9.9.9"));
        world.Network.Silence("far");
        var dial = world.Watch(Tcp.Connect("10.9.9.9", 7, new() { ConnectTimeout = TimeSpan.FromSeconds(2) }, world.Hub));
        Assert.That(world.Passes(1.9) is not null && dial.IsOver, Is.False);
        world.Passes(0.2);
        Assert.That(dial.Error, Is.InstanceOf<TimeoutException>().With.Message.EqualTo(
            "No connection to 10.9.9.9:7 within 00:00:02. Is it reachable? Raise ConnectTimeout if it is only slow."));
    }

    [Test]
    public void A_connection_outlives_the_connect_timeout()
    {
        var wire = new Wire(new() { ConnectTimeout = TimeSpan.FromSeconds(2) }).Passes(60).Sends("A");
        Assert.That(wire.Peer.Received, Is.EqualTo("A"));
    }

    [Test]
    public void A_dial_that_was_given_up_leaves_no_connection()
    {
        using var world = new World();
        using var peers = world.Listens(7);
        world.Do(() => Tcp.Connect("10.0.0.1", 7, hub: world.Hub).Subscribe().Dispose());
        Assert.That(peers.Count == 0 || peers.Last.IsReset, Is.True);
    }

    [Test]
    public void A_dial_left_on_another_thread_tells_nothing_more_and_leaves_no_connection([Range(0, 8)] int ticksLater)
    {
        using var world = new World();
        using var peers = world.Listens(7);
        var story = Story.Of(Tcp.Connect("10.0.0.1", 7, hub: world.Hub));
        world.Clock.AdvanceBy(ticksLater);
        var told = story.Values.Count;
        story.Subscription!.Dispose();
        world.Settle();
        Assert.That((story.Values.Count, told == 1 || peers.Count == 0 || peers.Last.IsReset), Is.EqualTo((told, true)));
    }

    [Test]
    public void An_observer_of_Connect_that_throws_breaks_its_connection()
    {
        using var world = new World();
        using var peers = world.Listens(7);
        world.Do(() => Tcp.Connect("10.0.0.1", 7, hub: world.Hub).Subscribe(static _ => throw new FormatException()));
        Assert.That((peers.Last.IsReset, world.Trouble), Is.EqualTo((true, nameof(FormatException))));
    }

    [Test]
    public void Arguments_are_checked_by_the_call()
    {
        Assert.That(() => Tcp.Connect(" ", 7), Throws.ArgumentException);
        Assert.That(() => Tcp.Connect("a", 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("A port is a number from 1 to 65535."));
        Assert.That(() => Tcp.Listen(null!), Throws.ArgumentNullException);
        Assert.That(() => new ConnectionOptions { HighWaterMark = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("HighWaterMark must be greater than zero."));
    }

    private static IEnumerable<string> Dialled(World world) =>
        world.Network.Trace.Entries.Where(static entry => entry.Kind == TraceKind.Dialled).Select(static entry => entry.Note);
}
