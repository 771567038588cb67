using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>Against BIND, NSD, Unbound, dnsmasq, dig, dnspython and DnsClient.NET.</summary>
public class DnsRealTests
{
    private const string Dig = "/usr/bin/dig";
    private const string Python = "/usr/bin/python3";

    // Prints what the server says as bytes: name, type, seconds, data.
    private const string Script = """
        import sys, dns.message, dns.query, dns.rdatatype, dns.flags
        port = int(sys.argv[1])
        for line in open(sys.argv[2]):
            name, kind = line.split()
            query = dns.message.make_query(name, kind, use_edns=0, payload=1232)
            reply = dns.query.udp(query, '127.0.0.1', port=port, timeout=5)
            if reply.flags & dns.flags.TC:
                reply = dns.query.tcp(query, '127.0.0.1', port=port, timeout=5)
            rows = sorted('%s %s %d %s' % (rrset.name.to_text().lower(), int(rrset.rdtype), rrset.ttl, rdata.to_wire().hex()) for rrset in reply.answer for rdata in rrset)
            print(name, kind, dns.rcode.to_text(reply.rcode()), '|'.join(rows))
        """;

    private static IEnumerable<(string Name, string Type)> Questions => DnsSample.Kinds.Select(kind => (DnsSample.Absolute(kind.Name), kind.Type))
        .Concat(Enumerable.Range(0, Live.IsSoak ? 400 : 50).Select(n => ($"host{n}.example.test.", "A")));

    [Test]
    public async Task Captured_messages_are_read_printed_as_dig_does_written_and_read_again()
    {
        SampleTool.Require(Dig, "bind9-dnsutils");
        using var bind = DnsDaemon.Bind();
        using var nsd = DnsDaemon.Nsd();
        using var unbound = DnsDaemon.Unbound(bind);
        using var dnsmasq = DnsDaemon.Dnsmasq(bind);
        var captures = 0;
        foreach (var server in (DnsDaemon[])[bind, nsd, unbound, dnsmasq])
        {
            var dug = await DigAll(server.Port, DnsSample.Kinds.Select(kind => (DnsSample.Absolute(kind.Name), kind.Type)));
            var ours = new List<string>();
            foreach (var (name, type) in DnsSample.Kinds)
            {
                var message = DnsCodec.Decode(server.Ask(DnsCodec.Encode(Query(DnsSample.Absolute(name), type))));
                ours.AddRange(message.Answers.Select(record => Without(record.ToString())));
                var again = DnsCodec.Decode(DnsCodec.Encode(message));
                Assert.That(again.ToString(), Is.EqualTo(message.ToString()));
                Assert.That(again.Answers, Is.EqualTo(message.Answers));
                captures++;
            }

            Assert.That(ours.Order(StringComparer.Ordinal), Is.EqualTo(dug.Order(StringComparer.Ordinal)), server.Server);
        }

        Assert.That(captures, Is.GreaterThanOrEqualTo(60));
    }

