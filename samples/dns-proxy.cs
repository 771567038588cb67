#:project ../Diesel.Reactive.Protocols

// A server of names that asks another one, and remembers what it said. Try it with: dig @127.0.0.1 -p 5300 example.com
//     dotnet run samples/dns-proxy.cs -- 5300 192.0.2.53      asks that one; without it, the system's
using System.Net;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Dns;

var resolver = new Resolver(new ResolverOptions { Server = args.ElementAtOrDefault(1) ?? "system", StaleTime = TimeSpan.FromDays(1) });
var service = new DnsService(
    new IPEndPoint(IPAddress.Loopback, args.Take(1).ToArray().Port(5300)),
    query => resolver.Query(query.Name, query.Type));
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));
