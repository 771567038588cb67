#:project ../Diesel.Reactive

// The Twisted tutorial's second server: sends whatever arrives back, uppercased, without waiting for a whole line.
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;

var service = new TcpService(new IPEndPoint(IPAddress.Loopback, args.Port(8000)), Upper);
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

static IObservable<ReadOnlyMemory<byte>> Upper(Connection connection) =>
    connection.Select(chunk => chunk.ToUpper());
