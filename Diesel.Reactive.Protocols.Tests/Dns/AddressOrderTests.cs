using System.Net;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>RFC 6724, section 10: its examples, and Happy Eyeballs over a resolver.</summary>
public class AddressOrderTests
{
    // Destinations as they came, each with the source that would be used (none: unreachable); and as they are to be tried. The examples of section 10.2 in their
    // order, but for two: of home and deprecated addresses nothing is known here.
    [TestCase("2001:db8:1::1=2001:db8:1::2 198.51.100.121=169.254.13.78", "2001:db8:1::1 198.51.100.121")]
    [TestCase("2001:db8:1::1=fe80::1 198.51.100.121=198.51.100.117", "198.51.100.121 2001:db8:1::1")]
    [TestCase("2001:db8:1::1=2001:db8:1::2 10.1.2.3=10.1.2.4", "2001:db8:1::1 10.1.2.3")]
    [TestCase("2001:db8:1::1=2001:db8:1::2 fe80::1=fe80::2", "fe80::1 2001:db8:1::1")]
    [TestCase("2001:db8:1::1=2001:db8:1::2 2001:db8:3ffe::1=2001:db8:3f44::2", "2001:db8:1::1 2001:db8:3ffe::1")]
    [TestCase("2002:c633:6401::1=2002:c633:6401::2 2001:db8:1::1=2002:c633:6401::2", "2002:c633:6401::1 2001:db8:1::1")]
    [TestCase("2002:c633:6401::1=2002:c633:6401::2 2001:db8:1::1=2001:db8:1::2", "2001:db8:1::1 2002:c633:6401::1")]

    // The same the other way round, and others.
    [TestCase("198.51.100.121=169.254.13.78 2001:db8:1::1=2001:db8:1::2", "2001:db8:1::1 198.51.100.121")]
    [TestCase("198.51.100.121=198.51.100.117 2001:db8:1::1=2001:db8:1::2", "2001:db8:1::1 198.51.100.121")]
    [TestCase("2001:db8:1::1=2001:db8:1::2 198.51.100.121=198.51.100.117", "2001:db8:1::1 198.51.100.121")]
    [TestCase("fe80::1=fe80::2 2001:db8:1::1=2001:db8:1::2", "fe80::1 2001:db8:1::1")]
    [TestCase("2001:db8:1::1=2001:db8:1::2 2002:c633:6401::1=2002:c633:6401::2", "2001:db8:1::1 2002:c633:6401::1")]
    [TestCase("2001:db8:3ffe::1=2001:db8:3f44::2 2001:db8:1::1=2001:db8:1::2", "2001:db8:1::1 2001:db8:3ffe::1")]
    [TestCase("2001:db8::1= 192.0.2.1=192.0.2.2", "192.0.2.1 2001:db8::1")]
    [TestCase("2001:db8::1= 192.0.2.1=", "2001:db8::1 192.0.2.1")]
    [TestCase("192.0.2.1=192.0.2.9 192.0.2.200=192.0.2.9 192.0.2.8=192.0.2.9", "192.0.2.1 192.0.2.200 192.0.2.8")]
    [TestCase("fd00::1=fd00::2 2001:db8::1=2001:db8::2", "2001:db8::1 fd00::1")]
    [TestCase("127.0.0.1=127.0.0.1 ::1=::1", "::1 127.0.0.1")]
    [TestCase("2001:db8::1=2001:db8::2:2 2001:db8::2:1=2001:db8::2:2", "2001:db8::1 2001:db8::2:1")]
    [TestCase("169.254.1.1=169.254.1.2 198.51.100.1=198.51.100.2", "169.254.1.1 198.51.100.1")]
    public void Addresses_are_sorted(string destinations, string sorted)
    {
        var sources = destinations.Split(' ').Select(each => each.Split('=')).ToDictionary(each => IPAddress.Parse(each[0]), each => each[1]);
        var order = AddressOrder.Sort([.. sources.Keys], to => sources[to] is "" ? null : IPAddress.Parse(sources[to]));
        Assert.That(string.Join(' ', order), Is.EqualTo(sorted));
    }

