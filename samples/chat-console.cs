#:project ../Diesel.Reactive

// diesel's consolechat example: a chat for telnet, and a client that reads what is typed.
//     dotnet run samples/chat-console.cs                       the server; then: telnet localhost 8014
//     dotnet run samples/chat-console.cs -- client             a client
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;

if (args is ["client", .. var rest])
{
    var (host, port) = rest.HostAndPort("localhost", 8014);
    Application.Quickstart(() => Talk(host, port));
    return;
}

// Who does not read falls behind, and is cut off.
var room = new Fanout<string>(capacity: 100);
var options = TcpServiceOptions.Public with { IdleTimeout = TimeSpan.FromHours(1), FrameTimeout = Timeout.InfiniteTimeSpan, MaxConnectionsPerAddress = null };
var service = new TcpService(new IPEndPoint(IPAddress.Loopback, args.Port(8014)), Chat, options);
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

async Task Chat(Connection connection)
{
    connection.OnNext("your name?\r\n".ToBytes());
    var name = await connection.Read(Framing.Lines(maxLength: 50));
    using var inbox = room.Open();
    room.Publish($"* {name} has come");
    _ = Loop.Current!.ForkChild(() => Hear(connection, inbox));
    try
    {
        while (await connection.Read(Framing.Lines(maxLength: 1000)) is not "/quit" and var line)
        {
            room.Publish($"{name}: {line}");
        }
    }
    finally
    {
        room.Publish($"* {name} has gone");
    }
}

static async Task Hear(Connection connection, Inbox<string> inbox)
{
    try
    {
        while (true)
        {
            await connection.Send($"{await inbox.Get()}\r\n".ToBytes());
        }
    }
    catch (QueueFullException)
    {
        connection.Abort();
    }
}

static async Task Talk(string host, int port)
{
    using var connection = await Tcp.Connect(host, port);
    var typed = StandardInput.Lines().Select(line => $"{line}\r\n".ToBytes());
    using var sending = typed.Subscribe(connection.OnNext, connection.OnCompleted);
    await connection.Decode(Framing.Lines()).ForEachAsync(line => Console.WriteLine(line));
}