    [Test]
    public async Task Our_client_DnsClient_NET_dnspython_and_dig_agree_on_what_BIND_serves_and_on_what_we_serve()
    {
        SampleTool.Require(Dig, "bind9-dnsutils");
        using var bind = DnsDaemon.Bind();
        using var live = new Live();
        var service = live.Starts(new DnsService(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0), DnsZone.Parse(DnsSample.Zone, "example.test")));
        var (theirs, ours) = (await PythonAll(bind.Port), await PythonAll(service.Port));
        Assert.That(ours, Is.EqualTo(theirs), "dnspython of both");
        Assert.That((await DigAll(service.Port, Questions)).Order(StringComparer.Ordinal), Is.EqualTo((await DigAll(bind.Port, Questions)).Order(StringComparer.Ordinal)), "dig of both");
        foreach (var port in (int[])[bind.Port, service.Port])
        {
            var (whole, told) = await ClientAll(live, port);
            var of = port == bind.Port ? "BIND" : "ours";
            Assert.That(whole, Is.EqualTo(theirs), $"our client of {of}");
            Assert.That(await TheirDns.Ask(port, Questions), Is.EqualTo(told), $"DnsClient.NET of {of}");
        }
    }

    [Test]
    public void A_zone_comes_as_a_stream()
    {
        var count = Live.IsSoak ? 100_000 : 20_000;
        var zone = "$TTL 60\n$ORIGIN example.test.\n@ SOA ns root 7 1 1 1 1\n@ NS ns\nns A 127.0.0.1\n" + string.Concat(Enumerable.Range(0, count).Select(n => $"h{n} A 10.{n >> 16}.{(n >> 8) & 255}.{n & 255}\n"));
        using var bind = DnsDaemon.Bind(zone);
        using var live = new Live();
        using var client = new DnsClient(bind.Server, null, live.Hub);
        var (records, most, before) = (0, 0L, GC.GetTotalMemory(true));
        live.Await(client.Transfer("example.test").Do(_ =>
        {
            if (++records % 5000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(true) - before);
            }
        }).LastAsync());
        Assert.That((records, most < 32 * 1024 * 1024), Is.EqualTo((count + 4, true)), $"{most} bytes");
    }

    [Test]
    public void A_zone_that_is_not_given_is_an_error()
    {
        using var bind = DnsDaemon.Bind(inZone: "allow-transfer { none; };");
        using var live = new Live();
        using var client = new DnsClient(bind.Server, null, live.Hub);
        Assert.That(() => live.Await(client.Transfer("example.test").ToList()), Throws.InstanceOf<DnsException>().With.Property("Code").EqualTo(DnsResponseCode.Refused));
    }

    [Test]
    public void Nothing_new_is_one_record()
    {
        using var bind = DnsDaemon.Bind();
        using var live = new Live();
        using var client = new DnsClient(bind.Server, null, live.Hub);
        Assert.That(live.Await(client.Transfer("example.test", since: 2026).ToList()), Has.Count.EqualTo(1));
        Assert.That(live.Await(client.Transfer("example.test", since: 2025).ToList()), Has.Count.GreaterThan(400), "BIND has no journal: the whole");
    }

    [Test]
    public async Task Dnsperf_loses_no_query()
    {
        SampleTool.Require("/usr/bin/dnsperf", "dnsperf");
        using var live = new Live();
        var service = live.Starts(new DnsService(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0), DnsZone.Parse(DnsSample.Zone, "example.test")));
        var ours = await Dnsperf(service.Port);
        using var nsd = DnsDaemon.Nsd();
        var theirs = await Dnsperf(nsd.Port);
        TestContext.Out.WriteLine($"ours {ours.Rate:N0}/s, NSD {theirs.Rate:N0}/s");
        Assert.That(ours.Lost, Is.Zero);
        Assert.That(ours.Rate, Is.GreaterThan(Live.IsSoak ? 0.5 * theirs.Rate : 0));
    }

    [Test]
    public void A_resolver_asks_unbound_as_any_other()
    {
        using var bind = DnsDaemon.Bind();
        using var unbound = DnsDaemon.Unbound(bind);
        using var live = new Live();
        using var resolver = new Resolver(new() { Server = unbound.Server, HostsFile = null, ResolvConfFile = null }, live.Hub);
        Assert.That(live.Await(resolver.Lookup("alias.example.test")).Select(each => each.ToString()), Does.Contain("192.0.2.1").And.Contain("2001:db8::1"));
        Assert.That(live.Await(resolver.Mx("example.test")).Select(mx => mx.Exchange.ToString()), Is.EqualTo(new[] { "mail.example.test.", "mail2.other.test." }));
        Assert.That(() => live.Await(resolver.Lookup("none.example.test")), Throws.InstanceOf<DnsException>().With.Property("Code").EqualTo(DnsResponseCode.NameError));
    }

    private static DnsMessage Query(string name, string type)
    {
        Assert.That(DnsTypeText.TryParse(type, out var asked));
        return DnsMessage.Query(name, asked) with { Id = 4711, Edns = new DnsEdns() };
    }

    // Times grow less on their way through servers that remember.
    private static string Without(string record) => Regex.Replace(Regex.Replace(record, @"\s+", " "), @"^(\S+) \d+ ", "$1 ");

    private static async Task<List<string>> DigAll(int port, IEnumerable<(string Name, string Type)> questions)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, questions.Select(each => $"{each.Name} {each.Type}"));
        var (_, text) = await SampleTool.Run(Dig, "@127.0.0.1", "-p", $"{port}", "+noall", "+answer", "+comments", "+nosplit", "+tries=3", "+timeout=10", "-f", file);
        File.Delete(file);

        // A server that asks another one may have had no time for it: then there is no answer, and nothing else to see.
        Assert.That(text, Does.Not.Contain("timed out").And.Not.Contain("error").And.Not.Contain("SERVFAIL"), "dig had trouble");
        return [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != ';').Select(Without)];
    }

    private static async Task<string[]> PythonAll(int port)
    {
        SampleTool.Require("/usr/lib/python3/dist-packages/dns/message.py", "python3-dnspython");
        var (file, script) = (Path.GetTempFileName(), Path.GetTempFileName());
        await File.WriteAllLinesAsync(file, Questions.Select(each => $"{each.Name} {each.Type}"));
        await File.WriteAllTextAsync(script, Script);
        var (code, text) = await SampleTool.Run(Python, script, $"{port}", file);
        File.Delete(file);
        File.Delete(script);
        Assert.That(code, Is.Zero, text);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<(string[] Whole, string[] Told)> ClientAll(Live live, int port)
    {
        using var client = new DnsClient($"127.0.0.1:{port}", null, live.Hub);
        var (lines, told) = (new List<string>(), new List<string>());
        foreach (var (name, type) in Questions)
        {
            Assert.That(DnsTypeText.TryParse(type, out var asked));
            var reply = await Task.Run(() => live.Await(client.Query(name, asked)));
            var rows = reply.Answers.Select(record => $"{record.Name.ToString().ToLowerInvariant()} {(int)record.Type} {record.TimeToLive.TotalSeconds} {Convert.ToHexStringLower(record.Wire())}").Order(StringComparer.Ordinal);
            lines.Add($"{name} {type} {reply.ResponseCode.Print()} {string.Join('|', rows)}");
            told.Add(TheirDns.Told(name, type, reply));
        }

        return ([.. lines], [.. told]);
    }

    private static async Task<(double Rate, int Lost)> Dnsperf(int port)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 400).Select(n => $"host{n}.example.test A"));
        var (_, text) = await SampleTool.Run("/usr/bin/dnsperf", "-s", "127.0.0.1", "-p", $"{port}", "-d", file, "-l", Live.IsSoak ? "10" : "2", "-c", "4", "-Q", Live.IsSoak ? "1000000" : "20000");
        File.Delete(file);
        return (double.Parse(Regex.Match(text, @"Queries per second:\s+([\d.]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture),
            int.Parse(Regex.Match(text, @"Queries lost:\s+(\d+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
    }
}
