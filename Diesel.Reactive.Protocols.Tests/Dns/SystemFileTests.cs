using System.Net;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>What the system's files say.</summary>
public class SystemFileTests
{
    // What is written; then: servers, search list, ndots, seconds, attempts, flags; lines that mean nothing.
    [TestCase("", "127.0.0.1 | | 1 | - | - | ", 0)]
    [TestCase("nameserver 192.0.2.1", "192.0.2.1 | | 1 | - | - | ", 0)]
    [TestCase("nameserver 192.0.2.1\r\nnameserver 192.0.2.2\r\n", "192.0.2.1 192.0.2.2 | | 1 | - | - | ", 0)]
    [TestCase("nameserver\t192.0.2.1", "192.0.2.1 | | 1 | - | - | ", 0)]
    [TestCase("nameserver 1.1.1.1\nnameserver 2.2.2.2\nnameserver 3.3.3.3\nnameserver 4.4.4.4", "1.1.1.1 2.2.2.2 3.3.3.3 | | 1 | - | - | ", 0)]
    [TestCase("nameserver 2001:db8::1", "2001:db8::1 | | 1 | - | - | ", 0)]
    [TestCase("nameserver fe80::1%1", "fe80::1%1 | | 1 | - | - | ", 0)]
    [TestCase("nameserver nonsense\nnameserver 192.0.2.1", "192.0.2.1 | | 1 | - | - | ", 1)]
    [TestCase("nameserver", "127.0.0.1 | | 1 | - | - | ", 1)]
    [TestCase("nameserver 192.0.2.1 # ours", "192.0.2.1 | | 1 | - | - | ", 0)]
    [TestCase("# comment\n; comment\nnameserver 192.0.2.1", "192.0.2.1 | | 1 | - | - | ", 0)]
    [TestCase("search a.example b.example", "127.0.0.1 | a.example. b.example. | 1 | - | - | ", 0)]
    [TestCase("domain a.example", "127.0.0.1 | a.example. | 1 | - | - | ", 0)]
    [TestCase("domain a.example\nsearch b.example", "127.0.0.1 | b.example. | 1 | - | - | ", 0)]
    [TestCase("search b.example\ndomain a.example", "127.0.0.1 | a.example. | 1 | - | - | ", 0)]
    [TestCase("search a b c d e f g h", "127.0.0.1 | a. b. c. d. e. f. g. h. | 1 | - | - | ", 0)]
    [TestCase("search .", "127.0.0.1 | | 1 | - | - | ", 0)]
    [TestCase("search a..b c.example", "127.0.0.1 | c.example. | 1 | - | - | ", 1)]
    [TestCase("search", "127.0.0.1 | | 1 | - | - | ", 1)]
    [TestCase("options ndots:5", "127.0.0.1 | | 5 | - | - | ", 0)]
    [TestCase("options ndots:99", "127.0.0.1 | | 15 | - | - | ", 0)]
    [TestCase("options ndots:0", "127.0.0.1 | | 0 | - | - | ", 0)]
    [TestCase("options ndots:x", "127.0.0.1 | | 1 | - | - | ", 1)]
    [TestCase("options timeout:2 attempts:3", "127.0.0.1 | | 1 | 2 | 3 | ", 0)]
    [TestCase("options timeout:99 attempts:99", "127.0.0.1 | | 1 | 30 | 5 | ", 0)]
    [TestCase("options use-vc no-aaaa no-tld-query", "127.0.0.1 | | 1 | - | - | tcp v4 tld", 0)]
    [TestCase("options rotate edns0 trust-ad single-request", "127.0.0.1 | | 1 | - | - | ", 0)]
    [TestCase("options unheard-of ndots:2", "127.0.0.1 | | 2 | - | - | ", 1)]
    [TestCase("sortlist 130.155.160.0/255.255.240.0", "127.0.0.1 | | 1 | - | - | ", 0)]
    [TestCase("nonsense at all\nnameserver 192.0.2.1", "192.0.2.1 | | 1 | - | - | ", 1)]
    public void Resolv_conf_is_read(string text, string said, int ignored)
    {
        var conf = ResolvConf.Parse(text);
        var flags = $"{(conf.UsesTcp ? "tcp " : "")}{(conf.HasNoAaaa ? "v4 " : "")}{(conf.HasNoTopLevelQuery ? "tld" : "")}";
        var told = string.Join(" | ", string.Join(' ', conf.Servers.Select(server => server.Address)), string.Join(' ', conf.Search), conf.Ndots,
            conf.Timeout?.TotalSeconds.ToString() ?? "-", conf.Attempts?.ToString() ?? "-", flags).Replace("|  |", "| |", StringComparison.Ordinal);
        Assert.That((told, conf.Ignored.Count), Is.EqualTo((said, ignored)), string.Join('\n', conf.Ignored));
    }

