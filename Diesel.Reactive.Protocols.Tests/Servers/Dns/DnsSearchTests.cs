using System.Collections.Concurrent;
using System.Net;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>The search list as the system's own resolver has it: both are asked, and one server hears what they ask for.</summary>
public class DnsSearchTests
{
    // resolv.conf names no ports: an address of the loopback network that nobody else serves at.
    private static readonly IPEndPoint Server = new(IPAddress.Parse("127.7.7.7"), 53);

    [Test]
    public async Task Asks_for_the_same_names_in_the_same_order_as_glibc()
    {
        SampleTool.Require("/usr/bin/unshare", "util-linux");
        var asked = new ConcurrentQueue<string>();
        using var live = new Live();
        var service = new DnsService(Server, query =>
        {
            if (query.Type == DnsType.A)
            {
                asked.Enqueue(query.Name.ToString()[..^1]);
            }

            return Observable.Return<DnsReply>(new DnsMessage { ResponseCode = DnsResponseCode.NameError, Authorities = [DnsRecord.Parse(". 0 SOA a. b. 1 1 1 1 0")] });
        });
        try
        {
            service.Start(live.Hub);
        }
        catch (ConnectionException error)
        {
            Assert.Ignore($"Port 53 is not to be had: {error.Message}");
        }

        var file = Path.GetTempFileName();
        foreach (var ndots in (int[])[0, 1, 5])
        {
            File.WriteAllText(file, $"nameserver {Server.Address}\nsearch x.test y.test\noptions ndots:{ndots}\n");
            using var resolver = new Resolver(new ResolverOptions { ResolvConfFile = file, HostsFile = null }, live.Hub);
            foreach (var name in (string[])["a", "a.b", "a.b.c", "a.", "a.b.", "a.b.c."])
            {
                asked.Clear();
                var (code, text) = await SampleTool.Run("/usr/bin/unshare", "-m", "/bin/sh", "-c", $"mount --bind {file} /etc/resolv.conf && exec getent ahosts {name}");
                if (code == 1 && asked.IsEmpty)
                {
                    Assert.Ignore($"No resolv.conf of one's own is to be had here: {text}");
                }

                var theirs = string.Join(' ', asked);
                asked.Clear();
                Assert.That(() => live.Await(resolver.Lookup(name)), Throws.InstanceOf<DnsException>());
                Assert.That(string.Join(' ', asked), Is.EqualTo(theirs), $"{name} with ndots:{ndots}");
            }
        }

        File.Delete(file);
    }
}
