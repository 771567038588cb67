#:project ../Diesel.Reactive

// diesel's tcp_holla_server: echoes every line IN ALL CAPS. Try it with: telnet localhost 4321
using System.Reactive.Linq;
using Diesel.Reactive;

Application.Quickstart(new TcpService(args.Port(4321), HollaBack, new()
{
    Listening = endPoint => Console.WriteLine($"listening on {endPoint}"),
}));

static IObservable<ReadOnlyMemory<byte>> HollaBack(Connection connection) =>
    connection.UntilEol().Select(line => line.ToUpper());
