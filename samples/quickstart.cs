#:project ../Diesel.Reactive

// Two services, their two clients, and a wait that gives up: a conversation over real sockets, all on one hub.
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;

var tcp = new TcpService(new IPEndPoint(IPAddress.Loopback, 0), ShoutLines);
var udp = new UdpService(new IPEndPoint(IPAddress.Loopback, 0), ShoutDatagrams);
var app = new Application();
app.Add(tcp);
app.Add(udp);
app.Add(Talk);
app.Run();

static IObservable<ReadOnlyMemory<byte>> ShoutLines(Connection connection) =>
    connection.UntilEol().Select(line => line.ToUpper());

static IObservable<Datagram> ShoutDatagrams(IDatagramSocket socket) =>
    socket.Select(message => message.Reply(message.Payload.ToUpper()));

async Task Talk()
{
    using var lines = new LineClient("localhost", tcp.Port);
    Console.WriteLine($"over TCP, 'hello'        > {await lines.Ask("hello")}");
    Console.WriteLine($"over TCP, 'and again'    > {await lines.Ask("and again")}");

    using var datagrams = new ShoutClient("localhost", udp.Port);
    Console.WriteLine($"over UDP, 'one datagram' > {await datagrams.Ask("one datagram")}");
    Console.WriteLine($"over TCP, half a line    > {await lines.AskHalf("no end of li")}");
    Application.Quickstop();
}

internal sealed class LineClient(string host, int port) : Client(host, port)
{
    public Awaitable<string> Ask(string message) => Call(async connection =>
    {
        connection.OnNext($"{message}\r\n".ToBytes());
        return (await connection.Read(Framing.UntilEol())).TrimEol().ToText();
    });

    // The server waits for the end of the line, and the client gives up waiting for the server.
    public Awaitable<string> AskHalf(string message) => Call(async connection =>
    {
        connection.OnNext(message.ToBytes());
        var first = await First.Of(connection.Read(Framing.UntilEol()), Hub.Sleep(TimeSpan.FromSeconds(0.5)));
        connection.Abort();
        return first.Match(reply => reply.ToText(), _ => "nothing within half a second");
    });
}

internal sealed class ShoutClient(string host, int port) : DatagramClient(host, port)
{
    public Awaitable<string> Ask(string message) => Call(async socket =>
    {
        socket.Send(message.ToBytes());
        return (await socket.Receive()).Payload.ToText();
    });
}
