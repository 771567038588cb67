#:project ../Diesel.Reactive.Protocols

// A memcached server. Start it, then try any memcached client, or:
//     dotnet run samples/memcached-client.cs -- localhost
using System.Net;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Memcached;

var (port, megabytes) = args.PortAndMegabytes(11211, 64);

var service = new MemcachedService(new IPEndPoint(IPAddress.Loopback, port), new MemcachedMemory(megabytes * 1024L * 1024L));
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));
