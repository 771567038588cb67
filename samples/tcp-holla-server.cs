#:project ../Diesel.Reactive

// diesel's tcp_holla_server: echoes every line IN ALL CAPS. Try it with: telnet localhost 4321
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;

var service = new TcpService(new IPEndPoint(IPAddress.Loopback, args.Port(4321)), HollaBack);
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

static IObservable<ReadOnlyMemory<byte>> HollaBack(Connection connection) =>
    connection.UntilEol().Select(line => line.ToUpper());
