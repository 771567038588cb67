using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>What the samples of DNS do.</summary>
[Parallelizable(ParallelScope.All)]
public class DnsSampleTests
{
    [Test]
    public async Task Dns_finds_what_is_there_while_other_work_goes_on()
    {
        await using var process = await SampleProcess.Start("dns");
        var text = await process.ReadUntil("other work went on\n");
        Assert.That(text.Split('\n')[..^1], Is.EqualTo(new[]
        {
            "www.example.test is 192.0.2.1",
            "shop.example.test is 192.0.2.1",
            "nowhere.example.test: There is no name nowhere.example.test.",
            "127.0.0.1 is 127.0.0.1",
            "...: '...' is no name of a host.",
            "mail goes to mail.example.test.",
            "1000 lookups of one name: 2 answers to remember",
            "and other work went on",
        }));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Dig_asks_a_proxy_that_asks_a_server()
    {
        using var live = new Live();
        var service = live.Starts(new DnsService(new IPEndPoint(IPAddress.Loopback, 0), DnsZone.Parse(DnsSample.Zone, "example.test")));
        await using var proxy = await SampleProcess.Start("dns-proxy", "0", $"127.0.0.1:{service.Port}");
        var at = Regex.Match(await proxy.ReadUntil("\n"), @"127\.0\.0\.1:\d+").Value;
        await using var dig = await SampleProcess.Start("dig", $"@{at}", "alias.example.test", "AAAA");
        Assert.That(await dig.ReadUntil("by Udp\n"), Does.Contain("alias.example.test.\t3600\tIN\tCNAME\ta.example.test.\na.example.test.\t3600\tIN\tAAAA\t2001:db8::1\n"));
        await using var wrong = await SampleProcess.Start("dig", "..");
        Assert.That((await dig.End(), await wrong.End()), Is.EqualTo(((0, ""), (2, "usage: dig [@SERVER] NAME [TYPE]\n"))));
        proxy.Send(PosixSignal.SIGTERM);
        Assert.That(await proxy.End(), Is.EqualTo((0, "")));
    }
}
