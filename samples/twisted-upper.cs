#:project ../Diesel.Reactive

// The Twisted tutorial's second server: sends whatever arrives back, uppercased, without waiting for a whole line.
using System.Reactive.Linq;
using Diesel.Reactive;

Application.Quickstart(new TcpService(args.Port(8000), Upper, new()
{
    Listening = endPoint => Console.WriteLine($"listening on {endPoint}"),
}));

static IObservable<ReadOnlyMemory<byte>> Upper(Connection connection) =>
    connection.Select(chunk => chunk.ToUpper());
