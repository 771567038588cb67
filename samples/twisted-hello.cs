#:project ../Diesel.Reactive

// The Twisted tutorial's first server: prints whatever arrives. Try it with: telnet 127.0.0.1 8000
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;

using var output = Console.OpenStandardOutput();
var service = new TcpService(new IPEndPoint(IPAddress.Loopback, args.Port(8000)), Print);
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

IObservable<ReadOnlyMemory<byte>> Print(Connection connection) =>
    connection.Do(chunk => output.Write(chunk.Span)).IgnoreElements();
