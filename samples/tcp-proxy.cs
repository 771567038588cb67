#:project ../Diesel.Reactive

// Passes everything on between those who connect and another server, as fast as the slower side goes. Run tcp-holla-server.cs first, and talk
// to it through here with: telnet localhost 4322
using System.Net;
using Diesel.Reactive;

var (port, host, upstreamPort) = args.PortHostAndPort(4322, "localhost", 4321);
var service = new TcpService(new IPEndPoint(IPAddress.Loopback, port), Pass);
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

async Task Pass(Connection client)
{
    using var upstream = await Tcp.Connect(host, upstreamPort);
    var counts = await client.RelayTo(upstream);
    Console.WriteLine($"{counts.Forth} bytes there, {counts.Back} back");
}
