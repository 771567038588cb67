using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>A service behind a proxy: its connections are the clients'.</summary>
public class ProxyProtocolServiceTests
{
    private static readonly ProxyProtocolOptions Trusting = new() { TrustedNetworks = [IPNetwork.Parse("10.0.0.0/8")] };

    [Test]
    public void A_connection_is_the_clients()
    {
        using var world = new World();
        var service = Tells(world, Trusting);
        Assert.That(world.Dials(service).Sends(Header("192.0.2.1") + "A\r\n").Received, Is.EqualTo("192.0.2.2:443 192.0.2.1:1 1 A\r\n"));
        Assert.That(world.Trouble, Is.Empty);
    }

    [Test]
    public void A_handler_is_not_asked_before_the_header_is_there()
    {
        using var world = new World();
        var seen = new List<EndPoint>();
        var service = world.Starts(new TcpService(7, c =>
        {
            seen.Add(c.RemoteEndPoint);
            return c;
        }, new() { ProxyProtocol = Trusting }));
        var story = world.Watch(service.Connections);
        var peer = world.Dials(service).Sends(Header("192.0.2.1")[..^1]);
        Assert.That((seen.Count, story.Values.Count, service.ConnectionCount), Is.EqualTo((0, 0, 1)));
        peer.Sends("\n");
        Assert.That((seen.Single().ToString(), story.Values.Count), Is.EqualTo(("192.0.2.1:1", 1)));
    }

    [TestCase("PROXY UNKNOWN\r\n")]
    [TestCase("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0")]
    public void Who_is_not_named_is_the_proxy(string header)
    {
        using var world = new World();
        Assert.That(world.Dials(Tells(world, Trusting)).Sends(header + "A\r\n").Received, Does.Match(@"^10\.0\.0\.1:7 10\.0\.0\.1:\d+ [12] A\r\n$"));
    }

    [Test]
    public void A_client_has_as_many_connections_as_an_address_may_by_whatever_proxy()
    {
        using var world = new World();
        var service = Tells(world, Trusting, new() { MaxConnectionsPerAddress = 2 });
        var peers = new[] { "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3" }.Select(client => world.Dials(service).Sends(Header(client) + "A\r\n")).ToList();
        Assert.That(peers.Select(static peer => peer.IsReset), Is.EqualTo(new[] { false, false, true, false, false }));
        Assert.That(service.Counts.Ended(ServiceLimit.MaxConnectionsPerAddress), Is.EqualTo(1));
        peers[0].Ends();
        Assert.That(world.Dials(service).Sends(Header("192.0.2.1") + "A\r\n").Received, Does.StartWith("192.0.2.2:443 192.0.2.1:1"));
        Assert.That((service.ConnectionCount, world.Trouble), Is.EqualTo((4, "")));
    }

    [Test]
    public void Whoever_else_connects_is_reset()
    {
        using var world = new World();
        var service = Tells(world, new ProxyProtocolOptions());
        var peer = world.Dials(service).Sends(Header("192.0.2.1") + "A\r\n");
        Assert.That((peer.Story, service.Counts.Ended(ServiceLimit.TrustedNetworks), service.ConnectionCount), Is.EqualTo(("#", 1L, 0)));
        Assert.That(world.Trouble, Is.Empty);
    }

    [Test]
    public void Or_is_served_as_who_it_is_and_can_claim_nothing()
    {
        using var world = new World();
        var service = Tells(world, new ProxyProtocolOptions { ServesOthers = true });
        Assert.That(world.Dials(service).Sends("PROXY UNKNOWN\r\n").Received, Does.Match(@"^10\.0\.0\.1:7 10\.0\.0\.1:\d+  PROXY UNKNOWN\r\n$"));
    }

    [TestCase("GET / HTTP/1.1\r\n\r\n", "ProtocolException")]
    [TestCase("PROXY TCP4 1.2.3.4\r\n", "ProtocolException")]
    [TestCase("\r\n\r\n\0\r\nQUIT\n!\u0011\u00ff\u00ff", "FrameTooLongException")]
    public void What_is_no_header_ends_the_connection_and_is_the_peers_fault(string sent, string trouble)
    {
        using var world = new World();
        var service = Tells(world, Trusting);
        var peer = world.Dials(service).Sends(sent);
        Assert.That((peer.Story, world.Trouble, service.ConnectionCount), Is.EqualTo(("#", trouble, 0)));
        Assert.That(world.Errors.Single().Kind, Is.EqualTo(HubErrorKind.Peer));
        Assert.That(world.Dials(service).Sends(Header("192.0.2.1") + "A\r\n").Received, Does.EndWith("A\r\n"));
    }

