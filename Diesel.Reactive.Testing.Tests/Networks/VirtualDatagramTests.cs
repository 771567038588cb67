using System.Net;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Datagrams, and what befalls them.</summary>
[TestFixtureSource(typeof(VirtualClock), nameof(VirtualClock.Names))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VirtualDatagramTests : IDisposable
{
    private static readonly IPEndPoint ServerEndPoint = IPEndPoint.Parse("10.0.0.3:9");

    private readonly TwoHosts _hosts;
    private readonly List<string> _received = [];
    private readonly List<int> _at = [];
    private readonly List<string> _errors = [];
    private readonly IDatagramTransport _server;
    private readonly IDatagramTransport _client;

    public VirtualDatagramTests(string clock)
    {
        _hosts = new TwoHosts(VirtualClock.Named(clock), new VirtualNetwork(seed: 1));
        _server = _hosts.Server.Network.Bind(IPEndPoint.Parse("0.0.0.0:9"), null, new());
        _server.Start(Received, error => _errors.Add(error.Message));
        _client = Bind(null);
        _hosts.Passes();
    }

    public void Dispose() => _hosts.Dispose();

    [Test]
    public void They_keep_their_boundaries_and_tell_their_sender()
    {
        Sends("A", "", "BC");
        Assert.That(_received, Is.EqualTo(new[] { "10.0.0.2:40000 A", "10.0.0.2:40000 ", "10.0.0.2:40000 BC" }));
    }

    [Test]
    public void Using_a_closed_socket_is_a_mistake()
    {
        _client.Close();
        _client.Close();
        Assert.That(() => _client.Send(new Datagram(default, ServerEndPoint)), Throws.InstanceOf<TransportRuleException>());
        Assert.That(() => _client.Start(static _ => { }, static _ => { }), Throws.InstanceOf<TransportRuleException>());
    }

    [Test]
    public void They_take_latency_and_bandwidth()
    {
        _hosts.Link = new() { Latency = TimeSpan.FromMilliseconds(10), Bandwidth = 1000 };
        Sends("12345", "67890");
        _hosts.Passes(50);
        Assert.That(_at, Is.EqualTo(new[] { 16, 21 }));
    }

    [Test]
    public void All_get_lost()
    {
        _hosts.Link = new() { Loss = 1 };
        Sends("A", "B");
        Assert.That(_received, Is.Empty);
        Assert.That(_hosts.Network.Faults.Select(static f => (f.Kind, f.Link, f.Ordinal)), Is.EqualTo(new[]
        {
            (FaultKind.Loss, "client→server", 0), (FaultKind.Loss, "client→server", 1),
        }));
    }

    [Test]
    public void About_as_many_get_lost_as_asked_for()
    {
        _hosts.Link = new() { Loss = 0.3 };
        Sends([.. Enumerable.Repeat("A", 1000)]);
        Assert.That(_received, Has.Count.InRange(650, 750));
    }

    [Test]
    public void All_arrive_twice()
    {
        _hosts.Link = new() { Duplication = 1 };
        Sends("A", "B");
        Assert.That(Story, Is.EqualTo("A A B B"));
    }

    [Test]
    public void One_that_is_held_back_is_overtaken()
    {
        _hosts.Link = new() { Reordering = 1 };
        Sends("A");
        _hosts.Link = new();
        Sends("B");
        Assert.That(Story, Is.EqualTo("B"));
        _hosts.Passes(10);
        Assert.That((Story, _at), Is.EqualTo(("B A", new[] { 2, 11 })));
    }

    [Test]
    public void Jitter_reorders()
    {
        _hosts.Link = new() { Latency = Latency.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(100)) };
        var letters = Enumerable.Range('A', 26).Select(static c => $"{(char)c}").ToArray();
        Sends(letters);
        _hosts.Passes(100);
        Assert.That(Story.Split(' '), Is.EquivalentTo(letters).And.Not.Ordered);
    }

    [Test]
    public void A_stall_holds_them_and_a_partition_loses_them()
    {
        _hosts.Network.Stall("client", "server");
        Sends("A");
        _hosts.Network.Resume("client", "server");
        _hosts.Network.Partition("client", "server");
        _hosts.Network.Heal("client", "server");
        Sends("B");
        _hosts.Network.Partition("client", "server");
        Sends("C");
        _hosts.Network.Heal("client", "server");
        _hosts.Passes();
        Assert.That(Story, Is.EqualTo("A B"));
    }

    [Test]
    public void One_under_way_when_a_partition_begins_is_lost()
    {
        _hosts.Link = TwoHosts.Slow(10);
        Sends("A");
        _hosts.Network.Partition("client", "server");
        _hosts.Passes(20);
        _hosts.Network.Heal("client", "server");
        _hosts.Passes(20);
        Assert.That(_received, Is.Empty);
    }

    [Test]
    public void A_silent_host_gets_none()
    {
        _hosts.Network.Silence("server");
        Sends("A");
        Assert.That(_received, Is.Empty);
    }

    [Test]
    public void A_connected_socket_hears_that_nobody_is_there_and_goes_on()
    {
        _hosts.Link = TwoHosts.Slow(10);
        var connected = Bind(IPEndPoint.Parse("10.0.0.3:10"));
        Send(connected, "A", IPEndPoint.Parse("10.0.0.3:10"));
        _hosts.Passes(19.5);
        Assert.That(_errors, Is.Empty);
        _hosts.Passes();
        Assert.That(_errors, Is.EqualTo(new[] { "A datagram sent from 10.0.0.2:40001 was refused: nobody listens at its port (ICMP port unreachable)." }));
    }

    [Test]
    public void A_socket_for_anybody_hears_nothing()
    {
        Send(_client, "A", IPEndPoint.Parse("10.0.0.3:10"));
        _hosts.Passes();
        Assert.That(_errors, Is.Empty);
    }

    [Test]
    public void A_connected_socket_receives_from_its_peer_only()
    {
        var connected = Bind(IPEndPoint.Parse("10.0.0.3:10"));
        Send(_server, "A", (IPEndPoint)connected.LocalEndPoint);
        _hosts.Passes();
        Assert.That(_received, Is.Empty);
    }

    [Test]
    public void One_too_large_is_an_error()
    {
        _hosts.Link = new() { MaxDatagram = 3 };
        Sends("ABC", "ABCD");
        Assert.That((Story, _errors.Single()), Is.EqualTo(("ABC",
            "Cannot send a datagram of 4 bytes to 10.0.0.3:9: it is too large for the network; send at most 65507 bytes, and below 1200 to be safe.")));
    }

    [Test]
    public void One_to_nowhere_is_an_error()
    {
        Send(_client, "A", IPEndPoint.Parse("10.0.0.99:9"));
        _hosts.Passes();
        Assert.That(_errors.Single(), Does.StartWith("Cannot send a datagram to 10.0.0.99:9: "));
    }

    [Test]
    public void A_closed_socket_receives_nothing_and_frees_its_port()
    {
        Send(_client, "A", ServerEndPoint);
        _server.Close();
        _hosts.Passes();
        Assert.That(_received, Is.Empty);
        Assert.That(() => _hosts.Server.Network.Bind(ServerEndPoint, null, new()), Throws.Nothing);
    }

    [Test]
    public void A_receiver_that_throws_misses_none_of_those_that_came_before_the_start()
    {
        var (late, told) = (_hosts.Server.Network.Bind(IPEndPoint.Parse("0.0.0.0:11"), null, new()), 0);
        Send(_client, "A", IPEndPoint.Parse("10.0.0.3:11"));
        Send(_client, "B", IPEndPoint.Parse("10.0.0.3:11"));
        _hosts.Passes();
        late.Start(_ => throw new FormatException($"{++told}"), static _ => { });
        Send(_client, "C", IPEndPoint.Parse("10.0.0.3:11"));
        _hosts.Passes();
        Assert.That((told, _hosts.Errors.Count), Is.EqualTo((3, 3)));
    }

    [Test]
    public void Those_that_came_before_the_start_are_kept_up_to_a_bound()
    {
        var late = _hosts.Server.Network.Bind(IPEndPoint.Parse("0.0.0.0:11"), null, new());
        foreach (var n in Enumerable.Range(0, 300))
        {
            Send(_client, $"{n:000}" + new string('.', 1021), IPEndPoint.Parse("10.0.0.3:11"));
        }

        _hosts.Passes();
        late.Start(Received, static _ => { });
        _hosts.Passes();
        Assert.That((_received.Count, _received[0][..18]), Is.EqualTo((92, "10.0.0.2:40000 000")));
    }

    [Test]
    public void The_receiver_may_send_back()
    {
        var connected = Bind(ServerEndPoint);
        Send(connected, "A", ServerEndPoint);
        _hosts.Passes();
        Send(_server, "B", (IPEndPoint)connected.LocalEndPoint);
        _hosts.Passes();
        Assert.That(_received, Is.EqualTo(new[] { "10.0.0.2:40001 A", "10.0.0.3:9 B" }));
    }

    private string Story => string.Join(' ', _received.Select(static r => r.Split(' ')[1]));

    private void Received(Datagram datagram)
    {
        Assert.That(Hub.Current, Is.Not.Null);
        _received.Add($"{datagram.RemoteEndPoint} {datagram.Payload.ToText()}");
        _at.Add(_hosts.Clock.Milliseconds);
    }

    private IDatagramTransport Bind(IPEndPoint? remote)
    {
        var socket = _hosts.Client.Network.Bind(IPEndPoint.Parse("0.0.0.0:0"), remote, new());
        socket.Start(Received, error => _errors.Add(error.Message));
        return socket;
    }

    private void Sends(params string[] payloads)
    {
        Array.ForEach(payloads, payload => Send(_client, payload, ServerEndPoint));
        _hosts.Passes();
    }

    private static void Send(IDatagramTransport from, string payload, IPEndPoint to) => from.Send(new Datagram(payload.ToBytes(), to));
}