    [TestCase("192.0.2.1 a b.example", "a", "192.0.2.1", 0)]
    [TestCase("192.0.2.1\ta\tb", "b", "192.0.2.1", 0)]
    [TestCase("192.0.2.1 a\r\n192.0.2.2 a\r\n", "a", "192.0.2.1 192.0.2.2", 0)]
    [TestCase("192.0.2.1 a\n2001:db8::1 a", "A", "192.0.2.1 2001:db8::1", 0)]
    [TestCase("192.0.2.1 a\n192.0.2.1 a", "a", "192.0.2.1", 0)]
    [TestCase("# 192.0.2.1 a", "a", "", 0)]
    [TestCase("192.0.2.1 b # a", "a", "", 0)]
    [TestCase("  192.0.2.1   a  ", "a", "192.0.2.1", 0)]
    [TestCase("nonsense a\n192.0.2.1 a", "a", "192.0.2.1", 1)]
    [TestCase("192.0.2.1\n192.0.2.2 a", "a", "192.0.2.2", 1)]
    [TestCase("192.0.2.1 a..b c", "c", "192.0.2.1", 1)]
    [TestCase("", "a", "", 0)]
    public void Hosts_are_read(string text, string name, string addresses, int ignored)
    {
        var hosts = HostsFile.Parse(text);
        Assert.That((string.Join(' ', hosts.Addresses(name)), hosts.Ignored.Count), Is.EqualTo((addresses, ignored)));
    }

    [TestCase("a", 1, "a.x a.y a")]
    [TestCase("a.b", 1, "a.b a.b.x a.b.y")]
    [TestCase("a.b.c", 1, "a.b.c a.b.c.x a.b.c.y")]
    [TestCase("a", 0, "a a.x a.y")]
    [TestCase("a.b", 5, "a.b.x a.b.y a.b")]
    [TestCase("a.", 1, "a")]
    [TestCase("a.b.", 5, "a.b")]
    public void A_name_may_mean_others(string host, int ndots, string asked)
    {
        using var world = new World();
        using var server = new DnsStub(world);
        using var resolver = server.Resolver(new() { Search = ["x", "y"], Ndots = ndots });
        server.Script = static heard => heard.Say(heard.None(zone: "."));
        var story = world.Watch(resolver.Lookup(host));
        world.Passes(1);
        Assert.That(string.Join(' ', server.Heard.Where(heard => heard.Question.Type == DnsType.A).Select(heard => heard.Question.Name.ToString()[..^1])), Is.EqualTo(asked));
        Assert.That(((DnsException)story.Error!).Code, Is.EqualTo(DnsResponseCode.NameError));
    }

    [Test]
    public void The_first_that_is_there_is_meant()
    {
        using var world = new World();
        using var server = new DnsStub(world);
        using var resolver = server.Resolver(new() { Search = ["x", "y", "z"] });
        server.Script = static heard => heard.Say(heard.Question.Name == "a.y" && heard.Question.Type == DnsType.A ? heard.Reply("A 192.0.2.1") : heard.None(zone: ".", code: heard.Question.Name == "a.y" ? DnsResponseCode.NoError : DnsResponseCode.NameError));
        var story = world.Watch(resolver.Lookup("a"));
        world.Passes(1);
        Assert.That((story.Last.Single(), server.Heard.Count), Is.EqualTo((IPAddress.Parse("192.0.2.1"), 4)));
    }

    [Test]
    public void An_outage_does_not_read_as_absence()
    {
        using var world = new World();
        using var server = new DnsStub(world);
        using var resolver = server.Resolver(new() { Search = ["x", "y"] });
        server.Script = static heard => heard.Say(heard.Question.Name == "a.x" ? heard.Fails(DnsResponseCode.ServerFailure) : heard.None(zone: "."));
        var story = world.Watch(resolver.Lookup("a"));
        world.Passes(1);
        Assert.That(((DnsException)story.Error!).Code, Is.EqualTo(DnsResponseCode.ServerFailure));
    }

    [Test]
    public void Files_that_change_are_read_again()
    {
        var (conf, hosts) = (Path.GetTempFileName(), Path.GetTempFileName());
        try
        {
            using var world = new World();
            using var server = new DnsStub(world);
            using var other = new DnsStub(world, "10.0.0.54");
            File.WriteAllText(conf, "nameserver 10.0.0.53");
            using var resolver = new Resolver(new ResolverOptions { ResolvConfFile = conf, HostsFile = hosts }, world.Hub);
            Ask(world, resolver, "a.example");
            File.WriteAllText(conf, "nameserver 10.0.0.54 # another one");
            File.WriteAllText(hosts, "192.0.2.77 c.example");
            world.Passes(1.1);
            Ask(world, resolver, "b.example");
            Assert.That((server.Heard.Count, other.Heard.Count, Ask(world, resolver, "c.example")), Is.EqualTo((2, 2, "192.0.2.77")));
        }
        finally
        {
            File.Delete(conf);
            File.Delete(hosts);
        }
    }

    [Test]
    public void A_file_that_is_not_there_says_nothing()
    {
        using var world = new World();
        using var resolver = new Resolver(new ResolverOptions { ResolvConfFile = "/nowhere/resolv.conf", HostsFile = "/nowhere/hosts" }, world.Hub);
        var story = world.Watch(resolver.Lookup("a.example"));
        world.Passes(1);
        Assert.That(story.Error!.Message, Does.Contain("127.0.0.1:53"));
    }

    private static string Ask(World world, Resolver resolver, string host)
    {
        var story = world.Watch(resolver.Lookup(host));
        world.Passes(0.1);
        return string.Join(' ', story.Last);
    }
}
