#:project ../Diesel.Reactive

// diesel's first echo server, of 2009: answers one line, then hangs up. Try it with: telnet localhost 7050
using System.Net;
using System.Reactive.Linq;
using System.Text;
using Diesel.Reactive;

var service = new TcpService(new IPEndPoint(IPAddress.Loopback, args.Port(7050)), Echo);
var app = new Application();
app.Add(service);
app.Add(() => Console.WriteLine($"listening on {service.EndPoint}"));
app.Run();

static IObservable<ReadOnlyMemory<byte>> Echo(Connection connection) =>
    connection.Read(Framing.UntilEol()).Select(YouSaid);

static ReadOnlyMemory<byte> YouSaid(ReadOnlyMemory<byte> line) =>
    (byte[])[.. "you said: "u8, .. line.Span[Ascii.Trim(line.Span)], .. "\r\n"u8];