    [Test]
    public void Who_sends_no_header_is_not_waited_for()
    {
        using var world = new World();
        var service = Tells(world, Trusting with { HeaderTimeout = TimeSpan.FromSeconds(3) });
        var (silent, slow) = (world.Dials(service), world.Dials(service).Sends("PROXY "));
        for (var i = 0; i < 3; i++)
        {
            world.Passes(1);
            slow.Sends("U");
        }

        world.Passes(1);
        Assert.That((silent.IsReset, slow.IsReset, service.ConnectionCount, world.Errors.All(static error => error.Kind == HubErrorKind.Peer)), Is.EqualTo((true, true, 0, true)));
        Assert.That(service.Counts.Ended(ServiceLimit.HandshakeTimeout), Is.EqualTo(2));
    }

    [Test]
    public void Limits_and_errors_show_the_client()
    {
        using var world = new World();
        var service = Tells(world, Trusting, new() { IdleTimeout = TimeSpan.FromSeconds(10) });
        world.Dials(service).Sends(Header("192.0.2.1"));
        world.Passes(12);
        Assert.That(world.Errors.Single().Exception.Message, Is.EqualTo("connection 192.0.2.2:443 to 192.0.2.1:1 was closed: no byte in or out for 00:00:10 (IdleTimeout)."));
    }

    [Test]
    public void A_reset_shows_the_client()
    {
        using var world = new World();
        Exception? caught = null;
        var service = world.Starts(new TcpService(7, c => c.Do(static _ => { }, error => caught = error), new() { ProxyProtocol = Trusting }));
        world.Dials(service).Sends(Header("192.0.2.1")).Resets();
        Assert.That(caught!.Message, Is.EqualTo("The connection 192.0.2.2:443 to 192.0.2.1:1 was reset by the peer."));
    }

    [Test]
    public void A_service_that_stops_waits_for_no_header()
    {
        using var world = new World();
        var service = Tells(world, Trusting);
        var peer = world.Dials(service);
        var stopped = world.Watch(service.Stop());
        world.Passes(10);
        Assert.That((stopped.ToString(), peer.IsReset || peer.HasEnded), Is.EqualTo(("() |", true)));
    }

    [Test]
    public void At_a_path_its_mode_says_who_is_trusted()
    {
        using var world = new World();
        var at = new UnixDomainSocketEndPoint("/run/s");
        world.Starts(new TcpService(at, static c => Observable.Return($"{c.RemoteEndPoint}".ToBytes()), new() { ProxyProtocol = new() }));
        var header = ProxyHeader.Of(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1), new IPEndPoint(IPAddress.Parse("192.0.2.2"), 443));
        var text = world.Watch(Tcp.Connect(at, new() { ProxyHeader = header }, world.Hub).SelectMany(static c => c));
        Assert.That(text.Last.ToText(), Is.EqualTo("192.0.2.1:1"));
    }

    [TestCase("::ffff:127.0.0.1", true)]
    [TestCase("127.9.9.9", true)]
    [TestCase("::1", true)]
    [TestCase("::2", false)]
    [TestCase("10.0.0.1", false)]
    public void This_machine_is_trusted_by_default(string address, bool isTrusted) =>
        Assert.That(new ProxyProtocolOptions().Trusts(new IPEndPoint(IPAddress.Parse(address), 1)), Is.EqualTo(isTrusted));

    [Test]
    public void Who_has_no_address_is_trusted_at_a_path_only() =>
        Assert.That(new ProxyProtocolOptions { TrustedNetworks = [IPNetwork.Parse("0.0.0.0/0")] }.Trusts(new DnsEndPoint("host", 1)), Is.False);

    private static string Header(string client) => $"PROXY TCP4 {client} 192.0.2.2 1 443\r\n";

    private static TcpService Tells(World world, ProxyProtocolOptions proxy, TcpServiceOptions? options = null) => world.Starts(new TcpService(
        7,
        static c => c.UntilEol().Select(line => $"{c.LocalEndPoint} {c.RemoteEndPoint} {c.Feature<ProxyHeader>()?.Version} {line.ToText()}".ToBytes()),
        (options ?? new()) with { ProxyProtocol = proxy }));
}
