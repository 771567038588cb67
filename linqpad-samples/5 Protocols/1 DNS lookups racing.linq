<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive.Protocols</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>Diesel.Reactive.Protocols.Dns</Namespace>
  <Namespace>System.Net</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
  <Namespace>System.Threading.Tasks</Namespace>
</Query>

// Names of a zone of our own; all are asked at once, and each is shown when its answer has come.
await using var names = new DnsService(new IPEndPoint(IPAddress.Loopback, 0), DnsZone.Parse("""
    $ORIGIN example.test.
    $TTL 300
    @    SOA ns root 1 1h 15m 1w 1m
    www  A 192.0.2.1
    shop CNAME www
    """));
names.Start();

using var resolver = new Resolver(new ResolverOptions { Server = $"{names.EndPoint}" });
var found = await new[] { "www.example.test", "shop.example.test", "nowhere.example.test" }
    .Select(name => resolver.Lookup(name)
        .Select(addresses => $"{name} is {string.Join(", ", addresses)}")
        .Catch((DnsException error) => Observable.Return(error.Message)))
    .Merge()
    .ToList();
found.Dump();
