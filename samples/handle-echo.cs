#:project ../Diesel.Reactive

// diesel's handle_echo, of 2009: answers line after line. Try it with: telnet localhost 8000
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;

var service = new TcpService(new IPEndPoint(IPAddress.Loopback, args.Port(8000)), HandleEcho);
var app = new Application();
app.Add(service);
app.Add(() => Console.WriteLine($"listening on {service.EndPoint}"));
app.Run();

static IObservable<ReadOnlyMemory<byte>> HandleEcho(Connection connection) =>
    connection.Until("\r\n").Select(YouSaid);

static ReadOnlyMemory<byte> YouSaid(ReadOnlyMemory<byte> message) =>
    (byte[])[.. "you said: "u8, .. message.Span];
