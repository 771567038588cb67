using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Names, addresses and ports.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VirtualHostTests : IDisposable
{
    private readonly TwoHosts _hosts = new();

    public void Dispose() => _hosts.Dispose();

    private VirtualNetwork Network => _hosts.Network;

    [Test]
    public void Hosts_have_names_and_addresses_of_their_own()
    {
        Assert.That(Network.Host("client").Addresses, Is.EqualTo(new[] { IPAddress.Parse("10.0.0.2") }));
        Assert.That(Network.Host("SERVER"), Is.SameAs(Network.Host("server")));
        Assert.That(Network.Host("six", IPAddress.Parse("fd00::6")).Addresses.Single().ToString(), Is.EqualTo("fd00::6"));
    }

    [TestCase("server", "10.0.0.3")]
    [TestCase("local", "10.0.0.1")]
    [TestCase("localhost", "127.0.0.1")]
    [TestCase("192.0.2.1", "192.0.2.1")]
    public void Names_resolve(string name, string address) =>
        Assert.That(_hosts.Watch(_hosts.Client.Network.Names.Resolve(name)).ToString(), Is.EqualTo($"{address} |"));

    [Test]
    public void A_name_that_is_not_known_is_an_error() => Assert.That(
        _hosts.Watch(_hosts.Client.Network.Names.Resolve("nobody")).Error, Is.InstanceOf<ConnectionException>().With.Message.EqualTo(
            "Cannot find the host 'nobody': it is not on this virtual network. Declare it with network.Host(\"nobody\"). There are: local, client, server."));

    [TestCase("a b")]
    [TestCase("a→b")]
    [TestCase("10.0.0.9")]
    public void Bad_names_are_refused(string name) => Assert.That(() => Network.Host(name), Throws.ArgumentException);

    [Test]
    public void An_address_belongs_to_one_host_and_a_host_keeps_its_addresses()
    {
        Assert.That(() => Network.Host("other", IPAddress.Parse("10.0.0.2")), Throws.ArgumentException.With.Message.StartsWith(
            "The address 10.0.0.2 is that of the host 'client' already."));
        Assert.That(() => Network.Host("client", IPAddress.Parse("10.0.0.9")), Throws.ArgumentException.With.Message.StartsWith(
            "The host 'client' has other addresses already: 10.0.0.2."));
    }

    [Test]
    public void A_port_in_use_is_refused_and_free_again_after_the_close()
    {
        var listener = Listen("10.0.0.3:80");
        Assert.That(() => Listen("0.0.0.0:80"), Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
            "Cannot listen at 0.0.0.0:80: the port is in use. Stop the program that has it, or choose another port (0 lets the system choose)."));
        listener.Dispose();
        Assert.That(() => Listen("0.0.0.0:80"), Throws.Nothing);
    }

    [Test]
    public void Addresses_protocols_and_hosts_have_ports_of_their_own()
    {
        Listen("10.0.0.3:80");
        Assert.That(() => Listen("127.0.0.1:80"), Throws.Nothing);
        Assert.That(() => Bind("0.0.0.0:80"), Throws.Nothing);
        Assert.That(() => _hosts.Client.Network.Listen(IPEndPoint.Parse("0.0.0.0:80"), new(), static _ => { }), Throws.Nothing);
        Assert.That(() => Bind("10.0.0.3:80"), Throws.InstanceOf<ConnectionException>().With.Message.StartsWith("Cannot bind to 10.0.0.3:80: the port is in use."));
    }

    [Test]
    public void Port_0_takes_a_free_one_and_a_wildcard_shows_the_first_address()
    {
        Assert.That(new[] { Listen("0.0.0.0:0"), Listen("0.0.0.0:0") }.Select(static l => l.LocalEndPoint.ToString()), Is.EqualTo(new[]
        {
            "10.0.0.3:40000", "10.0.0.3:40001",
        }));
    }

    [Test]
    public void An_address_of_another_host_is_refused() => Assert.That(
        () => Listen("10.0.0.2:80"), Throws.InstanceOf<ConnectionException>().With.Message.EqualTo("Cannot listen at 10.0.0.2:80: this machine does not have that address."));

    [Test]
    public void Listeners_may_share_a_port_and_take_turns()
    {
        var counts = new int[2];
        foreach (var n in new[] { 0, 1 })
        {
            _hosts.Server.Network.Listen(IPEndPoint.Parse("0.0.0.0:80"), new() { ReusePort = true }, _ => counts[n]++);
        }

        _hosts.Dials(80);
        _hosts.Dials(80);
        Assert.That(counts, Is.EqualTo(new[] { 1, 1 }));
        Assert.That(() => Listen("0.0.0.0:80"), Throws.InstanceOf<ConnectionException>());
    }

    [TestCase("127.0.0.1:80", "127.0.0.1:40000")]
    [TestCase("10.0.0.3:80", "10.0.0.3:40000")]
    [TestCase("[::1]:80", "[::1]:40000")]
    [TestCase("[::ffff:10.0.0.3]:80", "10.0.0.3:40000")]
    public void A_host_reaches_itself(string remote, string local)
    {
        _hosts.Server.Network.Listen(IPEndPoint.Parse("[::]:80"), new(), static _ => { });
        Assert.That(Dial("server", remote).Last.LocalEndPoint.ToString(), Is.EqualTo(local));
    }

    [TestCase("10.0.0.3:80", "connection refused. Is something listening there?")]
    [TestCase("10.0.0.99:80", "no host of this virtual network has that address. Declare one with network.Host(\"name\", IPAddress.Parse(\"10.0.0.99\")). " +
        "There are: local, client, server.")]
    [TestCase("[fd00::99]:80", "no host of this virtual network has that address. Declare one with network.Host(\"name\", IPAddress.Parse(\"fd00::99\")). " +
        "There are: local, client, server.")]
    public void A_dial_fails(string remote, string because) =>
        Assert.That(Dial("client", remote).Error!.Message, Is.EqualTo($"Cannot connect to {remote}: {because}"));

    [Test]
    public void A_dial_to_a_kind_of_address_the_host_has_none_of_fails()
    {
        Network.Host("six", IPAddress.Parse("fd00::1"));
        Assert.That(Dial("client", "[fd00::1]:80").Error!.Message, Is.EqualTo(
            "Cannot connect to [fd00::1]:80: there is no route to it. Check the address and the network."));
    }

    [Test]
    public void Several_hosts_may_have_a_name_together()
    {
        Network.Alias("both", "server", "CLIENT");
        Assert.That(_hosts.Watch(_hosts.Client.Network.Names.Resolve("Both")).ToString(), Is.EqualTo("10.0.0.3 10.0.0.2 |"));
        Assert.That(() => Network.Host("both"), Throws.ArgumentException.With.Message.StartsWith("The name 'both' is taken already."));
        Assert.That(() => Network.Alias("server", "client"), Throws.ArgumentException.With.Message.StartsWith("The name 'server' is taken already."));
        Assert.That(() => Network.Alias("none", "nobody"), Throws.ArgumentException.With.Message.StartsWith("There is no host 'nobody' on this network"));
        Assert.That(() => Network.Alias("none"), Throws.ArgumentException);
    }

    [Test]
    public void A_dial_from_a_local_endpoint_comes_from_there_and_only_once()
    {
        Listen("0.0.0.0:80");
        Assert.That(Dial("client", "10.0.0.3:80", "0.0.0.0:1234").Last.LocalEndPoint.ToString(), Is.EqualTo("10.0.0.2:1234"));
        Assert.That(Dial("client", "10.0.0.3:80", "0.0.0.0:1234").Error, HasCode(SocketError.AddressAlreadyInUse));
        Assert.That(Dial("client", "10.0.0.3:80", "10.0.0.9:0").Error, HasCode(SocketError.AddressNotAvailable));
    }

    [Test]
    public void The_port_of_a_dial_is_free_after_the_close()
    {
        Listen("0.0.0.0:80");
        Dial("client", "10.0.0.3:80", "0.0.0.0:1234").Last.Abort();
        Dial("client", "10.0.0.3:81", "0.0.0.0:1234");
        Assert.That(Dial("client", "10.0.0.3:80", "0.0.0.0:1234").IsCompleted, Is.True);
    }

    [Test]
    public void A_paused_listener_accepts_later_and_dials_beyond_its_backlog_wait()
    {
        var accepted = 0;
        var listener = _hosts.Server.Network.Listen(IPEndPoint.Parse("0.0.0.0:80"), new() { Backlog = 1 }, _ => accepted++);
        listener.Pause();
        var (first, second, third) = (Dial("client", "10.0.0.3:80"), Dial("client", "10.0.0.3:80"), Dial("client", "10.0.0.3:80"));
        Assert.That((accepted, first.IsCompleted, second.IsCompleted, third.IsOver), Is.EqualTo((0, true, true, false)));
        listener.Resume();
        _hosts.Passes();
        Assert.That((accepted, third.IsOver), Is.EqualTo((2, false)), "its packet was dropped");
        _hosts.Passes(1000);
        Assert.That((accepted, third.IsCompleted), Is.EqualTo((3, true)));
    }

    [Test]
    public void Who_has_given_up_does_not_hold_up_those_that_wait_behind()
    {
        var listener = _hosts.Server.Network.Listen(IPEndPoint.Parse("0.0.0.0:80"), new() { Backlog = 1 }, static _ => { });
        listener.Pause();
        var (_, _, third, fourth) = (Dial("client", "10.0.0.3:80"), Dial("client", "10.0.0.3:80"), Dial("client", "10.0.0.3:80"), Dial("client", "10.0.0.3:80"));
        third.Subscription!.Dispose();
        listener.Resume();
        _hosts.Passes(1001);
        Assert.That(fourth.IsCompleted, Is.True);
    }

    [Test]
    public void Of_those_that_wait_at_a_closed_listener_one_whose_layer_throws_costs_none_of_the_others()
    {
        var (layers, opened) = (0, 0);
        using var listening = Tcp.Listen(
            IPEndPoint.Parse("0.0.0.0:80"),
            new() { Layer = (transport, _) => layers++ == 0 ? throw new FormatException() : transport },
            _hosts.Server).Subscribe(_ => opened++);
        _hosts.Link = TwoHosts.Slow(1);
        for (var n = 0; n < 3; n++)
        {
            _hosts.Client.Network.Connect(IPEndPoint.Parse("10.0.0.3:80"), new()).Subscribe();
        }

        _hosts.Passes(2.9);
        _hosts.Server.Schedule(TimeSpan.FromMilliseconds(0.1), listening.Dispose);
        _hosts.Passes();

        // All were accepted; nobody listens who could be given one.
        Assert.That((layers, opened, _hosts.Errors.Count), Is.EqualTo((3, 0, 1)));
    }

    [Test]
    public void There_is_room_for_many_hosts() => Assert.That(
        Enumerable.Range(0, 300).Select(n => Network.Host($"host{n}").Addresses[0]).ToArray(),
        Is.Unique.And.Some.EqualTo(IPAddress.Parse("10.0.1.0")));

    [Test]
    public void A_listener_that_is_closed_takes_who_is_connected_and_refuses_who_waits()
    {
        var accepted = 0;
        var listener = _hosts.Server.Network.Listen(IPEndPoint.Parse("0.0.0.0:80"), new() { Backlog = 1 }, _ => accepted++);
        listener.Pause();
        var (_, _, third) = (Dial("client", "10.0.0.3:80"), Dial("client", "10.0.0.3:80"), Dial("client", "10.0.0.3:80"));
        listener.Resume();
        listener.Dispose();
        _hosts.Passes(1001);
        Assert.That(accepted, Is.EqualTo(2));
        Assert.That(third.Error, HasCode(SocketError.ConnectionRefused));
    }

    private static NUnit.Framework.Constraints.EqualConstraint<SocketError> HasCode(SocketError error) =>
        Has.InnerException.Property(nameof(SocketException.SocketErrorCode)).EqualTo(error);

    private IListener Listen(string local) => _hosts.Server.Network.Listen(IPEndPoint.Parse(local), new(), static _ => { });

    private IDatagramTransport Bind(string local) => _hosts.Server.Network.Bind(IPEndPoint.Parse(local), null, new());

    private Story<ITransport> Dial(string from, string remote, string? local = null) => _hosts.Watch(
        Network.Host(from).CreateNetwork(_hosts.Client).Connect(IPEndPoint.Parse(remote), new() { LocalEndPoint = local is null ? null : IPEndPoint.Parse(local) }));
}
