using System.Reactive.Concurrency;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>What docs/protocols/dns.md shows does what it says there.</summary>
public class DnsPageTests
{
    private const string Zone = """
        $ORIGIN example.com.
        $TTL 300
        @ SOA ns root 1 1h 15m 1w 1m
        @ A 198.51.100.1
        @ MX 20 mail2
        @ MX 10 mail1
        @ HTTPS 1 . alpn="h2"
        _xmpp-server._tcp SRV 1 0 5270 chat
        _xmpp-server._tcp SRV 0 0 5269 chat
        """;

    // The system's servers are those of the machine that tests; here it is the one of the other blocks.
    private static readonly (string, string) ThatServer = ("Resolver.System()", "new Resolver(new ResolverOptions { Server = \"192.0.2.1\", HostsFile = null, ResolvConfFile = null })");

    // The block of the page that has these words, what it is run with, and what is so then.
    private static readonly (string Words, Action<PageRun, CodeBlock> Runs)[] Scenarios =
    [
        ("resolver.Mx(", Resolves), ("UseResolver(", Connects), ("resolver.Srv(", Watches), ("DnssecOk", Asks),
        ("new HttpService(", AnswersByHttp), ("dns.Transfer(", Transfers), ("DnsZone.Parse(", Serves), ("query.Refuse(", Handles),
    ];

    private static IEnumerable<TestCaseData> Blocks => PageRun.Blocks("dns.md");

    [TestCaseSource(nameof(Blocks))]
    public void Does_what_it_says(object block)
    {
        using var page = new PageRun();
        var shown = (CodeBlock)block;
        Scenarios.Single(one => shown.Code.Contains(one.Words, StringComparison.Ordinal)).Runs(page, shown);
    }

    private static void Resolves(PageRun page, CodeBlock block)
    {
        using var server = Serve(page, new DnsService(53, DnsZone.Parse(Zone)));
        Assert.That(page.Run(block, "", ThatServer), Is.EqualTo(new[] { "198.51.100.1", "10 mail1.example.com.", "20 mail2.example.com." }));
    }

    private static void Connects(PageRun page, CodeBlock block)
    {
        var certificate = Authority.Shared.Issues("dns.example");
        using var server = Serve(page, new DnsService(853, DnsZone.Parse(Zone), new DnsServiceOptions { Tls = new TlsServerOptions { Certificate = certificate } }));
        using var there = page.Host("there", "198.51.100.1");
        new TcpService(4321, static _ => Task.CompletedTask).Start(there);
        Assert.That(
            page.Run(block, "Console.WriteLine(connection.RemoteEndPoint);", ("StaleTime", "Client = new DnsOptions { Tls = new TlsClientOptions { TrustedRoots = roots } }, HostsFile = null, StaleTime")),
            Is.EqualTo(new[] { "198.51.100.1:4321" }));
    }

    private static void Watches(PageRun page, CodeBlock block)
    {
        var place = "192.0.2.80";
        var zone = DnsZone.Parse(Zone);
        using var server = Serve(page, new DnsService(53, query => Observable.Return<DnsReply>(
            query.Name != "db.internal" ? zone.Answer(query.Message.Questions[0]) : query.Type == DnsType.A ? query.Answer(DnsRecord.Parse($"db.internal. 5 A {place}")) : query.Answer())));
        page.World.Hub.Schedule(TimeSpan.FromSeconds(12), () => place = "192.0.2.81");
        Assert.That(page.Run(block, "await hub.Sleep(TimeSpan.FromSeconds(20));", ThatServer), Is.EqualTo(new[]
        {
            "chat.example.com.:5269", "chat.example.com.:5270", "db is at 192.0.2.80", "db is at 192.0.2.81",
        }));
    }

    private static void Asks(PageRun page, CodeBlock block)
    {
        using var server = Serve(page, new DnsService(53, DnsZone.Parse(Zone)));
        Assert.That(page.Run(block).Select(static line => line.Replace('\t', ' ')), Is.EqualTo(new[] { "NoError of 192.0.2.1:53 by Udp", "example.com. 300 IN HTTPS 1 . alpn=\"h2\"" }));
    }

    private static void AnswersByHttp(PageRun page, CodeBlock block)
    {
        using var server = Serve(page, new DnsService(53, DnsZone.Parse(Zone)));
        using var files = new PemFolder();
        const string Ask = """
            front.Start(hub);
            using var client = new DnsClient("https://localhost@10.0.0.1:8443/dns-query", new DnsOptions { Tls = new TlsClientOptions { TrustedRoots = roots } });
            var reply = await client.Query("example.com", DnsType.A);
            Console.WriteLine($"{reply.Transport} {string.Join(';', reply.Answers)}");
            """;
        Assert.That(
            page.Run(block, Ask, ("\"cert.pem\"", $"\"{files["cert.pem"]}\""), ("\"key.pem\"", $"\"{files["key.pem"]}\"")).Select(static line => line.Replace('\t', ' ')),
            Is.EqualTo(new[] { "Http example.com. 300 IN A 198.51.100.1" }));
    }

    private static void Transfers(PageRun page, CodeBlock block)
    {
        using var server = new DnsStub(page.World, "192.0.2.1");
        var zone = DnsZone.Parse(Zone);
        server.Script = heard => heard.Say(heard.Whole([.. zone.Records, zone.Soa]));
        Assert.That(page.Run(block), Is.EqualTo(zone.Records.Append(zone.Soa).Select(static record => $"{record}")));
    }

    private static void Serves(PageRun page, CodeBlock block) =>
        Assert.That(page.Run(block, Asking("new DnsClient(\"10.0.0.1:5300\")", "x.example.test", "A")), Is.EqualTo(new[] { "NoError x.example.test. 300 IN CNAME www.example.test.;www.example.test. 300 IN A 192.0.2.1" }));

    private static void Handles(PageRun page, CodeBlock block)
    {
        using var server = Serve(page, new DnsService(53, DnsZone.Parse(Zone)));
        const string Start = "clock.Start(hub); proxy.Start(hub); forwarder.Start(hub);";
        var said = page.Run(
            block,
            Start + Asking("new DnsClient(\"10.0.0.1:5300\")", "now.example", "TXT") + Asking("new DnsClient(\"10.0.0.1:5300\")", "now.example", "A")
                + Asking("new DnsClient(\"10.0.0.1:5301\")", "example.com", "A") + Asking("new DnsClient(\"10.0.0.1:5302\")", "example.com", "A"),
            ThatServer);
        Assert.That(said[0], Does.StartWith("NoError now.example. 0 IN TXT "));
        Assert.That(said[1], Does.StartWith("Refused, ").And.Contain("TXT only"));
        Assert.That(said.Skip(2), Is.EqualTo(new[] { "NoError example.com. 300 IN A 198.51.100.1", "NoError example.com. 300 IN A 198.51.100.1" }));
    }

    private static string Asking(string client, string name, string type) => $$"""
        try
        {
            using var asking = {{client}};
            var told = await asking.Query("{{name}}", DnsType.{{type}});
            Console.WriteLine($"{told.ResponseCode} {string.Join(';', told.Answers)}".Replace('\t', ' '));
        }
        catch (DnsException error)
        {
            Console.WriteLine($"{error.Code}, {error.ExtendedError}");
        }

        """;

    // At 192.0.2.1, where the page asks.
    private static Hub Serve(PageRun page, DnsService service)
    {
        var hub = page.Host("server", "192.0.2.1");
        service.Start(hub);
        return hub;
    }
}
