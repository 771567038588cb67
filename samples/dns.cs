#:project ../Diesel.Reactive.Protocols

// Diesel's examples/dns.py: names that are there and names that are not, looked up while other work goes on.
//     dotnet run samples/dns.cs                    a server of names of its own, which ends with it
//     dotnet run samples/dns.cs -- 192.0.2.53      an existing one, or: system
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Dns;

const string Zone = """
    $ORIGIN example.test.
    $TTL 300
    @     SOA ns root 1 1h 15m 1w 1m
    www   A 192.0.2.1
    shop  CNAME www
    @     MX 10 mail
    mail  A 192.0.2.25
    """;

var service = new DnsService(new IPEndPoint(IPAddress.Loopback, 0), DnsZone.Parse(Zone));
Application.Quickstart(service, () => Demo());

async Task Demo()
{
    using var resolver = new Resolver(new ResolverOptions { Server = args.FirstOrDefault() ?? $"{service.EndPoint}" });
    var ticks = 0;
    using var work = Observable.Interval(TimeSpan.FromMilliseconds(1), Hub.Current!).Subscribe(_ => ticks++);

    foreach (var host in (string[])["www.example.test", "shop.example.test", "nowhere.example.test", "127.0.0.1", "..."])
    {
        try
        {
            Console.WriteLine($"{host} is {string.Join(", ", await resolver.Lookup(host))}");
        }
        catch (DnsException error)
        {
            Console.WriteLine($"{host}: {error.Message}");
        }
    }

    Console.WriteLine($"mail goes to {(await resolver.Mx("example.test"))[0].Exchange}");

    // However many ask at a time, one query is sent.
    resolver.Flush();
    await Observable.Merge(Enumerable.Range(0, 1000).Select(_ => resolver.Lookup("www.example.test"))).ToList();
    Console.WriteLine($"1000 lookups of one name: {resolver.Counts.Entries} answers to remember");
    await Hub.Current!.Sleep(TimeSpan.FromMilliseconds(20));
    Console.WriteLine(ticks > 0 ? "and other work went on" : "and nothing else happened");
    Application.Quickstop();
}
