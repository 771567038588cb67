#:project ../Diesel.Reactive

// bluelet's echoer: a connection is an observable of what comes in, and what a handler returns goes out.
using Diesel.Reactive;

Application.Quickstart(new TcpService(args.Port(4915), Echoer, new()
{
    Listening = endPoint => Console.WriteLine($"listening on {endPoint}"),
}));

static IObservable<ReadOnlyMemory<byte>> Echoer(Connection connection) => connection;