    [Test]
    public void The_system_is_asked_for_its_way_to_an_address_once_a_second()
    {
        var (now, asked, here) = (TimeSpan.Zero, 0, IPAddress.Loopback);
        var ways = new Ways(() => now, to => ++asked > 0 && to.Equals(here) ? here : null);
        foreach (var second in (double[])[0, 0.9, 1, 1.5])
        {
            now = TimeSpan.FromSeconds(second);
            var found = Enumerable.Range(0, 100).Select(_ => (ways.SourceOf(here), ways.SourceOf(IPAddress.Broadcast))).Distinct();
            Assert.That(found, Is.EqualTo(new[] { (here, (IPAddress?)null) }));
        }

        Assert.That(asked, Is.EqualTo(4), "two addresses, twice");
    }

    [Test]
    public void Whatever_is_asked_for_within_a_second_few_ways_are_kept()
    {
        var asked = 0;
        var ways = new Ways(() => TimeSpan.Zero, _ => ++asked > 0 ? null : null);
        for (var n = 0; n < 2000; n++)
        {
            ways.SourceOf(new IPAddress(n % 1001));
        }

        Assert.That(asked, Is.EqualTo(1001 + 999), "with one more than it keeps, it begins anew each time");
    }

    [TestCase(40, false)]
    [TestCase(60, false)]
    [TestCase(2000, false)]
    [TestCase(0, true)]
    public void Is_connected_soon_whatever_IPv6_does(int late, bool isBroken)
    {
        using var world = new World();
        using var server = new DnsStub(world);
        using var resolver = server.Resolver();
        world.Network.Host("web", IPAddress.Parse("10.0.0.80"), IPAddress.Parse("2001:db8::80"));
        var web = world.Network.Host("web6", IPAddress.Parse("10.0.0.81"));
        server.Script = heard => _ = heard.Question.Type == DnsType.A ? Say(heard, 0, "A 10.0.0.81") : Say(heard, late, isBroken ? "AAAA 2001:db8::dead" : "AAAA 2001:db8::81");
        world.Hub.UseResolver(resolver);
        using var listener = web.CreateNetwork(world.Hub).Listen(new IPEndPoint(IPAddress.Parse("10.0.0.81"), 80), new(), static _ => { });
        var dial = world.Watch(Tcp.Connect("web.example", 80, hub: world.Hub));
        world.Passes(0.3);
        Assert.That($"{dial.Last.RemoteEndPoint}", Is.EqualTo("10.0.0.81:80"));

        int Say(DnsHeard heard, int milliseconds, string data)
        {
            System.Reactive.Concurrency.Scheduler.Schedule(world.Hub, TimeSpan.FromMilliseconds(milliseconds), () => heard.Say(heard.Reply(data)));
            return 0;
        }
    }

    [TestCase("A 10.0.0.81", "10.0.0.81:80")]
    [TestCase("AAAA 2001:db8::81", "[2001:db8::81]:80")]
    public void One_family_alone_will_do(string data, string where)
    {
        using var world = new World();
        using var server = new DnsStub(world);
        using var hub = new Hub(world.Clock, world.Network.Host("client", IPAddress.Parse("10.0.0.2"), IPAddress.Parse("2001:db8::1")));
        using var resolver = new Resolver(new() { Server = "10.0.0.53", HostsFile = null, ResolvConfFile = null }, hub);
        var address = IPAddress.Parse(data.Split(' ')[1]);
        using var listener = world.Network.Host("web", address).CreateNetwork(world.Hub).Listen(new IPEndPoint(address, 80), new(), static _ => { });
        server.Script = heard => heard.Say(data.StartsWith($"{heard.Question.Type} ", StringComparison.Ordinal) ? heard.Reply(data) : heard.None(DnsResponseCode.NoError));
        hub.UseResolver(resolver);
        var dial = world.Watch(Tcp.Connect("web.example", 80, hub: hub));
        world.Passes(0.3);
        Assert.That($"{dial.Last.RemoteEndPoint}", Is.EqualTo(where));
    }

    [Test]
    public void A_name_that_is_none_fails_the_dial_as_the_systems_would()
    {
        using var world = new World();
        using var server = new DnsStub(world);
        using var resolver = server.Resolver();
        server.Script = static heard => heard.Say(heard.None());
        world.Hub.UseResolver(resolver);
        var dial = world.Watch(Tcp.Connect("web.example", 80, hub: world.Hub));
        world.Passes(0.3);
        Assert.That(dial.Error, Is.InstanceOf<ConnectionException>().With.Message.Contains("web.example"));
    }
}
