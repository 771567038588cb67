#:project ../Diesel.Reactive

// bluelet's echoer: a connection is an observable of what comes in, and what a handler returns goes out.
using System.Net;
using Diesel.Reactive;

var service = new TcpService(new IPEndPoint(IPAddress.Loopback, args.Port(4915)), Echoer);
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

static IObservable<ReadOnlyMemory<byte>> Echoer(Connection connection) => connection;
