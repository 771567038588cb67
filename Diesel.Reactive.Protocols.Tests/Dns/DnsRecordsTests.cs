using System.Net;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>Records of a kind, in their order.</summary>
public class DnsRecordsTests : DnsResolverFixture
{
    [Test]
    public void Mail_goes_by_preference()
    {
        Server.Script = heard => heard.Say(heard.Reply("MX 20 b.example.", "MX 10 a.example."));
        Assert.That(World.Watch(Resolver.Mx("example")).Last.Select(mx => $"{mx.Exchange}"), Is.EqualTo(new[] { "a.example.", "b.example." }));
    }

    [Test]
    public void A_service_is_where_it_is_said_to_be_or_not_at_all()
    {
        Server.Script = heard => heard.Say(heard.Question.Name == "_a._tcp.example" ? heard.Reply("SRV 2 0 1 b.example.", "SRV 1 0 1 a.example.") : heard.Reply("SRV 0 0 0 ."));
        Assert.That(World.Watch(Resolver.Srv("_a._tcp.example")).Last.Select(srv => $"{srv.Target}"), Is.EqualTo(new[] { "a.example.", "b.example." }));
        Assert.That(World.Watch(Resolver.Srv("_b._tcp.example")).Last, Is.Empty);
    }

    [Test]
    public void Weights_are_shares()
    {
        var (random, firsts) = (new Random(5), new Dictionary<string, int>());
        SrvRecord[] records = [.. new[] { "1 0 1 z.", "1 10 1 a.", "1 30 1 b.", "2 99 1 c." }.Select(data => (SrvRecord)DnsRecord.Parse($"s.example. 1 SRV {data}"))];
        for (var n = 0; n < 41_000; n++)
        {
            var order = SrvOrder.Sort(records, random.Next);
            Assert.That(order[3].Target.ToString(), Is.EqualTo("c."));
            firsts[$"{order[0].Target}"] = firsts.GetValueOrDefault($"{order[0].Target}") + 1;
        }

        Assert.That((firsts["z."], firsts["a."], firsts["b."]), Is.EqualTo((1000, 10_000, 30_000)).Using<(int, int, int)>(
            static (left, right) => Math.Abs(left.Item1 - right.Item1) < 200 && Math.Abs(left.Item2 - right.Item2) < 500 && Math.Abs(left.Item3 - right.Item3) < 500));
    }

    [Test]
    public void Texts_names_and_zones()
    {
        Server.Script = heard => heard.Say(heard.Question.Type switch
        {
            DnsType.TXT => heard.Reply("TXT \"v=spf1 \" \"-all\"", "TXT other"),
            DnsType.PTR => heard.Reply("PTR host.example."),
            _ => heard.Reply("SOA ns.example. root.example. 7 2 3 4 5"),
        });
        Assert.That(World.Watch(Resolver.Txt("example")).Last, Is.EqualTo(new[] { "v=spf1 -all", "other" }));
        Assert.That(World.Watch(Resolver.Reverse(IPAddress.Parse("192.0.2.1"))).Last, Is.EqualTo(new[] { "host.example" }));
        Assert.That(World.Watch(Resolver.Reverse(IPAddress.Parse("2001:db8::1"))).Last, Has.Count.EqualTo(1));
        Assert.That(World.Watch(Resolver.Soa("example")).Last.Serial, Is.EqualTo(7));
        Assert.That(Server.Asked, Does.Contain("PTR 1.2.0.192.in-addr.arpa.").And.Contain("PTR 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."));
    }

    [Test]
    public void A_web_sites_alias_is_followed()
    {
        Server.Script = heard => heard.Say(heard.Question.Name == "example" ? heard.Reply("HTTPS 0 cdn.example.") : heard.Reply("HTTPS 2 . alpn=h2", "HTTPS 1 fast.example. alpn=h3 port=8443"));
        var records = World.Watch(Resolver.Https("example")).Last;
        Assert.That((records[0].Priority, records[0].Alpn[0], records[0].Port, records[1].Target.IsRoot), Is.EqualTo((1, "h3", (ushort?)8443, true)));
    }
}
